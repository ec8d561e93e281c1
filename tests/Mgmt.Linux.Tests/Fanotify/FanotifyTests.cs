using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;
using Mgmt.Linux.Tests.Inotify;
using Mgmt.Tests;

namespace Mgmt.Linux.Tests.Fanotify;

/// <summary>What is fanotify's own; that it hears what inotify hears, the tests of paths and trees say for each way of watching.</summary>
public sealed class FanotifyTests
{
    [RootFact]
    public async Task One_mark_takes_over_from_many_watches_and_misses_nothing()
    {
        const int Folders = 600, Most = 200;
        await using var bench = new WatchBench(Watching.Fanotify);
        await using var auto = new PathWatcher(options: bench.OnItsOwn(new WatcherOptions { MostInotifyFolders = Most }));
        var listeners = Enumerable.Range(0, Folders).Select(_ => new Listener()).ToArray();
        for (var i = 0; i < Folders; i++)
        {
            Directory.CreateDirectory(bench.Scratch.At($"d{i}"));
            auto.Watch(new FilePath(bench.Scratch.At($"d{i}/f")), listeners[i]);
            if (i == Most / 2) Assert.True(auto.Instance.Table is { Fanotify: null, Count: > Most / 2 });
        }

        await auto.DrainAsync(default);
        Assert.Equal(1, auto.Instance.Table.Fanotify!.Marks);
        Assert.InRange(auto.Instance.Table.Count, 1, 5);
        var before = Array.ConvertAll(listeners, one => one.Count);
        for (var i = 0; i < Folders; i++) bench.Scratch.Put($"d{i}/f", "");
        await auto.DrainAsync(default);
        Assert.All(Enumerable.Range(0, Folders), i => Assert.True(listeners[i].Count > before[i], $"d{i}/f"));
    }

    [RootFact]
    public async Task Mark_goes_with_the_last_watch()
    {
        await using var bench = new WatchBench(Watching.Fanotify);
        var watch = bench.Watch("f", new Listener());
        Assert.Equal(1, Marks(bench));
        watch.Dispose();
        Assert.Equal(0, Marks(bench));
        var listener = new Listener();
        using var again = bench.Watch("f", listener);
        await bench.Hears(listener, "echo > f");
    }

    [RootFact]
    public async Task File_system_that_is_mounted_anew_is_marked_anew()
    {
        await using var bench = new WatchBench(Watching.Fanotify);
        var listener = new Listener();
        await bench.Do("mkdir d && mount -t tmpfs one d");
        try
        {
            using var watch = bench.Watch("d/f", listener);
            await bench.Hears(listener, "echo > d/f");
            await bench.Do("umount d && mount -t tmpfs two d");
            watch.EnsureArmed();
            await bench.Hears(listener, "echo > d/f");
            await bench.Hears(listener, "rm d/f");
        }
        finally
        {
            await bench.Do("umount -l d");
        }
    }

    [RootFact]
    public async Task Same_file_system_that_was_away_is_marked_again_and_told()
    {
        await using var bench = new WatchBench(Watching.Fanotify);
        var told = new SemaphoreSlim(0);
        var listener = new Listener(_ => told.Release());
        await bench.Do("truncate -s 8M image && mkfs.ext4 -q image && mkdir d && mount -o loop image d");
        try
        {
            using var watch = bench.Watch("d/f", listener);
            await bench.Hears(listener, "echo > d/f");
            while (told.Wait(0)) ;
            await bench.Do("umount d && mount -o loop image d");
            Assert.True(await told.WaitAsync(TimeSpan.FromSeconds(20)), listener.ToString());
            await bench.Do("true");
            await bench.Hears(listener, "rm d/f");
        }
        finally
        {
            await bench.Do("umount -l d");
        }
    }

    [RootFact]
    public async Task File_systems_without_marks_are_left_to_inotify_which_is_said_once()
    {
        await using var bench = new WatchBench(Watching.Fanotify);
        await bench.Do("mkdir low up work d && mount -t overlay -o lowerdir=low,upperdir=up,workdir=work overlay d && mkdir d/a d/b");
        try
        {
            var listener = new Listener();
            using var one = bench.Watch("d/a/f", listener);
            using var two = bench.Watch("d/b/f", listener);
            await bench.Hears(listener, "echo > d/a/f");
            await bench.Hears(listener, "echo > d/b/f");
            var note = Assert.Single(bench.Notes);
            Assert.Contains("by fanotify: ", note, StringComparison.Ordinal);
            Assert.EndsWith("; inotify watches it instead", note, StringComparison.Ordinal);
        }
        finally
        {
            await bench.Do("umount -l d");
        }
    }

    [RootFact]
    public async Task What_overflowed_is_told_to_everybody()
    {
        await using var bench = new WatchBench(Watching.Fanotify);
        using var proceed = new ManualResetEventSlim();
        using var isHeld = new ManualResetEventSlim();
        var holder = new Listener(_ =>
        {
            isHeld.Set();
            proceed.Wait(TimeSpan.FromSeconds(60));
        });
        var listener = new Listener();
        await bench.Do("mkdir quiet busy");
        using var first = bench.Watch("busy/first", holder);
        using var hidden = bench.Watch("quiet/f", listener);
        bench.Scratch.Put("busy/first", "");
        isHeld.Wait(TimeSpan.FromSeconds(20));
        var limit = int.Parse(Shell.Run("cat /proc/sys/fs/fanotify/max_queued_events"));

        // Events of one name are one event: each name is another.
        for (var i = 0; i <= limit; i++) bench.Scratch.Put($"busy/{i}", "");
        bench.Scratch.Put("quiet/f", "");
        Assert.Equal(0, listener.Count);
        proceed.Set();
        await bench.Hears(listener, "true");
    }

    // As the kernel lists them.
    private static int Marks(WatchBench bench) =>
        File.ReadLines($"/proc/self/fdinfo/{bench.Watcher.Instance.Table.Fanotify!.Queue.Descriptor}").Count(line => line.StartsWith("fanotify sdev:", StringComparison.Ordinal));
}
