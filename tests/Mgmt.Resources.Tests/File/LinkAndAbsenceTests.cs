using Mgmt.Engine.Kinds;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.File;

public sealed class LinkAndAbsenceTests
{
    [Fact]
    public async Task Link_is_made_and_repaired()
    {
        await using var bench = new Bench();
        var link = bench.Make("l", ("symlink", "target"));
        Assert.Equal(CheckResult.WouldChange("missing", "make a link to target"), await Bench.Look(link));
        Assert.Equal(CheckResult.Changed("missing", "made a link to target"), await Bench.Apply(link));
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(link));
        bench.Scratch.Put("target", "keep");
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(link));
        Shell.Run($"ln -sfn elsewhere {bench.Scratch.At("l")}");
        Assert.Equal(CheckResult.Changed("leads to elsewhere, wanted target", "made a link to target"), await Bench.Apply(link));
        Shell.Run($"cd {bench.Scratch.Path} && rm l && echo > l");
        Assert.Equal(CheckResult.Changed("a regular file is there", "made a link to target"), await Bench.Apply(link));
        Assert.Equal("keep", bench.Scratch.Read("l"));
        Shell.Run($"cd {bench.Scratch.Path} && rm l && mkdir l");
        Assert.Equal(Outcome.Failed, (await Bench.Apply(link)).Outcome);
        Assert.Equal(Outcome.Changed, (await Bench.Apply(bench.Make("l", ("symlink", "target"), ("force", true)))).Outcome);
        Assert.Equal("l target", bench.Scratch.Names());
    }

    [Fact]
    public async Task Link_to_a_directory_is_removed_itself_and_never_what_it_leads_to()
    {
        await using var bench = new Bench();
        Shell.Run($"cd {bench.Scratch.Path} && mkdir d && touch d/keep && ln -s d l");
        Assert.Equal(Outcome.Failed, (await Bench.Apply(bench.Make("l/", ("state", "absent"), ("recurse", true)))).Outcome);
        Assert.Equal(CheckResult.Changed("a symbolic link is there", "removed"), await Bench.Apply(bench.Make("l", ("state", "absent"))));
        Assert.Equal("d d/keep", bench.Scratch.Names());
    }

    [Fact]
    public async Task Absent_things_are_removed()
    {
        await using var bench = new Bench();
        Shell.Run($"cd {bench.Scratch.Path} && touch f && mkdir -p d/e/f empty");
        var file = bench.Make("f", ("state", "absent"));
        Assert.Equal(CheckResult.WouldChange("a regular file is there", "remove it"), await Bench.Look(file));
        Assert.Equal(CheckResult.Changed("a regular file is there", "removed"), await Bench.Apply(file));
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(file));
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(bench.Make("no/such/f", ("state", "absent"))));
        Assert.Equal(Outcome.Changed, (await Bench.Apply(bench.Make("empty/", ("state", "absent")))).Outcome);
        Assert.StartsWith($"cannot remove {bench.Scratch.At("d")}: a directory is there", (await Bench.Apply(bench.Make("d", ("state", "absent")))).Wrong, StringComparison.Ordinal);
        Assert.StartsWith($"cannot remove the directory {bench.Scratch.At("d")}: it is not empty; set recurse: true", (await Bench.Apply(bench.Make("d/", ("state", "absent")))).Wrong, StringComparison.Ordinal);
        Assert.Equal("d d/e d/e/f", bench.Scratch.Names());
        Assert.Equal(Outcome.Changed, (await Bench.Apply(bench.Make("d/", ("state", "absent"), ("recurse", true)))).Outcome);
        Assert.Equal("", bench.Scratch.Names());
    }
}
