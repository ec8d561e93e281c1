using Mgmt.Mesh.Node;

namespace Mgmt.Mesh.Tests.Node;

/// <summary>Whoever hands in faster than it is done is held up, and goes on as soon as there is little left.</summary>
public sealed class TurnsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Who_is_held_up_goes_on_when_no_more_than_so_many_wait()
    {
        var turns = new Turns(static e => throw e);
        using var step = new SemaphoreSlim(0);
        using var stepped = new SemaphoreSlim(0);
        var working = Task.Factory.StartNew(() => turns.Take(Step), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await stepped.WaitAsync(Soon);
        for (var i = 0; i < 3; i++) turns.Take(Step);
        var held = Task.Factory.StartNew(() => turns.HoldUntil(2), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        step.Release();
        Assert.True(await stepped.WaitAsync(Soon));
        Assert.Equal(3, turns.Waiting);
        Assert.False(held.IsCompleted);
        step.Release();
        Assert.True(await stepped.WaitAsync(Soon));
        await held.WaitAsync(Soon);
        Assert.Equal(2, turns.Waiting);
        step.Release(2);
        await working.WaitAsync(Soon);
        turns.HoldUntil(0);

        void Step()
        {
            stepped.Release();
            step.Wait();
        }
    }

    [Fact]
    public async Task None_is_held_for_ever()
    {
        var turns = new Turns(static e => throw e);
        var done = 0;
        var handing = Task.Factory.StartNew(() =>
        {
            for (var i = 0; i < 200_000; i++)
            {
                turns.Take(() => done++);
                turns.HoldUntil(1);
            }
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (var i = 0; i < 200_000; i++) turns.Take(() => done++);
        await handing.WaitAsync(Soon);
        turns.HoldUntil(0);
        Assert.Equal(400_000, done);
    }
}
