using System.Globalization;

namespace Mgmt.Acceptance.Tests;

/// <summary>The agent's store from outside: on one host, and on three that are processes of this one.</summary>
public sealed class StoreTests : IDisposable
{
    private readonly Workplace _place = new();

    private string Prefix => _place["p"];

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task OneHostKeepsWhatIsPutThroughAKill()
    {
        await using (var agent = MgmtProcess.Start("run", "--store", "--prefix", Prefix))
        {
            await agent.LineAsync("store: open");
            await SaysAsync("OK", "kv", "put", "a", "1", "--socket", Path.Combine(Prefix, "agent.sock"));
            Assert.Empty(Listening(agent.Id));
            agent.Signal(Signal.KillNow);
            await agent.ExitAsync();
        }

        await using var again = MgmtProcess.Start("run", "--store", "--prefix", Prefix);
        await again.LineAsync("store: open");
        await SaysAsync("1", "kv", "get", "a", "--socket", Path.Combine(Prefix, "agent.sock"));
    }

    [Fact]
    public async Task NobodyElseReadsWhatIsBelowTheStore()
    {
        await using var agent = MgmtProcess.Start("run", "--store", "--prefix", Prefix);
        await agent.LineAsync("store: open");
        await SaysAsync("OK", "kv", "put", "a", "1", "--socket", Path.Combine(Prefix, "agent.sock"));
        await SaysAsync("whole", "store", "scrub", "--prefix", Prefix);
        var files = Directory.GetFiles(Path.Combine(Prefix, "store"), "*", SearchOption.AllDirectories);
        Assert.Contains(files, static one => one.EndsWith("home.db", StringComparison.Ordinal));
        Assert.All(files, static one => Assert.Equal((one, UnixFileMode.UserRead | UnixFileMode.UserWrite), (one, File.GetUnixFileMode(one))));
    }

    [Fact]
    public async Task OneHostNamesNoPeersAndTellsOfNoGraphWhereThereIsNone()
    {
        await using var agent = MgmtProcess.Start("run", "--store", "--prefix", Prefix, "--hostname", "lonely");
        await agent.LineAsync("store: open");
        await SaysAsync("\"peers\":[],\"clients\":[\"unix://", "member", "list", "-o", "json", "--prefix", Prefix);
        agent.Signal(Signal.Terminate);
        await agent.ExitAsync();
        Assert.DoesNotContain("graph", agent.Seen, StringComparison.Ordinal);
    }

    /// <summary>It opens its store while its API begins to listen: neither is left half done when the other fails.</summary>
    [Fact]
    public async Task WhereTheSocketCannotBeTheAgentSaysSoAndTheStoreIsThereAfterwards()
    {
        _place.Write("file", "");
        Directory.CreateDirectory(Prefix);
        File.Move(_place["file"], Path.Combine(Prefix, "agent.sock"));
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--store", "--prefix", Prefix, "--max-runtime", "60");
        Assert.True(exitCode == 1, $"{exitCode}: {output}");
        Assert.Contains($"cannot listen on {Prefix}/agent.sock: ", output, StringComparison.Ordinal);
        File.Delete(Path.Combine(Prefix, "agent.sock"));
        await using var agent = MgmtProcess.Start("run", "--store", "--prefix", Prefix);
        await agent.LineAsync("store: open");
        await SaysAsync("OK", "kv", "put", "a", "1", "--socket", Path.Combine(Prefix, "agent.sock"));
    }

