using Mgmt.Engine.Kinds;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.File;

public sealed class FolderTreeTests
{
    [Fact]
    public async Task Directory_is_made_with_its_parents_and_rights()
    {
        await using var bench = new Bench();
        var folder = bench.Make("a/b/c/", ("mode", "0700"));
        Assert.Equal(CheckResult.WouldChange("missing", "make 2 missing parent directories, make the directory"), await Bench.Look(folder));
        Assert.Equal(CheckResult.Changed("missing", "made 2 missing parent directories, made the directory"), await Bench.Apply(folder));
        Assert.Equal("a d 755 4096\na/b d 755 4096\na/b/c d 700 4096\n", bench.Scratch.Stat());
        Shell.Run($"chmod 777 {bench.Scratch.At("a/b/c")}");
        Assert.Equal(CheckResult.Changed("mode is 0777, wanted 0700", "set mode 0700"), await Bench.Apply(folder));
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(folder));
    }

    [Fact]
    public async Task Source_is_copied_with_modes_and_links_and_followed()
    {
        await using var bench = new Bench();
        Shell.Run($"mkdir -p {bench.Scratch.At("s/sub")} && cd {bench.Scratch.At("s")} && echo 1 > one && echo 2 > sub/two && chmod 755 one && chmod 700 sub && ln -s ../one sub/link");
        var folder = bench.Make("t/", ("source", bench.Scratch.At("s/")), ("recurse", true));
        Assert.Equal("make the directory, copy 4 entries", (await Bench.Look(folder)).Done);
        Assert.False(Directory.Exists(bench.Scratch.At("t")));
        Assert.Equal("made the directory, copied 4 entries", (await Bench.Apply(folder)).Done);
        Assert.Equal("", Shell.Run($"cd {bench.Scratch.Path} && diff -r --no-dereference s t"));
        Assert.Equal("755 700", Shell.Run($"cd {bench.Scratch.At("t")} && stat -c %a one sub").Trim().Replace('\n', ' '));
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(folder));
        var sink = new Recorder();
        await using (await folder.WatchAsync(sink, default))
        {
            foreach (var change in new[] { "echo 3 > s/sub/two", "rm t/one", "mkdir s/new", "echo 4 > s/new/four", "rm t/sub/link", "chmod 600 t/sub/two" })
            {
                var before = sink.Count;
                Shell.Run($"cd {bench.Scratch.Path} && {change}");
                await sink.WaitBeyond(before);
                Assert.Equal(Outcome.Changed, (await Bench.Apply(folder)).Outcome);
                Assert.Equal("", Shell.Run($"cd {bench.Scratch.Path} && diff -r --no-dereference s t"));
                await bench.Kind.DrainAsync(default);
            }
        }

        Shell.Run($"cd {bench.Scratch.At("t")} && echo > mine");
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(folder));
    }

    [Fact]
    public async Task Special_file_in_the_source_and_missing_source_fail()
    {
        await using var bench = new Bench();
        var folder = bench.Make("t/", ("source", bench.Scratch.At("s/")), ("recurse", true));
        Assert.StartsWith($"cannot open the directory {bench.Scratch.At("s")}: no such file or directory (ENOENT)", (await Bench.Look(folder)).Wrong, StringComparison.Ordinal);
        Shell.Run($"cd {bench.Scratch.Path} && mkdir s && mkfifo s/p");
        Assert.Equal(CheckResult.Failed($"cannot copy {bench.Scratch.At("s/p")}: it is a named pipe (fifo); remove it from the source"), await Bench.Apply(folder));
    }

    [Fact]
    public async Task Purge_keeps_what_is_managed_and_what_is_above_it()
    {
        await using var bench = new Bench();
        Shell.Run($"cd {bench.Scratch.Path} && mkdir -p d/keep/deep d/drop/x outside && touch d/a d/b d/keep/deep/f d/keep/extra d/drop/x/y outside/precious && ln -s ../outside d/link && ln -s d other");
        var folder = bench.Make("d/", ("purge", true), ("recurse", true));
        bench.Kind.Manage([bench.Spec("d/"), bench.Spec("d/a"), bench.Spec("d/keep/deep/f"), bench.Spec("other/b"), bench.Spec("d/c"), bench.Spec("d/gone", ("state", "absent"))]);
        var before = bench.Scratch.Snapshot();
        var would = await Bench.Look(folder);
        Assert.Equal(before, bench.Scratch.Snapshot());
        Assert.Equal("remove 3 entries", would.Done);
        Assert.Equal("removed 3 entries", (await Bench.Apply(folder)).Done);
        Assert.Equal("d d/a d/b d/keep d/keep/deep d/keep/deep/f other outside outside/precious", bench.Scratch.Names());
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(folder));
    }

    [Fact]
    public async Task Purge_without_recurse_looks_at_direct_children()
    {
        await using var bench = new Bench();
        Shell.Run($"cd {bench.Scratch.Path} && mkdir -p d/keep d/empty && touch d/a d/keep/f d/keep/extra");
        var folder = bench.Make("d/", ("purge", true));
        bench.Kind.Manage([bench.Spec("d/keep/f")]);
        Assert.Equal("removed 2 entries", (await Bench.Apply(folder)).Done);
        Assert.Equal("d d/keep d/keep/extra d/keep/f", bench.Scratch.Names());
        Shell.Run($"mkdir -p {bench.Scratch.At("d/full/x")}");
        Assert.StartsWith($"cannot purge {bench.Scratch.At("d/full")}: it is a directory that is not empty", (await Bench.Apply(folder)).Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Purge_together_with_a_source_leaves_exactly_the_source()
    {
        await using var bench = new Bench();
        Shell.Run($"cd {bench.Scratch.Path} && mkdir -p s/sub t/sub/old && touch s/a s/sub/b t/x t/sub/y");
        var folder = bench.Make("t/", ("source", bench.Scratch.At("s/")), ("recurse", true), ("purge", true));
        await Bench.Apply(folder);
        Assert.Equal("s s/a s/sub s/sub/b t t/a t/sub t/sub/b", bench.Scratch.Names());
    }

    [Fact]
    public async Task Purging_directory_looks_again_when_the_definition_changes()
    {
        await using var bench = new Bench();
        Directory.CreateDirectory(bench.Scratch.At("d"));
        var folder = bench.Make("d/", ("purge", true));
        var sink = new Recorder();
        await using (await folder.WatchAsync(sink, default))
        {
            var before = sink.Count;
            bench.Kind.Manage([bench.Spec("d/f")]);
            await sink.WaitBeyond(before);
            before = sink.Count;
            bench.Scratch.Put("d/new", "");
            await sink.WaitBeyond(before);
        }

        var last = sink.Count;
        bench.Kind.Manage([]);
        Assert.Equal(last, sink.Count);
    }

    [RootFact]
    public async Task Purge_leaves_mount_points_alone()
    {
        await using var bench = new Bench();
        Shell.Run($"cd {bench.Scratch.Path} && mkdir -p d/x/m d/y && mount -t tmpfs tmpfs d/x/m && touch d/x/m/keep");
        try
        {
            var folder = bench.Make("d/", ("purge", true), ("recurse", true));
            await Bench.Apply(folder);
            Assert.Equal("d d/x d/x/m d/x/m/keep", bench.Scratch.Names());
            Assert.Equal(CheckResult.InOrder, await Bench.Apply(folder));
        }
        finally
        {
            Shell.Run($"umount -l {bench.Scratch.At("d/x/m")}");
        }
    }
}
