using System.Diagnostics;

namespace Mgmt.Acceptance.Tests;

/// <summary>A majority of the voters that is lost for good.</summary>
public sealed class RecoverTests
{
    [Fact]
    public async Task ASurvivorBeginsANewMeshWithWhatItKnows()
    {
        await using var voters = new Voters(secure: false);
        await voters.StartAllAsync();
        for (var i = 0; i < 5; i++) await voters.AskAsync(i % 3, "kv", "put", $"key/{i}", $"value {i}");
        await RefusedAsync(voters, "see that no agent runs on it", "--yes");

        // Two of three acknowledge; the one that survives is not to be the third.
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await voters.AskAsync(0, "kv", "get", "key/4", "--serializable")).Contains("value 4", StringComparison.Ordinal)) late.Token.ThrowIfCancellationRequested();
        for (var i = 0; i < 3; i++) await voters.KillAsync(i);

        await RefusedAsync(voters, "acknowledged is gone for good");
        var (exitCode, output) = await MgmtProcess.RunAsync("mesh", "recover", "--prefix", voters.Prefix(0), "--yes");
        Assert.True(exitCode == 0, output);
        Assert.Contains("the former store is in", output, StringComparison.Ordinal);
        Assert.Single(Formers(voters.Prefix(0)));

        await using var survivor = voters.StartExtra(0, "--peers", voters.Host(0));
        await survivor.LineAsync("store: open");
        var socket = Path.Combine(voters.Prefix(0), "agent.sock");
        for (var i = 0; i < 5; i++) Assert.Contains($"value {i}", (await MgmtProcess.RunAsync("kv", "get", $"key/{i}", "--socket", socket)).Output, StringComparison.Ordinal);

        // What belonged to the old cluster stays out until it is emptied; then it comes in like any other.
        await using (var former = voters.StartExtra(1, "--peers", voters.Host(0)))
        {
            Assert.Equal(1, await former.ExitAsync());
            Assert.Contains("belongs to the cluster", former.Seen, StringComparison.Ordinal);
        }

        Directory.Delete(Path.Combine(voters.Prefix(1), "store"), recursive: true);
        await using var anew = voters.StartExtra(1, "--peers", voters.Host(0));
        await anew.LineAsync("store: follows");
    }

    [Fact]
    public async Task HoweverItIsKilledThereIsAWholeStore()
    {
        await using var voters = new Voters(secure: false);
        await voters.StartAllAsync();
        await voters.AskAsync(0, "kv", "put", "k", "v");
        for (var i = 0; i < 3; i++) await voters.KillAsync(i);
        var prefix = voters.Prefix(0);

        // From before it has read anything to after it is done, wherever these moments are on this machine.
        var whole = Stopwatch.StartNew();
        await RecoveredAsync();
        whole.Stop();
        for (var i = 1; i <= 20; i++)
        {
            foreach (var former in Formers(prefix)) Directory.Delete(former, recursive: true);
            await using (var recover = MgmtProcess.Start("mesh", "recover", "--prefix", prefix, "--yes"))
            {
                // It is killed as it is left.
                await Task.WhenAny(recover.ExitAsync(), Task.Delay(whole.Elapsed * i / 20));
            }

            Assert.True(File.Exists(Path.Combine(prefix, "store", "identity.json")), $"killed at {i} of 20: {string.Join(' ', Directory.GetFileSystemEntries(prefix))}");
        }

        foreach (var former in Formers(prefix)) Directory.Delete(former, recursive: true);
        await RecoveredAsync();
        await using var survivor = voters.StartExtra(0, "--peers", voters.Host(0));
        await survivor.LineAsync("store: open");
        Assert.Contains("v", (await MgmtProcess.RunAsync("kv", "get", "k", "--socket", Path.Combine(prefix, "agent.sock"))).Output, StringComparison.Ordinal);

        async Task RecoveredAsync()
        {
            var (exitCode, output) = await MgmtProcess.RunAsync("mesh", "recover", "--prefix", prefix, "--yes");
            Assert.True(exitCode == 0, output);
            Assert.Empty(Directory.GetDirectories(prefix, ".recover"));
        }
    }

    private static string[] Formers(string prefix) => [.. Directory.GetDirectories(prefix).Where(static one => Path.GetFileName(one).StartsWith("store.", StringComparison.Ordinal))];

    private static async Task RefusedAsync(Voters voters, string why, params string[] flags)
    {
        var (exitCode, output) = await MgmtProcess.RunAsync(["mesh", "recover", "--prefix", voters.Prefix(0), .. flags]);
        Assert.Equal(1, exitCode);
        Assert.Contains(why, output, StringComparison.Ordinal);
    }
}
