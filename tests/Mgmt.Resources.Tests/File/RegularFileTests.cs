using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Tests.File;

public sealed class RegularFileTests
{
    [Fact]
    public async Task Missing_file_is_written_and_then_in_order()
    {
        await using var bench = new Bench();
        var file = bench.Make("f1", ("content", "i am f1\n"));
        Assert.Equal(CheckResult.Changed("missing", "wrote 8 bytes"), await Bench.Apply(file));
        Assert.Equal("i am f1\n", bench.Scratch.Read("f1"));
        Assert.Equal(CheckResult.InOrder, await Bench.Apply(file));
        Assert.Equal("f1", bench.Scratch.Names());
    }

    [Fact]
    public async Task Removed_file_is_restored_on_the_thread_that_saw_it()
    {
        await using var bench = new Bench();
        var file = bench.Make("f2", ("content", "i am f2\n"));
        Assert.True(file.IsQuick);
        var sink = new Recorder(mayRunHere =>
        {
            if (mayRunHere) Assert.True(Bench.Apply(file).IsCompletedSuccessfully);
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
            Assert.Equal("i am f2\n", bench.Scratch.Read("f2"));
        }
    }
}
