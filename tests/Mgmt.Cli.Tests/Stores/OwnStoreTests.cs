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
    public async Task A_store_that_is_not_there_is_not_scrubbed()
    {
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
        await FlipAsync(store);
        await RefusedAsync("", "store", "scrub", "--prefix", store.Prefix);
    }

    [Fact]
    public async Task A_running_store_reads_its_own_files_and_writes_them_anew_when_it_is_told()
    {
        var store = await OwnStore.StartAsync();
        await using var end = new Disposing(store);
        await store.SaidAsync("kv", "put", "d", new string('x', 2000));
        Assert.Matches($"^{store.Prefix}/store/home.db: [1-9][0-9]* records of [0-9]{{4,}} bytes are whole, up to index [0-9]+, revision 2\n$", await store.SaidAsync("store", "scrub", "--prefix", store.Prefix));
        await FlipAsync(store);
        var mgmt = new TestSurroundings();
        Assert.Equal((1, ""), (await mgmt.RunAsync("store", "scrub", "--prefix", store.Prefix), mgmt.Output));
        Assert.StartsWith($"cannot trust {store.Prefix}/store/home.db: ", mgmt.Error, StringComparison.Ordinal);
        Assert.EndsWith("have it write its home anew before you stop it, with mgmt store scrub --rewrite\n", mgmt.Error, StringComparison.Ordinal);
        Assert.EndsWith(", and written anew from the agent's memory\n", await store.SaidAsync("store", "scrub", "--rewrite", "--prefix", store.Prefix), StringComparison.Ordinal);
        Assert.Contains(" are whole, ", await store.SaidAsync("store", "scrub", "--rewrite", "--prefix", store.Prefix), StringComparison.Ordinal);
        await store.StopAsync();
        await store.InitializeAsync();
        Assert.Equal($"d\n{new string('x', 2000)}\n", await store.SaidAsync("kv", "get", "d"));
    }

    [Fact]
    public async Task A_full_store_says_how_to_make_room_and_that_is_enough()
    {
        var store = await OwnStore.StartAsync(quota: 64 << 10);
        await using var end = new Disposing(store);
        var half = new string('x', 40 << 10);
        Assert.Equal(("", "{\"alarms\":[]}\n"), (await store.SaidAsync("store", "alarm", "list"), await store.SaidAsync("store", "alarm", "list", "-o", "json")));
        await store.SaidAsync("kv", "put", "a", half);
        const string Full = "etcdserver: mvcc: database space exceeded; delete keys and forget their history (mgmt store compact), or raise the quota (mgmt run --store-quota); then mgmt store alarm disarm";
        await FullAsync();
        var member = JsonDocument.Parse(await store.SaidAsync("store", "status", "-o", "json")).RootElement.GetProperty("endpoints")[0].GetProperty("member").GetString();
        Assert.Equal($"ALARM    MEMBER\nNOSPACE  {member}\n", await store.SaidAsync("store", "alarm", "list"));
        await store.SaidAsync("store", "alarm", "disarm");
        await FullAsync();

        Assert.Equal("1\n", await store.SaidAsync("kv", "del", "a"));
        Assert.Equal("compacted at revision 3\n", await store.SaidAsync("store", "compact"));
        Assert.Equal($"{{\"alarms\":[{{\"alarm\":\"NOSPACE\",\"member\":\"{member}\"}}]}}\n", await store.SaidAsync("store", "alarm", "disarm", "-o", "json"));
        Assert.Equal("", await store.SaidAsync("store", "alarm", "disarm"));
        Assert.Equal("OK\n", await store.SaidAsync("kv", "put", "b", half));
        var again = new TestSurroundings();
        Assert.Equal((66, ""), (await again.RunAsync("store", "compact", "--rev", "2", "--prefix", store.Prefix), again.Output));

        async Task FullAsync()
        {
            var mgmt = new TestSurroundings { Environment = { ["MGMT_PREFIX"] = store.Prefix } };
            Assert.Equal((1, "", $"cannot put \"b\": {Full}\n"), (await mgmt.RunAsync("kv", "put", "b", half), mgmt.Output, mgmt.Error));
        }
    }

    private static async Task FlipAsync(OwnStore store)
    {
        await using var file = new FileStream(Path.Combine(store.Prefix, "store/home.db"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        var at = bytes.AsSpan().IndexOf("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"u8) + 16;
        file.Position = at;
        file.WriteByte((byte)(bytes[at] ^ 4));
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
