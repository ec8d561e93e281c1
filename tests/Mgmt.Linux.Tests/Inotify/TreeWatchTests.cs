using Mgmt.Linux.Files;

namespace Mgmt.Linux.Tests.Inotify;

public sealed class TreeWatchTests
{
    [Theory]
    [Watchers]
    public async Task All_depths_are_heard_old_and_new(Watching by)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener();
        await bench.Do("mkdir -p t/a/b");
        using var watch = bench.Watcher.WatchTree(new FilePath(bench.Scratch.At("t")), listener, isDeep: true);
        await bench.Hears(listener, "echo > t/f");
        await bench.Hears(listener, "echo > t/a/b/f");
        await bench.Hears(listener, "mkdir -p t/n/m/o");
        await bench.Hears(listener, "echo > t/n/m/o/f");
        await bench.Hears(listener, "mv t/n t/moved");
        await bench.Hears(listener, "echo > t/moved/m/o/f");
        await bench.Hears(listener, "mv t/moved away");
        await bench.HearsNothing(listener, "echo > away/m/o/f");
        await bench.Hears(listener, "rm -r t");
        await bench.Hears(listener, "mkdir -p t/again/deep");
        await bench.Hears(listener, "echo > t/again/deep/f");
    }

    [Theory]
    [Watchers]
    public async Task Shallow_one_hears_of_direct_children_alone(Watching by)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener();
        await bench.Do("mkdir -p t/a");
        using var watch = bench.Watcher.WatchTree(new FilePath(bench.Scratch.At("t")), listener, isDeep: false);
        await bench.HearsNothing(listener, "echo > t/a/f");
        await bench.Hears(listener, "echo > t/f");
    }

    [Theory]
    [Watchers]
    public async Task Links_are_followed_to_what_they_lead_to(Watching by)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener();
        await bench.Do("mkdir d e && echo > d/f && ln -s d/g link && ln -s f d/g");
        using var watch = bench.Watcher.WatchThroughLinks(new FilePath(bench.Scratch.At("link")), listener);
        await bench.Hears(listener, "echo a > d/f");
        await bench.Hears(listener, "ln -sfn ../e/h d/g");
        await bench.HearsNothing(listener, "echo b > d/f");
        await bench.Hears(listener, "echo > e/h");
        await bench.Hears(listener, "rm link && echo > link");
        await bench.HearsNothing(listener, "echo c > e/h");
    }
}
