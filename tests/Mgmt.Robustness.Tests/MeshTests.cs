using Mgmt.Robustness.Mesh;
using Xunit.Abstractions;

namespace Mgmt.Robustness;

/// <summary>A theory or fact that makes network namespaces.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkFactAttribute : FactAttribute
{
    public override string? Skip
    {
        get => Wires.Obstacle.Length == 0 ? base.Skip : Wires.Obstacle;
        set => base.Skip = value;
    }
}

/// <summary>Whole meshes of real agents in networks of their own, with certificates, under a steady stream of writes of which none may be lost.</summary>
public sealed class MeshTests(ITestOutputHelper output)
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    /// <summary>Three found it, four more join, five vote; the ideal size changes, and voters come and go one at a time.</summary>
    [NetworkFact]
    public Task The_mesh_grows_and_shrinks_by_itself_under_writes() => RunAsync(7, async (mesh, writer) =>
    {
        foreach (var joiner in mesh.Hosts.Skip(3)) joiner.Start("--peers", mesh.Hosts[0].Address);
        await mesh.VotersAsync(mesh.Hosts[6], 5);
        foreach (var size in new[] { 3, 1, 3, 5 })
        {
            await mesh.SetSizeAsync(size);
            await mesh.VotersAsync(mesh.Hosts[4], size);
        }

        Assert.Empty(writer.Failures);
    });

    /// <summary>A voter and then the leader die; others take their places, and the dead come back as volunteers.</summary>
    [NetworkFact]
    public Task The_dead_are_replaced() => RunAsync(7, async (mesh, writer) =>
    {
        foreach (var joiner in mesh.Hosts.Skip(3)) joiner.Start("--peers", mesh.Hosts[1].Address);
        var voters = await mesh.VotersAsync(mesh.Hosts[6], 5);
        var leader = (await mesh.LeaderAsync())!;
        var victim = mesh.Hosts.First(one => one != leader && voters.Any(voter => voter.Name == one.Name));
        await Task.WhenAll(leader.KillAsync(), victim.KillAsync());
        mesh.Note($"kill -9 of the leader {leader.Name} and of {victim.Name}");
        var witness = mesh.Hosts.First(static one => one.IsRunning);
        await mesh.VotersAsync(witness, 5, all => all.All(one => one.Name != leader.Name && one.Name != victim.Name));

        // Told nothing: it remembers its mesh.
        leader.Start();
        victim.Start();
        await mesh.UntilAsync("both are back as agents", async () => (await mesh.KeysAsync(leader, "mgmt/agents/")).Count == 7);
        await mesh.VotersAsync(victim, 5);
    });

    /// <summary>Cables break and heal: whoever is cut off serves nothing stale, and the others go on.</summary>
    [NetworkFact]
    public Task Cut_cables_heal() => RunAsync(5, async (mesh, writer) =>
    {
        foreach (var joiner in mesh.Hosts.Skip(3)) joiner.Start("--peers", mesh.Peers(2));
        await mesh.VotersAsync(mesh.Hosts[4], 5);
        for (var round = 0; round < 2; round++)
        {
            var leader = (await mesh.LeaderAsync())!;
            var at = mesh.Hosts.ToList().IndexOf(leader);
            if (round == 0) mesh.Wires.Unplug(at);
            else mesh.Wires.CutOneWay(at, (at + 1) % 5);
            mesh.Note(round == 0 ? $"{leader.Name}, which leads, is unplugged" : $"what {leader.Name} sends to {mesh.Hosts[(at + 1) % 5].Name} is lost");
            var before = writer.Acknowledged.Count;
            await mesh.UntilAsync("writes go on", () => Task.FromResult(writer.Acknowledged.Count > before + 100));
            mesh.Wires.Heal();
            mesh.Note("healed");
            await mesh.UntilAsync("all have one leader", async () => await mesh.LeaderAsync() is not null && await AgreeAsync(mesh));
        }

        await mesh.VotersAsync(mesh.Hosts[0], 5);
    });

    /// <summary>Each host's agent is ended in order and started again, one after another, as an upgrade does it.</summary>
    [NetworkFact]
    public Task A_rolling_restart_loses_nothing() => RunAsync(5, async (mesh, writer) =>
    {
        foreach (var joiner in mesh.Hosts.Skip(3)) joiner.Start("--peers", mesh.Hosts[0].Address);
        await mesh.SetSizeAsync(3);
        await mesh.VotersAsync(mesh.Hosts[4], 3);
        foreach (var host in mesh.Hosts)
        {
            await host.StopAsync(StopWithin);
            mesh.Note($"{host.Name} ended");
            host.Start();
            await mesh.UntilAsync($"{host.Name} answers again", async () => (await host.Client.GetAsync(SteadyWriter.Prefix, TimeSpan.FromSeconds(2))).Header.Revision > 0);
            await mesh.VotersAsync(host, 3);
        }
    });

    // Who is asked answers by a leader, all by the same.
    private static async Task<bool> AgreeAsync(MeshOfHosts mesh)
    {
        var revisions = new HashSet<ulong>();
        foreach (var host in mesh.Hosts) revisions.Add((await host.Client.Maintenance.StatusAsync(new(), Voters.EtcdClient.Within(TimeSpan.FromSeconds(2)))).Leader);
        return revisions.Count == 1 && !revisions.Contains(0);
    }

    private async Task RunAsync(int hosts, Func<MeshOfHosts, SteadyWriter, Task> what)
    {
        await using var mesh = new MeshOfHosts(hosts);
        using var stop = new CancellationTokenSource();
        var writer = new SteadyWriter(mesh);
        try
        {
            for (var i = 0; i < 3; i++) mesh.Hosts[i].Start("--peers", mesh.Peers(3));
            await mesh.VotersAsync(mesh.Hosts[0], 3);
            await mesh.UntilAsync("there is a leader", async () => await mesh.LeaderAsync() is not null);
            var writing = writer.RunAsync(stop.Token);
            try
            {
                await what(mesh, writer);
            }
            finally
            {
                await stop.CancelAsync();
                await writing;
            }

            var kept = await mesh.KeysAsync(mesh.Hosts[^1], SteadyWriter.Prefix);
            Assert.DoesNotContain(writer.Acknowledged, one => !kept.Contains(one));
            Assert.True(writer.Acknowledged.Count > 100, $"only {writer.Acknowledged.Count} writes");
        }
        catch (Exception e) when (e is not TimeoutException)
        {
            throw new InvalidOperationException($"{e.Message}\n{mesh.Report()}", e);
        }
        finally
        {
            mesh.Note($"{writer.Acknowledged.Count} writes, {writer.Failures.Count} failed ({string.Join("; ", writer.Failures.Distinct().Take(8))}), the longest gap {writer.LongestGap.TotalSeconds:0.00} s");
            output.WriteLine(mesh.Report());
        }
    }
}
