using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Resources.Tests.Exec;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Mount;

/// <summary>Real mounts of this kernel.</summary>
public sealed class MountTests : IAsyncLifetime
{
    private readonly MountBench _bench = new();

    private Scratch Scratch => _bench.Scratch;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _bench.DisposeAsync().AsTask();

    [RootFact]
    public async Task A_file_system_is_mounted_on_a_directory_that_is_made_and_removed_again()
    {
        var path = Scratch.At("new/data");
        await MountBench.DoneAsync(_bench.Make(path, ("device", "tmpfs"), ("fstype", "tmpfs"), ("options", "size=1m,mode=0700,nosuid")), "not mounted; made the directory, mounted tmpfs");
        Assert.Contains("nosuid", MountBench.At(path)!.Options, StringComparison.Ordinal);
        await MountBench.DoneAsync(_bench.Make(path, ("state", "unmounted")), "tmpfs is mounted; unmounted, removed the directory");
        Assert.False(Directory.Exists(path));
        Assert.True(Directory.Exists(Scratch.At("new")));
    }

    [RootFact]
    public async Task A_directory_that_was_there_or_is_in_use_stays()
    {
        Directory.CreateDirectory(Scratch.At("old"));
        await MountBench.DoneAsync(_bench.Make(Scratch.At("old"), ("device", "tmpfs"), ("fstype", "tmpfs")), "not mounted; mounted tmpfs");
        await MountBench.DoneAsync(_bench.Make(Scratch.At("old"), ("state", "unmounted")), "tmpfs is mounted; unmounted");
        Assert.True(Directory.Exists(Scratch.At("old")));

        await MountBench.CheckAsync(_bench.Make(Scratch.At("made"), ("device", "tmpfs"), ("fstype", "tmpfs")));
        Shell.Run($"umount {Scratch.At("made")}");
        Scratch.Put("made/file", "mine");
        Assert.Equal(CheckResult.InOrder, await MountBench.CheckAsync(_bench.Make(Scratch.At("made"), ("state", "unmounted"))));
        Assert.Equal("mine", Scratch.Read("made/file"));
    }

    /// <summary>As when somebody unmounts it between the check of the mount and that of a file.</summary>
    [RootFact]
    public async Task What_belongs_on_a_mount_never_lands_in_the_directory_below()
    {
        await using var files = new File.Bench();
        var point = Scratch.At("data");
        Directory.CreateDirectory(point);
        Scratch.Put("data/gone", "of the directory below");
        var mount = MountBench.Spec(_bench.Kind, point, ("device", "tmpfs"), ("fstype", "tmpfs"));
        files.Kind.Manage([mount]);
        IResource[] onIt = [files.Make($"{point}/file", ("content", "secret")), files.Make($"{point}/deep/link", ("symlink", "x")), files.Make($"{point}/sub/"), files.Make($"{point}/gone", ("state", "absent"))];
        foreach (var one in onIt) Assert.Contains($"nothing is mounted at {point}; ", (await File.Bench.Apply(one)).Wrong, StringComparison.Ordinal);
        Assert.Equal("data data/gone", Scratch.Names());

        // Its author means the directory below.
        var below = files.Spec($"{point}/below", ("content", "here"));
        below = below with { Meta = new Meta(new FieldValues(Meta.Fields, new Dictionary<Field, object> { [Meta.Fields.Single(static one => one.Name == "autoedge")] = false })) };
        Assert.Equal(Outcome.Changed, (await File.Bench.Apply(files.Kind.Create(below))).Outcome);

        await MountBench.DoneAsync(mount.Kind.Create(mount), "not mounted; mounted tmpfs");
        foreach (var one in onIt[..3]) Assert.Equal(Outcome.Changed, (await File.Bench.Apply(one)).Outcome);
        Assert.Equal("data data/deep data/deep/link data/file data/sub", Scratch.Names());
        Shell.Run($"umount {point}");
        Assert.Equal("data data/below data/gone", Scratch.Names());
    }

