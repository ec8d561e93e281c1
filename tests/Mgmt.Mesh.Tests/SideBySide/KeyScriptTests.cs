namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>Stock etcdctl says the same of etcd and of us: keys.</summary>
public sealed class KeyScriptTests
{
    private static readonly string[] Views = ["simple", "json", "fields", "table"];

    [EtcdFact]
    public async Task Put_and_get_with_every_flag()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync("get nothing", "put a 1", "put a 2", "put b 1", "put c \"with space\"", "put a 3 --prev-kv", "put new 1 --prev-kv", new("put fromstdin", "a value\n"));
        await pair.SameAsync("get a", "get a b", "get \"\" --prefix", "get \"\" --from-key", "get b --from-key", "get a --rev 2", "get a --rev 3", "get z --rev 1");
        await pair.SameAsync("get a --prefix --keys-only", "get a --prefix --count-only -w fields", "get a --print-value-only", "get \"\" --prefix --limit 2", "get a --hex", "get a --consistency s");
        await pair.SameAsync("get a z --limit 2 -w json", "get a z --limit 3 -w fields", "get a z --limit 100 -w json");
        foreach (var by in (string[])["KEY", "VERSION", "CREATE", "MODIFY", "VALUE"])
        {
            foreach (var order in (string[])["ASCEND", "DESCEND"]) await pair.SameAsync($"get \"\" --prefix --sort-by {by} --order {order}", $"get \"\" --prefix --sort-by {by} --order {order} --limit 2 -w json");
            await pair.SameAsync($"get \"\" --prefix --sort-by {by}");
        }

        await pair.SameAsync("put a --ignore-value", "put a 4 --ignore-lease", "get a -w json", "put missing --ignore-value", "put missing 1 --ignore-lease", "put a 1 --ignore-value", "put a 1 --lease 1234");
    }

    [EtcdFact]
    public async Task Deletes_with_every_flag()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync("put a 1", "put aa 2", "put ab 3", "put b 4", "put c 5", "put d 6");
        await pair.SameAsync("del a", "del a", "del a --prev-kv", "del aa --prev-kv", "del a --prefix", "del b c --prev-kv", "get \"\" --prefix -w json", "del c --from-key --prev-kv -w json", "del \"\" --prefix", "get a -w json");
    }

    [EtcdFact]
    public async Task Every_view_of_answers()
    {
        await using var pair = await Pair.StartAsync();
        foreach (var view in Views)
        {
            await pair.SameAsync($"put k v1 -w {view}", $"put k v2 --prev-kv -w {view}", $"get k -w {view}", $"get none -w {view}", $"del k --prev-kv -w {view}", $"del k -w {view}");
            await pair.SameAsync(new Ctl($"txn -w {view}", "ver(\"k\") = \"0\"\n\nput k v\nget k\n\nget k\n\n"), new Ctl($"txn -w {view}", "ver(\"k\") = \"0\"\n\nput k v\n\nget k\ndel k\n\n"));
            await pair.SameAsync($"compaction 99 -w {view}", $"member list -w {view}", $"alarm list -w {view}", $"lease list -w {view}");
        }
    }

    [EtcdFact]
    public async Task Protobuf_views_are_messages_of_the_same_content()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync("put k v1");
        var theirs = await Etcdctl.RunAsync(pair.Etcd.Port, "get k -w protobuf");
        var ours = await Etcdctl.RunAsync(pair.Ours.Tcp.Port, "get k -w protobuf");
        Assert.Equal((0, theirs.Exit), (ours.Exit, 0));
        Assert.EndsWith("k\u0010\u0002\u0018\u0002 \u0001*\u0002v1 \u0001", theirs.Output, StringComparison.Ordinal);
        Assert.EndsWith("k\u0010\u0002\u0018\u0002 \u0001*\u0002v1 \u0001", ours.Output, StringComparison.Ordinal);
    }

    [EtcdFact]
    public async Task Transactions_of_every_compare()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync("put a 1", "put a 2", "put b x");
        string[] compares =
        [
            "mod(\"a\") > \"0\"", "mod(\"a\") = \"3\"", "mod(\"a\") < \"3\"", "create(\"a\") = \"2\"", "c(\"a\") != \"2\"", "ver(\"a\") = \"2\"", "version(\"a\") > \"2\"", "val(\"a\") = \"2\"", "value(\"a\") < \"3\"",
            "val(\"none\") = \"\"", "val(\"none\") != \"1\"", "ver(\"none\") = \"0\"", "mod(\"none\") < \"1\"", "lease(\"a\") = \"0\"", "mod(\"a\") = \"3\"\nval(\"b\") = \"y\"", "", "bad(\"a\") = \"1\"",
        ];
        foreach (var compare in compares) await pair.SameAsync(new Ctl("txn", $"{compare}\n\nget a\n\nget b\n\n"), new Ctl("txn -i", $"{compare}\n\nget a\n\nget b\n\n"));
        await pair.SameAsync(
            new Ctl("txn", "ver(\"a\") = \"2\"\n\nput a 5\nget a\nput c 6\ndel b\nget \"\" --prefix\n\n\n"),
            new Ctl("txn", "ver(\"a\") = \"2\"\n\nput never 1\n\ndel a --prefix\nget a\n\n"),
            "get \"\" --prefix -w json",
            new Ctl("txn", "\n\n\n"));
    }

    [EtcdFact]
    public async Task Refusals_in_the_same_words()
    {
        await using var pair = await Pair.StartAsync();
        var many = string.Concat(Enumerable.Range(0, 129).Select(i => $"put k{i} 1\n"));
        await pair.SameAsync("put a 1", "put a 2", "put a 3", "get a --rev 99", "compaction 99", "compaction 3", "compaction 3", "compaction 2", "get a --rev 2", "get a --rev 3", "compaction 0");
        await pair.SameAsync(new Ctl("txn", $"\n{many}\n\n"), new Ctl("txn", "\nput a 1\nput a 2\n\n\n"), new Ctl("txn", "\ndel a\nput a 2\n\n\n"), new Ctl("txn", "\nget a --rev 99\n\n\n"), new Ctl("txn", "\nput a 1 --lease=77\n\n\n"));
        await pair.SameAsync(new Ctl("put big", new string('x', (3 * 1024 * 1024 / 2) + 1)), new Ctl("put big", new string('x', 1024 * 1024)), "put \"\" 1", "del \"\"");
        await pair.SameAsync("get", "get a b c", "put", "nonsense", "get a --order SIDEWAYS", "get a --prefix --from-key", "move-leader 1234", "member remove 1234", "defrag", "alarm disarm");
    }
}