    [Fact]
    public async Task OneDirectoryHasOneAgent()
    {
        await using var agent = MgmtProcess.Start("run", "--store", "--prefix", Prefix);
        await agent.LineAsync("store: open");
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--store", "--prefix", Prefix, "--max-runtime", "60");
        Assert.True(exitCode == 1, $"{exitCode}: {output}");
        Assert.Contains($"cannot open the store in {Prefix}/store", output, StringComparison.Ordinal);
        Assert.Contains("if another agent has it open, stop it first", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("identity.json", "cannot read")]
    [InlineData("raft", "its log")]
    public async Task AStoreThatIsNotWholeIsRefused(string lost, string words)
    {
        await using (var agent = MgmtProcess.Start("run", "--store", "--prefix", Prefix))
        {
            await agent.LineAsync("store: open");
            agent.Signal(Signal.Terminate);
            await agent.ExitAsync();
        }

        var path = Path.Combine(Prefix, "store", lost);
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        else await File.WriteAllTextAsync(path, "{\"format\": 1");
        var (exitCode, output) = await MgmtProcess.RunAsync("run", "--store", "--prefix", Prefix, "--max-runtime", "60");
        Assert.True(exitCode == 1, $"{exitCode}: {output}");
        Assert.Contains(words, output, StringComparison.Ordinal);
    }

    /// <summary>The log begins at the beginning, so it makes the home again; what was put is there.</summary>
    [Theory]
    [InlineData("removed")]
    [InlineData("garbage")]
    [InlineData("flipped")]
    public async Task AHomeThatIsLostIsMadeAgainFromTheLog(string harm)
    {
        await using (var agent = MgmtProcess.Start("run", "--store", "--prefix", Prefix))
        {
            await agent.LineAsync("store: open");
            await SaysAsync("OK", "kv", "put", "a", "1", "--socket", Path.Combine(Prefix, "agent.sock"));
            agent.Signal(Signal.KillNow);
            await agent.ExitAsync();
        }

        Harm(Path.Combine(Prefix, "store", "home.db"), harm);
        await using var again = MgmtProcess.Start("run", "--store", "--prefix", Prefix);
        await again.LineAsync("store: open");
        await SaysAsync("1", "kv", "get", "a", "--socket", Path.Combine(Prefix, "agent.sock"));
    }

    /// <summary>A terminal that another program made non-blocking takes all of it nonetheless.</summary>
    [Fact]
    public async Task AnOutputThatDoesNotBlockGetsEverything()
    {
        await using var agent = MgmtProcess.Start("run", "--store", "--prefix", Prefix);
        await agent.LineAsync("store: open");
        var socket = Path.Combine(Prefix, "agent.sock");
        var value = string.Concat(Enumerable.Range(0, 12_000).Select(static i => string.Create(CultureInfo.InvariantCulture, $"{i:00000000}\n")));
        foreach (var i in Enumerable.Range(0, 8)) await SaysAsync("OK", "kv", "put", $"k{i}", value, "--socket", socket);

        // dd leaves the mode to all that share its output.
        await using var reading = MgmtProcess.Start(["-c", $"dd if=/dev/null oflag=nonblock status=none; exec '{MgmtProcess.Binary}' kv get k --prefix --raw --socket '{socket}'"], [], "/bin/sh");
        Assert.Equal(0, await reading.ExitAsync());
        Assert.Equal(8 * 12_000, reading.Seen.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("0.0.0.0:0", "--insecure", 64)]
    [InlineData("127.0.0.1:0", "--insecure", 64)]
    [InlineData("192.0.2.1:2379", "", 1)]
    public async Task WhatCannotBeListenedOnIsSaid(string listen, string flag, int expected)
    {
        string[] flags = flag.Length > 0 ? [flag] : [];
        var (exitCode, output) = await MgmtProcess.RunAsync(["run", "--listen", listen, .. flags, "--prefix", Prefix, "--max-runtime", "60"]);
        Assert.True(exitCode == expected, $"{exitCode}: {output}");
        Assert.Contains("cannot", output, StringComparison.Ordinal);

        // The same directory may be meant for a mesh: what cannot listen founds nothing.
        var identity = Path.Combine(Prefix, "store/identity.json");
        if (File.Exists(identity)) Assert.Contains("\"cluster\": \"\"", await File.ReadAllTextAsync(identity), StringComparison.Ordinal);
    }

    private static void Harm(string path, string harm)
    {
        if (harm == "removed") File.Delete(path);
        else if (harm == "garbage") File.WriteAllText(path, "garbage");
        else
        {
            using var file = File.Open(path, FileMode.Open);
            for (var at = 8192L; at < file.Length; at += 512)
            {
                file.Position = at;
                var one = file.ReadByte();
                file.Position = at;
                file.WriteByte((byte)(one ^ 0x10));
            }
        }
    }

    private static async Task SaysAsync(string words, params string[] arguments)
    {
        var (exitCode, output) = await MgmtProcess.RunAsync(arguments);
        Assert.True(exitCode == 0, $"{exitCode}: {output}");
        Assert.Contains(words, output, StringComparison.Ordinal);
    }

    // The TCP sockets that a process listens on, as /proc tells them.
    private static List<string> Listening(int id)
    {
        var sockets = Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Select(static one => new FileInfo(one).LinkTarget ?? "")
            .Where(static one => one.StartsWith("socket:[", StringComparison.Ordinal)).Select(static one => one[8..^1]).ToHashSet();
        return [.. new[] { "tcp", "tcp6" }.SelectMany(one => File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/net/{one}")).Skip(1))
            .Where(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is var fields && fields[3] == "0A" && sockets.Contains(fields[9]))];
    }
}