    [RootFact]
    public async Task A_device_is_told_from_another_by_its_number()
    {
        var (one, other) = (_bench.Loop("one"), _bench.Loop("other"));
        var path = Scratch.At("disk");
        Assert.StartsWith("/dev/loop", one, StringComparison.Ordinal);
        Shell.Run($"ln -s {one} {Scratch.At("link")}");
        await MountBench.DoneAsync(_bench.Make(path, ("device", Scratch.At("link")), ("fstype", "ext4"), ("options", "ro,noatime")), $"not mounted; made the directory, mounted {Scratch.At("link")} (ext4)");
        Assert.Equal(CheckResult.InOrder, await MountBench.CheckAsync(_bench.Make(path, ("device", one))));
        Assert.Contains("is mounted there", (await MountBench.CheckAsync(_bench.Make(path, ("device", other)))).Wrong, StringComparison.Ordinal);
        Assert.Contains("is mounted there", (await MountBench.CheckAsync(_bench.Make(path, ("device", one), ("fstype", "xfs")))).Wrong, StringComparison.Ordinal);
        Assert.Contains("not " + other, (await MountBench.CheckAsync(_bench.Make(path, ("device", other), ("state", "unmounted")))).Wrong, StringComparison.Ordinal);
        Assert.Equal(one, MountBench.At(path)!.Source);
    }

