using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Mgmt.Acceptance.Tests;
using Mgmt.Mesh.Wire;
using Mgmt.Robustness.Voters;

namespace Mgmt.Robustness.Mesh;

/// <summary>Hosts with networks of their own, and certificates of one authority. All of it is gone afterwards.</summary>
internal sealed class MeshOfHosts : IAsyncDisposable
{
    // No promise: only a bound for what is stuck.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120), CallTime = TimeSpan.FromSeconds(2);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mgmt-mesh-");
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<string> _diary = [];
    private readonly TestAuthority _authority = new();

    public MeshOfHosts(int count)
    {
        Wires = new(count);
        Hosts = [.. Enumerable.Range(0, count).Select(MakeHost)];
    }

    public Wires Wires { get; }

    public IReadOnlyList<MeshHost> Hosts { get; }

    /// <summary>The addresses of the first hosts, as a list of peers.</summary>
    public string Peers(int count) => string.Join(',', Hosts.Take(count).Select(static one => one.Address));

    public void Note(string what)
    {
        lock (_diary) _diary.Add(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,7:0.000} {what}"));
    }

    public static async Task<IReadOnlyList<Member>> VotersAsync(MeshHost at) =>
        [.. (await at.Client.Cluster.MemberListAsync(new(), EtcdClient.Within(CallTime))).Members.Where(static one => !one.IsLearner && one.Name.Length > 0).OrderBy(static one => one.Name, StringComparer.Ordinal)];

    /// <summary>Waits until there are so many voters, and answers them.</summary>
    public async Task<IReadOnlyList<Member>> VotersAsync(MeshHost at, int count, Func<IReadOnlyList<Member>, bool>? are = null)
    {
        IReadOnlyList<Member> voters = [];
        await UntilAsync($"{at.Name} knows {count} voters", async () => (voters = await VotersAsync(at)).Count == count && (are is null || are(voters)), () => string.Join(' ', voters.Select(static one => one.Name)));
        Note($"{count} voters: {string.Join(' ', voters.Select(static one => one.Name))}");
        return voters;
    }

    /// <summary>Who leads, as most of those say that answer and vote; null when nobody does.</summary>
    public async Task<MeshHost?> LeaderAsync()
    {
        var named = new List<ulong>();
        var ids = new Dictionary<ulong, MeshHost>();
        foreach (var host in Hosts.Where(static one => one.IsRunning))
        {
            try
            {
                var members = await host.Client.Cluster.MemberListAsync(new(), EtcdClient.Within(CallTime));
                foreach (var member in members.Members) ids[member.ID] = Hosts.First(one => one.Name == member.Name);
                named.Add((await host.Client.Maintenance.StatusAsync(new(), EtcdClient.Within(CallTime))).Leader);
            }
            catch (RpcException)
            {
                // It does not know.
            }
        }

        return named.Where(static one => one != 0).GroupBy(static one => one).OrderByDescending(static one => one.Count()).FirstOrDefault()?.Key is { } leader ? ids.GetValueOrDefault(leader) : null;
    }

    /// <summary>Asks again and again until it is so; whoever does not answer is asked again.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> isSo, Func<string>? seen = null)
    {
        var last = "it was not so";
        for (var since = Stopwatch.StartNew(); since.Elapsed < Deadline; await Task.Delay(50))
        {
            try
            {
                if (await isSo()) return;
                if (seen is not null) last = seen();
            }
            catch (RpcException e)
            {
                last = e.Status.ToString();
            }
        }

        throw new TimeoutException($"not within {Deadline.TotalSeconds} s: {what}; last: {last}\n{Report()}");
    }

    /// <summary>Sets the ideal size, on the host that leads: only there, or on another that votes, users may write all.</summary>
    public Task SetSizeAsync(int size) => UntilAsync($"the ideal size is {size}", async () =>
    {
        if (await LeaderAsync() is not { } leader) return false;
        await leader.Client.PutAsync("mgmt/masters/size", size.ToString(CultureInfo.InvariantCulture), CallTime);
        return true;
    });

    /// <summary>The keys below a prefix.</summary>
    public async Task<HashSet<string>> KeysAsync(MeshHost at, string prefix)
    {
        var end = ByteString.CopyFromUtf8(prefix[..^1] + (char)(prefix[^1] + 1));
        RangeResponse? found = null;
        await UntilAsync($"{at.Name} answers", async () => (found = await at.Client.Keys.RangeAsync(new() { Key = ByteString.CopyFromUtf8(prefix), RangeEnd = end, KeysOnly = true }, EtcdClient.Within(TimeSpan.FromSeconds(10)))) is not null);
        return [.. found!.Kvs.Select(static one => one.Key.ToStringUtf8())];
    }

    /// <summary>The diary and what every agent printed last.</summary>
    public string Report()
    {
        lock (_diary) return string.Join('\n', _diary) + '\n' + string.Concat(Hosts.Select(static one => $"--- {one.Name} ({(one.IsRunning ? "runs" : "does not run")}):\n{one.LogTail()}\n"));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Hosts.Select(static one => one.DisposeAsync().AsTask()));
        Wires.Dispose();
        _authority.Dispose();
        _directory.Delete(recursive: true);
    }

    private MeshHost MakeHost(int i)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"h{i + 1}");
        var host = new MeshHost(name, Wires.NamespaceOf(i), Wires.Address(i), _directory.CreateSubdirectory(name).FullName);
        _authority.Give(host.Prefix, name, "voter", host.Address);
        return host;
    }
}
