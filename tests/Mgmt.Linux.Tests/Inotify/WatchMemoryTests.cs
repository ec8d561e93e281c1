using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Linux.Tests.Inotify;

/// <summary>What watches cost. It measures the whole process: nothing else may run meanwhile.</summary>
[Collection("counting")]
public sealed class WatchMemoryTests
{
    [Fact]
    public async Task Ten_thousand_files_cost_one_watch_and_little_memory()
    {
        await using var bench = new WatchBench();
        var listener = new Listener();
        using var first = bench.Watch("f", listener);
        var inodes = bench.Watcher.Instance.Table.Count;
        var paths = Enumerable.Range(0, 10_000).Select(i => new FilePath(bench.Scratch.At($"file{i}"))).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        PathWatch[] watches = [.. paths.Select(path => bench.Watcher.Watch(path, listener))];
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / watches.Length;
        Assert.Equal(inodes, bench.Watcher.Instance.Table.Count);
        Assert.True(each < 400, $"{each} bytes each");
        GC.KeepAlive(paths);
        foreach (var watch in watches) watch.Dispose();
    }
}
