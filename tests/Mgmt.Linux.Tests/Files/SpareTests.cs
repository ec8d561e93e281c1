using Mgmt.Linux.Files;
using Mgmt.Tests;

namespace Mgmt.Linux.Tests.Files;

public sealed class SpareTests
{
    [Fact]
    public void Shelf_has_few_places_and_gives_them_to_the_likeliest()
    {
        using var shelf = new SpareShelf(2);
        FilePath[] paths = [new("/a"), new("/b"), new("/c")];
        Assert.True(shelf.TryReserve(paths[0], mayEvict: false));
        Assert.False(shelf.TryReserve(paths[0], mayEvict: true));
        Assert.True(shelf.TryReserve(paths[1], mayEvict: false));
        Assert.False(shelf.TryReserve(paths[2], mayEvict: false));
        Assert.True(shelf.TryReserve(paths[2], mayEvict: true));
        Assert.True(shelf.TryReserve(paths[0], mayEvict: true));
        Assert.False(shelf.TryReserve(paths[1], mayEvict: false));
        shelf.Put(paths[0], null);
        Assert.True(shelf.TryReserve(paths[1], mayEvict: false));
        Assert.Null(shelf.Take(paths[1]));
        shelf.Drop(paths[1]);
        shelf.Drop(paths[1]);
        Assert.True(shelf.TryReserve(paths[0], mayEvict: false));
    }

    [Fact]
    public async Task Restoring_from_a_spare_waits_for_no_flush_of_the_file()
    {
        using var scratch = new Scratch();
        var flushes = new Counter();
        using var writer = new FileWriter(new Flusher(flushes), mayBeUnnamed: true, mostSpares: 1);
        var path = new FilePath(scratch.At("f"));
        var content = FileWriterTests.Content("abc");
        var rights = new FileRights(Convert.ToInt32("640", 8), null, null);
        for (var i = 0; i < 3; i++)
        {
            writer.KeepSpare(path, content, rights, isLikely: true);
            await flushes.WaitFor(scratch.At("f"));
            // The copy is on the shelf a moment after its flush: then it can be taken.
            while (!writer.HasSpare(path)) await Task.Yield();
            await writer.WriteAsync(path, content, rights, force: false, default);
            Assert.Equal("", flushes.Seen(scratch.At("f")));
            Assert.Equal("f f 640 3\n", scratch.Stat());
            if (i == 0) Shell.Run($"rm {path}");
        }

        writer.KeepSpare(path, content, rights, isLikely: true);
        await flushes.WaitFor(scratch.At("f"));
        while (!writer.HasSpare(path)) await Task.Yield();
        var other = FileWriterTests.Content("other");
        await writer.WriteAsync(path, other, rights, force: false, default);
        Assert.Equal("other", scratch.Read("f"));
        Assert.False(writer.HasSpare(path));
        Assert.Equal("f", scratch.Names());
    }

    private sealed class Counter : IFlushCalls
    {
        private readonly SemaphoreSlim _files = new(0);

        public int One(FlushTarget target)
        {
            if (target.Path.EndsWith("/f", StringComparison.Ordinal)) _files.Release();
            return 0;
        }

        public int WholeSystem(FlushTarget target) => 0;

        internal async Task WaitFor(string path) => Assert.True(await _files.WaitAsync(TimeSpan.FromSeconds(20)), path);

        internal string Seen(string path) => _files.CurrentCount == 0 ? "" : path;
    }
}
