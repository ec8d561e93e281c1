using System.Text.Json;

namespace Mgmt.Cli.Tests.Stores;

/// <summary>The commands against our own store, over its unix socket; and what is done with its files.</summary>
public sealed class OwnStoreTests(OwnStore own) : IClassFixture<OwnStore>
{
    [Fact]
    public async Task The_agent_on_this_host_is_asked_over_its_socket()
    {
        Assert.Equal("OK\n", await own.SaidAsync("kv", "put", "a/1", "x"));
        Assert.Equal("a/1\nx\n", await own.SaidAsync("kv", "get", "a/", "--prefix"));
        Assert.Equal("a/\n", (await own.SaidAsync("kv", "ls")).Split('\n')[0] + "\n");
        Assert.Equal("1\n", await own.SaidAsync("kv", "del", "a/1"));
        Assert.Contains("  own  ", await own.SaidAsync("member", "list"), StringComparison.Ordinal);
        var mgmt = new TestSurroundings();
        Assert.Equal((0, ""), (await mgmt.RunAsync("store", "status", "--prefix", own.Prefix), mgmt.Error));
        Assert.Contains("  leader  ", mgmt.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snapshot_is_saved_inspected_and_restored_as_another_cluster()
    {
        await own.SaidAsync("kv", "put", "s/1", "before");
        await own.SaidAsync("kv", "put", "s/1", "after");
        using var place = new Scratch();
        var saved = await own.SaidAsync("store", "snapshot", "save", place["snap"]);
        Assert.StartsWith($"saved {place["snap"]}: {new FileInfo(place["snap"]).Length} bytes, SHA-256 ", saved, StringComparison.Ordinal);
        Assert.Equal([place["snap"]], Directory.GetFileSystemEntries(place.Root));
        var before = JsonDocument.Parse(await own.SaidAsync("store", "snapshot", "inspect", place["snap"], "-o", "json")).RootElement;
        Assert.Equal(saved.Split(' ')[^1].TrimEnd('\n'), before.GetProperty("sha256").GetString());

        var told = await own.SaidAsync("store", "snapshot", "restore", place["snap"], "--prefix", place["new"]);
        Assert.Contains($"at revision {before.GetProperty("revision")} to {place["new"]}/store: cluster ", told, StringComparison.Ordinal);
        Assert.DoesNotContain(before.GetProperty("cluster").GetString()!, told, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(place["new"], "store")], Directory.GetFileSystemEntries(place["new"]));
        await RefusedAsync($"cannot restore to {place["new"]}/store: there is a store already; name another --prefix, or move it away first\n", "store", "snapshot", "restore", place["snap"], "--prefix", place["new"]);
        Assert.StartsWith($"{place["new"]}/store/home.db: ", await own.SaidAsync("store", "scrub", "--prefix", place["new"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restored_store_serves_and_takes_more()
    {
        await using var first = new Disposing(await OwnStore.StartAsync());
        await first.Store.SaidAsync("kv", "put", "r", "one");
        await first.Store.SaidAsync("kv", "put", "r", "two");
        using var place = new Scratch();
        await first.Store.SaidAsync("store", "snapshot", "save", place["snap"]);
        var second = new OwnStore();
        await using var end = new Disposing(second);
        await second.SaidAsync("store", "snapshot", "restore", place["snap"], "--prefix", second.Prefix);
        for (var life = 0; life < 2; life++)
        {
            await second.InitializeAsync();
            Assert.Equal("r\ntwo\n", await second.SaidAsync("kv", "get", "r"));
            Assert.Equal("r\none\n", await second.SaidAsync("kv", "get", "r", "--rev", "2"));
            Assert.Equal("OK\n", await second.SaidAsync("kv", "put", $"more{life}", "x"));
            await second.StopAsync();
        }

        await second.InitializeAsync();
        Assert.Equal("more0\nmore1\nr\n", await second.SaidAsync("kv", "ls"));
    }

    [Theory]
    [InlineData("cut", "and so no checksum at its end: it was cut off, or is no snapshot; save another one\n")]
    [InlineData("flipped", "it does not agree with its checksum; save another one\n")]
    [InlineData("foreign", "cannot read the snapshot: it does not begin as one; name a file written by \"snapshot save\"\n")]
    [InlineData("missing", "name a file written by mgmt store snapshot save\n")]
    public async Task A_snapshot_that_is_not_whole_is_not_restored(string damage, string sentence)
    {
        using var place = new Scratch();
        await own.SaidAsync("store", "snapshot", "save", place["snap"]);
        var bytes = await File.ReadAllBytesAsync(place["snap"]);
        if (damage == "flipped") bytes[100] ^= 1;
        if (damage == "foreign") bytes = [.. new byte[512], .. System.Security.Cryptography.SHA256.HashData(new byte[512])];
        if (damage == "missing") File.Delete(place["snap"]);
        else await File.WriteAllBytesAsync(place["snap"], damage == "cut" ? bytes[..^40] : bytes);
        foreach (var words in new[] { $"inspect {place["snap"]}", $"restore {place["snap"]} --prefix {place["new"]}" })
        {
            var mgmt = new TestSurroundings();
            Assert.Equal(1, await mgmt.RunAsync(["store", "snapshot", .. words.Split(' ')]));
            Assert.EndsWith(sentence, mgmt.Error, StringComparison.Ordinal);
            Assert.Equal("", mgmt.Output);
        }

        Assert.False(Directory.Exists(place["new"]));
    }

    [Fact]
    public async Task What_cannot_be_saved_leaves_nothing_behind()
    {
        using var place = new Scratch();
        await RefusedAsync("", "store", "snapshot", "save", place["missing/snap"], "--prefix", own.Prefix);
        var mgmt = new TestSurroundings();
        Assert.Equal(69, await mgmt.RunAsync("store", "snapshot", "save", place["snap"], "--prefix", place.Root));
        Assert.Equal($"cannot reach the store at unix:{place["agent.sock"]}: no agent runs with this prefix; start mgmt run with it, or name another place with --socket or --endpoints\n", mgmt.Error);
        Assert.Empty(Directory.GetFileSystemEntries(place.Root));
    }

    [Fact]
    public async Task A_running_store_is_not_scrubbed()
    {
        await RefusedAsync($"cannot scrub {own.Prefix}/store: an agent runs on it; stop it first\n", "store", "scrub", "--prefix", own.Prefix);
        using var place = new Scratch();
        await RefusedAsync($"cannot scrub {place.Root}/store: there is no store; name the agent's state directory with --prefix\n", "store", "scrub", "--prefix", place.Root);
    }

    [Fact]
    public async Task Damage_is_found()
    {
        var store = await OwnStore.StartAsync();
        await using var end = new Disposing(store);
        await store.SaidAsync("kv", "put", "d", new string('x', 2000));
        await store.StopAsync();
        Assert.EndsWith("\n", await store.SaidAsync("store", "scrub", "--prefix", store.Prefix), StringComparison.Ordinal);
        var file = Path.Combine(store.Prefix, "store/home.db");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.AsSpan().IndexOf(new string('x', 100).Select(c => (byte)c).ToArray()) + 50] ^= 4;
        await File.WriteAllBytesAsync(file, bytes);
        await RefusedAsync("", "store", "scrub", "--prefix", store.Prefix);
    }

    private static async Task RefusedAsync(string sentence, params string[] arguments)
    {
        var mgmt = new TestSurroundings();
        Assert.Equal((1, ""), (await mgmt.RunAsync(arguments), mgmt.Output));
        if (sentence.Length > 0) Assert.Equal(sentence, mgmt.Error);
        Assert.StartsWith("cannot ", mgmt.Error, StringComparison.Ordinal);
    }

    private sealed record Disposing(OwnStore Store) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Store.DisposeAsync();
    }
}
