using System.Diagnostics;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;
using Mgmt.Tests;

namespace Mgmt.Linux.Tests.Inotify;

public sealed class PathWatchTests
{
    [Fact]
    public async Task Nothing_is_opened_before_the_first_watch()
    {
        await using var watcher = new PathWatcher();
        await watcher.DrainAsync(default);
        Assert.False(watcher.IsOpen);
    }

    [Theory]
    [Watchers]
    public async Task Every_way_to_change_a_file_is_heard(Watching by)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener();
        using var watch = bench.Watch("f", listener);
        await bench.Hears(listener, "echo a > f");
        await bench.Hears(listener, "echo b >> f");
        await bench.Hears(listener, "chmod 600 f");
        await bench.Hears(listener, "rm f");
        await bench.Hears(listener, "echo c > f");
        await bench.Hears(listener, "echo d > other && mv other f");
        await bench.Hears(listener, "mv f away");
        await bench.Hears(listener, "mkdir f");
        await bench.Hears(listener, "chmod 700 f");
        await bench.Hears(listener, "rmdir f && ln -s nowhere f");
        await bench.HearsNothing(listener, "echo e > other; chmod 600 other; rm other");
    }

    [Theory]
    [Watchers(ByLooking = false)]
    public async Task Missing_parents_are_waited_for_one_by_one(Watching by)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener();
        using var watch = bench.Watch("a/b/c/f", listener);
        await bench.Hears(listener, "mkdir a");
        await bench.Hears(listener, "mkdir a/b");
        await bench.Hears(listener, "mkdir a/b/c");
        await bench.Hears(listener, "echo > a/b/c/f");
        await bench.Hears(listener, "rm -r a");
        await bench.Hears(listener, "mkdir -p a/b/c && echo > a/b/c/f");
        await bench.Hears(listener, "rm a/b/c/f");
    }

    [Theory]
    [Watchers("a", "a/b", "a/b/c")]
    public async Task Parents_may_be_moved_away_and_back(Watching by, string moved)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener();
        await bench.Do("mkdir -p a/b/c && echo > a/b/c/f");
        using var watch = bench.Watch("a/b/c/f", listener);
        await bench.Hears(listener, $"mv {moved} away");
        await bench.Hears(listener, $"mv away {moved}");
        await bench.Hears(listener, "rm a/b/c/f");
        await bench.Do($"mv {moved} away");
        await bench.Hears(listener, "mkdir -p a/b/c");
        await bench.Hears(listener, "echo > a/b/c/f");
        await bench.HearsNothing(listener, "find away -type d -exec touch {}/f ';'");
    }

    [Theory]
    [Watchers]
    public async Task Directory_that_is_replaced_by_rename_is_followed(Watching by)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener();
        await bench.Do("mkdir a b c && echo > b/f");
        using var watch = bench.Watch("a/f", listener);
        await bench.Hears(listener, "mv -T b a");
        await bench.Hears(listener, "rm a/f");
        await bench.Hears(listener, "mv -T c a");
        await bench.Hears(listener, "echo > a/f");
    }

    [Theory]
    [Watchers("a/b", "a")]
    public async Task Directory_is_removed_and_made_again_while_somebody_stands_in_it(Watching by, string stand)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener();
        await bench.Do("mkdir -p a/b");
        using var watch = bench.Watch("a/b/f", listener);
        using var somebody = Process.Start(new ProcessStartInfo("/bin/sleep", "600") { WorkingDirectory = bench.Scratch.At(stand) })!;
        try
        {
            await bench.Hears(listener, "rm -r a");
            await bench.Hears(listener, "mkdir -p a/b");
            await bench.Hears(listener, "echo > a/b/f");
        }
        finally
        {
            somebody.Kill();
        }
    }

    [Theory]
    [Watchers]
    public async Task Links_above_may_lead_elsewhere(Watching by)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener();
        await bench.Do("mkdir -p one/d two/d && ln -s one link && ln -s ../link/d one/deep && ln -s $PWD/link/d two/deep");
        using var watch = bench.Watch("link/deep/f", listener);
        await bench.Hears(listener, "echo > one/d/f");
        await bench.Hears(listener, "ln -sfn two link");
        await bench.HearsNothing(listener, "rm one/d/f");
        await bench.Hears(listener, "echo > two/d/f");
        await bench.Hears(listener, "rm link && ln -s one link");
        await bench.Hears(listener, "echo > one/d/f");
        await bench.Hears(listener, "rm one/deep && ln -s nowhere one/deep");
        await bench.Hears(listener, "mkdir one/nowhere");
        await bench.Hears(listener, "echo > one/nowhere/f");
    }

    [Theory]
    [Watchers]
    public async Task Links_in_a_circle_and_files_in_the_way_are_waited_out(Watching by)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener();
        await bench.Do("ln -s a b && ln -s b a && echo > d");
        using var circle = bench.Watch("a/f", listener);
        await bench.Hears(listener, "rm b && mkdir b");
        await bench.Hears(listener, "echo > b/f");
        var other = new Listener();
        using var blocked = bench.Watch("d/f", other);
        await bench.Hears(other, "rm d && mkdir d");
        await bench.Hears(other, "echo > d/f");
    }

    [Fact]
    public async Task Watches_of_one_inode_share_it_and_leave_each_other_alone()
    {
        await using var bench = new WatchBench();
        var (first, second, third) = (new Listener(), new Listener(), new Listener());
        await bench.Do("mkdir d && ln -s d link");
        using var one = bench.Watch("d/f", first);
        var two = bench.Watch("link/f", second);
        var same = bench.Watch("d/f", third);
        await bench.Hears(third, "echo > d/f");
        Assert.True(first.Count > 0 && second.Count > 0);
        var count = bench.Watcher.Instance.Table.Count;
        two.Dispose();
        same.Dispose();
        Assert.Equal(count - 1, bench.Watcher.Instance.Table.Count);
        await bench.HearsNothing(second, "rm d/f");
        await bench.HearsNothing(third, "echo > d/f");
        await bench.Hears(first, "rm d/f");
        one.Dispose();
        Assert.Equal(0, bench.Watcher.Instance.Table.Count);
    }

    [Theory]
    [Watchers(ByLooking = false)]
    public async Task Half_written_files_do_not_count_where_only_complete_ones_matter(Watching by)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener();
        await bench.Do("echo > f");
        using var watch = bench.Watch("f", listener, PathEvents.CompletedWrites);
        using (var file = new FileStream(bench.Scratch.At("f"), FileMode.Append))
        {
            await file.WriteAsync(new byte[] { 1, 2, 3 });
            await file.FlushAsync();
            await bench.HearsNothing(listener, "chmod 600 f");
        }

        await bench.Hears(listener, "true; echo >> f");
        await bench.Hears(listener, "echo > g && mv g f");
        await bench.Hears(listener, "rm f");
    }

    [Theory]
    [Watchers(NeedsRoot = true)]
    public async Task Mount_over_a_directory_is_noticed(Watching by)
    {
        await using var bench = new WatchBench(by);
        var told = new SemaphoreSlim(0);
        var listener = new Listener(_ => told.Release());
        await bench.Do("mkdir d");
        using var watch = bench.Watch("d/f", listener);
        try
        {
            await bench.Do("mount -t tmpfs tmpfs d");
            Assert.True(await told.WaitAsync(TimeSpan.FromSeconds(20)), listener.ToString());
            await bench.Hears(listener, "echo > d/f");
        }
        finally
        {
            await bench.Do("umount -l d");
        }

        watch.EnsureArmed();
        await bench.Hears(listener, "echo > d/f");
    }

    [Theory]
    [Watchers]
    public async Task Exceptions_of_a_listener_end_nothing(Watching by)
    {
        await using var bench = new WatchBench(by);
        var listener = new Listener(_ => throw new InvalidOperationException("mine"));
        using var watch = bench.Watch("f", listener);
        await bench.Hears(listener, "echo > f");
        await bench.Hears(listener, "rm f");
        Assert.All(bench.Faults, fault => Assert.Equal("mine", fault.Message));
        Assert.NotEmpty(bench.Faults);
        bench.Faults.Clear();
    }

    [Fact]
    public async Task What_overflowed_is_told_to_everybody()
    {
        await using var bench = new WatchBench();
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
        var limit = int.Parse(Shell.Run("cat /proc/sys/fs/inotify/max_queued_events"));
        for (var i = 0; i <= limit / 2; i++)
        {
            bench.Scratch.Put("busy/a", "");
            bench.Scratch.Put("busy/b", "");
        }

        bench.Scratch.Put("quiet/f", "");
        Assert.Equal(0, listener.Count);
        proceed.Set();
        await bench.Hears(listener, "true");
    }

    [Fact]
    public async Task First_of_a_batch_gets_the_thread_and_each_is_told_once()
    {
        await using var bench = new WatchBench();
        using var proceed = new ManualResetEventSlim();
        using var isHeld = new ManualResetEventSlim();
        var holder = new Listener(_ =>
        {
            isHeld.Set();
            proceed.Wait(TimeSpan.FromSeconds(60));
        });
        var (a, b) = (new Listener(), new Listener());
        using var first = bench.Watch("first", holder);
        using var second = bench.Watch("a", a);
        using var third = bench.Watch("b", b);
        Directory.CreateDirectory(bench.Scratch.At("first"));
        isHeld.Wait(TimeSpan.FromSeconds(20));

        // Links: the end of writing to a file is told when its last descriptor is closed, and a child that is about to be may have a copy for a moment.
        foreach (var name in new[] { "a", "b" }) File.CreateSymbolicLink(bench.Scratch.At(name), "nowhere");
        foreach (var name in new[] { "a", "b" }) File.Delete(bench.Scratch.At(name));
        proceed.Set();
        await bench.Do("true");
        Assert.Equal("here", a.ToString());
        Assert.Equal("there", b.ToString());
    }
}
