namespace Mgmt.Mesh.Node;

/// <summary>Lets those through who wait for an index to be applied.</summary>
internal sealed class AppliedGate
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private long _applied;

    /// <summary>The last index that was applied.</summary>
    public long Applied => Volatile.Read(ref _applied);

    /// <summary>Ends when the index is applied.</summary>
    public Task WaitAsync(long index, CancellationToken cancel)
    {
        if (index <= Applied) return Task.CompletedTask;
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (index <= Applied) return Task.CompletedTask;
            _waiting.Enqueue(waiter, index);
        }

        // One who gave up stays in the queue until its index comes, which is soon or never.
        return waiter.Task.WaitAsync(cancel);
    }

    /// <summary>Moves on to an index.</summary>
    public void Advance(long index)
    {
        lock (_lock)
        {
            Volatile.Write(ref _applied, index);
            while (_waiting.TryPeek(out _, out var at) && at <= index) _waiting.Dequeue().SetResult();
        }
    }
}
