using Mgmt.Linux.Files;

namespace Mgmt.Linux.Tests.Files;

public sealed class FlusherTests
{
    [Fact]
    public void Idle_device_is_flushed_on_the_callers_thread()
    {
        var calls = new Calls();
        var flusher = new Flusher(calls);
        Assert.True(Flush(flusher, 1).IsCompletedSuccessfully);
        Assert.True(Flush(flusher, 2).IsCompletedSuccessfully);
        Assert.Equal("one 1, one 2", calls.ToString());
    }

    [Theory]
    [InlineData(5, "one 0, one 1, one 2, one 3, one 4, one 5")]
    [InlineData(8, "one 0, all")]
    [InlineData(500, "one 0, all")]
    public async Task Those_who_wait_are_served_together(int waiting, string expected)
    {
        var calls = new Calls();
        var flusher = new Flusher(calls);
        var (first, others) = await Busy(flusher, calls, Enumerable.Range(1, waiting));
        Assert.All(others, task => Assert.False(task.IsCompleted));
        calls.Proceed.Set();
        await Task.WhenAll([first, .. others]).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(expected, calls.ToString());
        Assert.True(Flush(flusher, 9).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task One_directory_is_flushed_once_for_all_its_files()
    {
        var calls = new Calls();
        var flusher = new Flusher(calls);
        var (first, others) = await Busy(flusher, calls, Enumerable.Repeat(7, 300));
        calls.Proceed.Set();
        await Task.WhenAll([first, .. others]).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("one 0, one 7", calls.ToString());
    }

    [Fact]
    public async Task Devices_do_not_wait_for_each_other()
    {
        var calls = new Calls();
        var flusher = new Flusher(calls);
        var (first, _) = await Busy(flusher, calls, []);
        Assert.True(Flush(flusher, 1, device: 2).IsCompletedSuccessfully);
        calls.Proceed.Set();
        await first;
    }

    [Theory]
    [InlineData(3)]
    [InlineData(30)]
    public async Task Everybody_hears_of_an_error(int waiting)
    {
        var calls = new Calls();
        var flusher = new Flusher(calls);
        var (first, others) = await Busy(flusher, calls, Enumerable.Range(1, waiting));
        calls.Errno = 5;
        calls.Proceed.Set();
        foreach (var task in (Task[])[first, .. others])
        {
            var fault = await Assert.ThrowsAsync<FileException>(() => task.WaitAsync(TimeSpan.FromSeconds(20)));
            Assert.Contains("EIO", fault.Message, StringComparison.Ordinal);
        }

        calls.Errno = 0;
        Assert.True(Flush(flusher, 1).IsCompletedSuccessfully);
    }

    private static Task Flush(Flusher flusher, int inode, ulong device = 1) => flusher.FlushAsync(OpenFile.None, new FileIdentity(device, (ulong)inode, 0), $"f{inode}").AsTask();

    /// <summary>Lets inode 0 be flushed until the calls may proceed, and others ask meanwhile.</summary>
    private static async Task<(Task First, Task[] Others)> Busy(Flusher flusher, Calls calls, IEnumerable<int> inodes)
    {
        calls.Proceed.Reset();
        var first = Task.Run(() => Flush(flusher, 0));
        await calls.IsHeld.WaitAsync(TimeSpan.FromSeconds(20));
        return (first, [.. inodes.Select(inode => Flush(flusher, inode))]);
    }

    private sealed class Calls : IFlushCalls
    {
        private readonly List<string> _seen = [];

        internal ManualResetEventSlim Proceed { get; } = new(initialState: true);

        internal SemaphoreSlim IsHeld { get; } = new(0);

        internal int Errno { get; set; }

        public int One(FlushTarget target) => Call($"one {target.Inode}", isFirst: target.Inode == 0);

        public int WholeSystem(FlushTarget target) => Call("all", isFirst: false);

        public override string ToString()
        {
            lock (_seen) return string.Join(", ", _seen);
        }

        private int Call(string what, bool isFirst)
        {
            lock (_seen) _seen.Add(what);
            if (!isFirst) return Errno;
            IsHeld.Release();
            Proceed.Wait(TimeSpan.FromSeconds(20));
            return Errno;
        }
    }
}