    [RootFact]
    public async Task An_image_and_a_bound_directory_are_mounted_too()
    {
        var image = _bench.Image();
        await MountBench.CheckAsync(_bench.Make(Scratch.At("image-root"), ("device", image)));
        Assert.Equal(CheckResult.InOrder, await MountBench.CheckAsync(_bench.Make(Scratch.At("image-root"), ("device", image), ("options", "loop"))));
        Scratch.Put("image-root/file", "in the image");

        await MountBench.CheckAsync(_bench.Make(Scratch.At("bound"), ("device", Scratch.At("image-root")), ("options", "bind,ro")));
        Assert.Equal("in the image", Scratch.Read("bound/file"));
        Assert.Equal(CheckResult.InOrder, await MountBench.CheckAsync(_bench.Make(Scratch.At("bound"), ("device", Scratch.At("image-root")), ("options", "bind,ro"))));
        Directory.CreateDirectory(Scratch.At("elsewhere"));
        Assert.Contains("is mounted there", (await MountBench.CheckAsync(_bench.Make(Scratch.At("bound"), ("device", Scratch.At("elsewhere")), ("options", "bind")))).Wrong, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Options_that_differ_are_set_without_unmounting()
    {
        var path = Scratch.At("options");
        await MountBench.CheckAsync(_bench.Make(path, ("device", "tmpfs"), ("fstype", "tmpfs"), ("options", "size=1m")));

        // By another process: while this one writes, what it starts beside holds the file too, and "ro" would be refused.
        Shell.Run($"printf stays >{path}/file");
        await MountBench.DoneAsync(_bench.Make(path, ("device", "tmpfs"), ("fstype", "tmpfs"), ("options", "size=2m,ro,nodev")), "mounted with size=1024k instead of size=2m, rw instead of ro, no nodev; mounted again with its options");
        Assert.Equal("stays", Scratch.Read("options/file"));
        Shell.Run($"mount -o remount,rw {path}");
        await MountBench.DoneAsync(_bench.Make(path, ("device", "tmpfs"), ("fstype", "tmpfs"), ("options", "ro")), "mounted with rw instead of ro; mounted again with its options");
    }

    [RootFact]
    public async Task What_is_in_use_is_a_failure_until_it_is_not()
    {
        var path = Scratch.At("busy");
        await MountBench.CheckAsync(_bench.Make(path, ("device", "tmpfs"), ("fstype", "tmpfs")));
        var resource = _bench.Make(path, ("state", "unmounted"));
        var sink = new Sink();
        await using var watch = await resource.WatchAsync(sink, default);
        using (System.IO.File.Create(Scratch.At("busy/open")))
        {
            var result = await MountBench.CheckAsync(resource);
            Assert.Equal((Outcome.Failed, true), (result.Outcome, result.Wrong.Contains("target is busy", StringComparison.Ordinal)));
        }

        // No event tells that a file was closed: it is tried again after a rest.
        Assert.Equal("changed", await sink.NextAsync());
        await MountBench.DoneAsync(resource, "tmpfs is mounted; unmounted, removed the directory");
    }

    [RootFact]
    public async Task Whatever_happens_at_its_directory_is_an_event_and_nothing_else()
    {
        var path = Scratch.At("watched");
        var resource = _bench.Make(path, ("device", "tmpfs"), ("fstype", "tmpfs"));
        await MountBench.CheckAsync(resource);
        var sink = new Sink();
        await using var watch = await resource.WatchAsync(sink, default);
        Directory.CreateDirectory(Scratch.At("other"));
        Shell.Run($"mount -t tmpfs tmpfs {Scratch.At("other")} && umount {Scratch.At("other")}");
        await _bench.Kind.DrainAsync(default);
        Assert.Equal(0, sink.Count);
        Shell.Run($"mount -o remount,ro {path}");
        Assert.Equal("changed", await sink.NextAsync());
        Shell.Run($"umount {path}");
        Assert.Equal("changed", await sink.NextAsync());
        await MountBench.DoneAsync(resource, "not mounted; mounted tmpfs");
    }

    [RootFact]
    public async Task Without_leave_nothing_is_changed_and_what_is_not_there_is_waited_for()
    {
        var path = Scratch.At("noop");
        var result = await MountBench.CheckAsync(_bench.Make(path, ("device", "tmpfs"), ("fstype", "tmpfs")), apply: false);
        Assert.Equal((Outcome.WouldChange, "would make the directory and mount tmpfs"), (result.Outcome, result.Done));
        Assert.False(Directory.Exists(path));
        result = await MountBench.CheckAsync(_bench.Make(path, ("device", Scratch.At("missing"))));
        Assert.Equal((Outcome.Failed, true), (result.Outcome, result.Wrong.Contains("there is no", StringComparison.Ordinal)));
        Assert.False(Directory.Exists(path));
        Scratch.Put("nothing", "no file system");
        result = await MountBench.CheckAsync(_bench.Make(path, ("device", Scratch.At("nothing"))));
        Assert.Equal(Outcome.Failed, result.Outcome);
        Assert.StartsWith($"cannot mount {Scratch.At("nothing")} at {path}: ", result.Wrong, StringComparison.Ordinal);
        Assert.False(Directory.Exists(path));
    }

    [RootFact]
    public async Task A_link_does_not_lead_to_where_the_system_lives()
    {
        Shell.Run($"ln -s /etc {Scratch.At("etc")}");
        var result = await MountBench.CheckAsync(_bench.Make(Scratch.At("etc"), ("device", "tmpfs"), ("fstype", "tmpfs")));
        Assert.Equal((Outcome.Failed, true), (result.Outcome, result.Wrong.Contains("where the system itself lives", StringComparison.Ordinal)));
    }

    [RootFact]
    public async Task A_directory_that_was_made_is_remembered_by_the_next_run()
    {
        await MountBench.CheckAsync(_bench.Make(Scratch.At("made"), ("device", "tmpfs"), ("fstype", "tmpfs")));
        var next = new Resources.Mount.MountKind(_bench.Watcher, _bench.Spawner, TimeProvider.System);
        next.KeepState(Scratch.At("state"));
        await MountBench.CheckAsync(next.Create(MountBench.Spec(next, Scratch.At("made"), ("state", "unmounted"))));
        Assert.False(Directory.Exists(Scratch.At("made")));
    }
}
