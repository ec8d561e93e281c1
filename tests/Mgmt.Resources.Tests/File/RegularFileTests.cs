using Mgmt.Engine.Kinds;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.File;

public sealed class RegularFileTests
{
    [Fact]
    public async Task Missing_file_is_written_and_then_in_order()
    {
        await using var bench = new Bench();
        var file = bench.Make("f1", ("content", "i am f1\n"));
        Assert.Equal(CheckResult.Changed("missing", "wrote 8 bytes"), await Bench.Apply(file));
        Assert.Equal("f1 f 644 8\n", bench.Scratch.Stat());
        Assert.Equal("i am f1\n", bench.Scratch.Read("f1"));
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(file));
    }

    [Theory]
    [InlineData("echo 12345678 > f", "content differs (9 -> 3 bytes)", "wrote 3 bytes")]
    [InlineData("printf abd > f", "content differs (3 -> 3 bytes)", "wrote 3 bytes")]
    [InlineData("rm f", "missing", "wrote 3 bytes")]
    [InlineData("rm f; ln -s precious f", "a symbolic link is there", "wrote 3 bytes")]
    [InlineData("chmod 4600 f", "mode is 04600, wanted 0640", "set mode 0640")]
    [InlineData("chmod 600 f; printf abcd > f", "content differs (4 -> 3 bytes)", "wrote 3 bytes")]
    public async Task Drift_is_repaired_and_only_told_without_apply(string drift, string wrong, string done)
    {
        await using var bench = new Bench();
        var file = bench.Make("f", ("content", "abc"), ("mode", "0640"));
        await Bench.Apply(file);
        bench.Scratch.Put("precious", "keep");
        Shell.Run($"cd {bench.Scratch.Path} && {drift}");
        var before = bench.Scratch.Snapshot();
        Assert.Equal(CheckResult.WouldChange(wrong, done.Replace("wrote", "write", StringComparison.Ordinal)), await Bench.Look(file));
        Assert.Equal(before, bench.Scratch.Snapshot());
        Assert.Equal(CheckResult.Changed(wrong, done), await Bench.Apply(file));
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(file));
        Assert.Equal("f f 640 3\nprecious f 644 4\n", bench.Scratch.Stat());
        Assert.Equal("abc", bench.Scratch.Read("f"));
    }

    [RootFact]
    public async Task Owner_and_group_are_repaired_by_name_and_by_number()
    {
        await using var bench = new Bench();
        var file = bench.Make("f", ("content", "abc"), ("owner", "root"), ("group", "7"), ("mode", "4755"));
        await Bench.Apply(file);
        Shell.Run($"chown 12:13 {bench.Scratch.At("f")}");
        Assert.Equal(CheckResult.Changed("mode is 0755, wanted 04755, owner is 12, wanted root (0), group is 13, wanted 7", "set mode 04755, set owner root, set group 7"), await Bench.Apply(file));
        Assert.Equal("0 7 4755", Shell.Run($"stat -c '%u %g %a' {bench.Scratch.At("f")}").Trim());
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(file));
    }

    [Fact]
    public async Task Unknown_owner_is_a_failure_when_applied_and_a_word_when_not()
    {
        await using var bench = new Bench();
        var file = bench.Make("f", ("content", "abc"), ("owner", "bob-the-missing"));
        var path = bench.Scratch.At("f");
        Assert.Equal(CheckResult.Failed($"cannot set owner of {path} to bob-the-missing: there is no such user; make it first, by a resource that comes before this one, or correct the name"), await Bench.Apply(file));
        Assert.Equal("there is no user bob-the-missing yet, missing", (await Bench.Look(file)).Wrong);
        Assert.Equal("", bench.Scratch.Names());
    }

    [Fact]
    public async Task Missing_parents_are_made_and_the_watch_follows()
    {
        await using var bench = new Bench();
        var file = bench.Make("a/b/f", ("content", "abc"));
        var sink = new Recorder();
        await using var watch = await file.WatchAsync(sink, default);
        Assert.Equal(CheckResult.WouldChange("missing", "make 2 missing parent directories, write 3 bytes"), await Bench.Look(file));
        Assert.Equal("", bench.Scratch.Names());
        Assert.Equal(CheckResult.Changed("missing", "made 2 missing parent directories, wrote 3 bytes"), await Bench.Apply(file));
        await bench.Kind.DrainAsync(default);
        var before = sink.Count;
        Shell.Run($"rm {bench.Scratch.At("a/b/f")}");
        await sink.WaitBeyond(before);
    }

    [Fact]
    public async Task File_without_content_is_only_there()
    {
        await using var bench = new Bench();
        var file = bench.Make("f");
        Assert.Equal(CheckResult.Changed("missing", "wrote 0 bytes"), await Bench.Apply(file));
        bench.Scratch.Put("f", "whatever");
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(file));
        Assert.Equal("content differs (8 -> 0 bytes)", (await Bench.Look(bench.Make("f", ("content", "")))).Wrong);
    }

    [Fact]
    public async Task Source_file_is_copied_and_its_changes_too()
    {
        await using var bench = new Bench();
        bench.Scratch.Put("real", "one");
        Shell.Run($"ln -s real {bench.Scratch.At("source")}");
        var file = bench.Make("f", ("source", bench.Scratch.At("source")));
        var sink = new Recorder();
        await using var watch = await file.WatchAsync(sink, default);
        await Bench.Apply(file);
        Assert.Equal("one", bench.Scratch.Read("f"));
        await bench.Kind.DrainAsync(default);
        var before = sink.Count;
        bench.Scratch.Put("real", "three");
        await sink.WaitBeyond(before);
        await Bench.Apply(file);
        Assert.Equal("three", bench.Scratch.Read("f"));
        Shell.Run($"rm {bench.Scratch.At("real")}");
        Assert.StartsWith($"cannot read the source {bench.Scratch.At("source")}: no such file", (await Bench.Apply(file)).Wrong, StringComparison.Ordinal);
        Assert.Equal("three", bench.Scratch.Read("f"));
    }

    [Fact]
    public async Task Directory_and_file_give_way_to_each_other_by_force_alone()
    {
        await using var bench = new Bench();
        Shell.Run($"mkdir -p {bench.Scratch.At("x/y/z")}");
        var before = bench.Scratch.Snapshot();
        Assert.StartsWith($"cannot make {bench.Scratch.At("x")}: a directory is there; set force: true", (await Bench.Apply(bench.Make("x", ("content", "abc")))).Wrong, StringComparison.Ordinal);
        Assert.Equal(before, bench.Scratch.Snapshot());
        var file = bench.Make("x", ("content", "abc"), ("force", true));
        Assert.Equal(CheckResult.WouldChange("a directory is there", "write 3 bytes"), await Bench.Look(file));
        Assert.Equal(before, bench.Scratch.Snapshot());
        Assert.Equal(CheckResult.Changed("a directory is there", "wrote 3 bytes"), await Bench.Apply(file));
        Assert.Equal("x f 644 3\n", bench.Scratch.Stat());
        Assert.StartsWith($"cannot make the directory {bench.Scratch.At("x")}: a regular file is there; set force: true", (await Bench.Apply(bench.Make("x/"))).Wrong, StringComparison.Ordinal);
        Assert.Equal(CheckResult.Changed("a regular file is there", "made the directory"), await Bench.Apply(bench.Make("x/", ("force", true))));
        Assert.Equal("x d 755 4096\n", bench.Scratch.Stat());
    }

    [Fact]
    public async Task Special_file_is_refused_and_kept()
    {
        await using var bench = new Bench();
        Shell.Run($"mkfifo {bench.Scratch.At("p")}");
        foreach (var resource in new[] { bench.Make("p", ("content", "x"), ("force", true)), bench.Make("p/", ("force", true)), bench.Make("p", ("symlink", "x"), ("force", true)), bench.Make("p", ("state", "absent"), ("force", true)) })
        {
            var result = await Bench.Apply(resource);
            Assert.Equal(Outcome.Failed, result.Outcome);
            Assert.Contains("a named pipe (fifo) is there", result.Wrong, StringComparison.Ordinal);
        }

        Assert.Equal("p p 644 0\n", bench.Scratch.Stat());
    }

    [Fact]
    public async Task What_a_killed_run_left_is_removed_by_the_first_check_even_if_all_is_in_order()
    {
        await using var bench = new Bench();
        bench.Scratch.Put("f", "abc");
        bench.Scratch.Put(".f.mgmt-new", "half");
        var file = bench.Make("f", ("content", "abc"));
        await Bench.Look(file);
        Assert.Equal(".f.mgmt-new f", bench.Scratch.Names());
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(file));
        Assert.Equal("f", bench.Scratch.Names());
    }

    [Fact]
    public async Task Removed_file_is_restored_on_the_thread_that_saw_it()
    {
        await using var bench = new Bench();
        var file = bench.Make("f2", ("content", "i am f2\n"));
        Assert.True(file.IsQuick);
        var last = Task.CompletedTask;
        var sink = new Recorder(mayRunHere =>
        {
            Assert.True(mayRunHere);
            // Checks of one resource never overlap; the flush at the end of the last one may still run.
            last.Wait();
            last = Bench.Apply(file);
        });
        await using var watch = await file.WatchAsync(sink, default);
        await Bench.Apply(file);
        await bench.Kind.DrainAsync(default);
        for (var i = 0; i < 100; i++)
        {
            var before = sink.Count;
            System.IO.File.Delete(bench.Scratch.At("f2"));
            await sink.WaitBeyond(before);
            await bench.Kind.DrainAsync(default);
            await last;
            Assert.Equal("i am f2\n", bench.Scratch.Read("f2"));
        }
    }
}
