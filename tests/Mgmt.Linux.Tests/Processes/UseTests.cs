using Mgmt.Linux.Processes;

namespace Mgmt.Linux.Tests.Processes;

/// <summary>Tests that count what the whole process uses: nothing else may run at the same time.</summary>
[CollectionDefinition("counting", DisableParallelization = true)]
public sealed class Counting;

[Collection("counting")]
public sealed class UseTests : IAsyncLifetime
{
    private readonly Spawner _spawner = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _spawner.DisposeAsync();

    [Fact]
    public async Task Five_hundred_children_at_once_need_one_thread_and_leave_nothing()
    {
        var before = Threads();
        var children = new List<Child>();
        for (var i = 0; i < 500; i++) children.Add(_spawner.Start(new CommandSpec(["sleep", "1000"]) { Output = new OutputCapture(), Errors = new OutputCapture() }));
        Assert.True(Threads() - before < 40, $"{Threads() - before} more threads");
        Assert.All(children, child => Assert.False(child.Exited.IsCompleted));
        var ended = await Task.WhenAll(children.Select(child => child.EndAsync(TimeSpan.FromSeconds(2)))).Soon();
        Assert.DoesNotContain(false, ended);
        Assert.All(children, child => Assert.False(Directory.Exists($"/proc/{child.Id}")));
    }

    [Fact]
    public async Task Neither_what_ran_nor_what_failed_to_start_leaves_a_descriptor()
    {
        using var place = new Place();
        place.Script("bare", "exit 0");
        await _spawner.StartShell("exit 0").Exited.Soon();
        var before = Directory.GetFiles("/proc/self/fd").Length;
        for (var i = 0; i < 100; i++)
        {
            Assert.False(_spawner.TryStart(new CommandSpec([place["bare"]]) { Output = new OutputCapture(), Errors = new OutputCapture() }, out _, out _));
            await _spawner.StartShell("exit 0", new OutputCapture(), new OutputCapture()).Exited.Soon();
        }

        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 20);
    }

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;
}
