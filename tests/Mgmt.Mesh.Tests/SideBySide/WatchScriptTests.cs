namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>The same of watches.</summary>
public sealed class WatchScriptTests
{
    [EtcdFact]
    public async Task Watches_from_a_revision()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync("put a 1", "put ab 2", "put b 3", "put a 4", "del ab", "del none", new Ctl("txn", "\nput a 5\nput b 6\nput end last\n\n\n"));
        foreach (var watch in (string[])["\"\" --prefix --rev 1", "\"\" --prefix --rev 4", "\"\" --prefix --rev 1 --prev-kv", "a z --rev 2", "b --rev 2", "a --prefix --rev 2 --prev-kv", "\"\" --rev 1 --prefix -w json", "a zz --rev 1 -w fields", "end --rev 3"])
        {
            var until = watch.StartsWith('b') ? "6" : watch.StartsWith("a --prefix", StringComparison.Ordinal) ? "5" : watch.Contains("json", StringComparison.Ordinal) ? "bGFzdA" : watch.Contains("fields", StringComparison.Ordinal) ? "last\"\n\"Lease" : "last";
            await pair.SameAsync(new Ctl("watch " + watch, Until: until));
        }
    }

    [EtcdFact]
    public async Task Interactive_watches()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync("put a 1", "put b 2", "put c last");
        await pair.SameAsync(new Ctl("watch -i", "watch a --rev 2\n", Until: "1"), new Ctl("watch -i", "watch a c --rev 2\n", Until: "2"), new Ctl("watch -i", "nonsense\n"));
    }

    [EtcdFact]
    public async Task A_compacted_start_is_told_with_the_revision()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync("put a 1", "put a 2", "put a 3", "put a 4", "compaction 4", "watch a --rev 2", "watch a --rev 3 -w json", new Ctl("watch a --rev 4 --prev-kv", Until: "4"), new Ctl("watch a --rev 5 --prev-kv", Until: "4"));
    }

    [EtcdFact]
    public async Task Watches_that_run_a_command()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync("put a 1", "put a 2", new Ctl("watch a --rev 2 -- sh -c \"echo $ETCD_WATCH_KEY $ETCD_WATCH_VALUE $ETCD_WATCH_REVISION\"", Until: "\"2\""));
    }
}
