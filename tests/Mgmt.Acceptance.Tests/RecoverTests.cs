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
        Assert.Single(Directory.GetDirectories(voters.Prefix(0)), static one => Path.GetFileName(one).StartsWith("store.", StringComparison.Ordinal));

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

    private static async Task RefusedAsync(Voters voters, string why, params string[] flags)
    {
        var (exitCode, output) = await MgmtProcess.RunAsync(["mesh", "recover", "--prefix", voters.Prefix(0), .. flags]);
        Assert.Equal(1, exitCode);
        Assert.Contains(why, output, StringComparison.Ordinal);
    }
}
