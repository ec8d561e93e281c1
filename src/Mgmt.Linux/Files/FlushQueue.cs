namespace Mgmt.Linux.Files;

/// <summary>The flushes of one device: one at a time, those who wait are served together.</summary>
internal sealed class FlushQueue(IFlushCalls calls)
{
    private readonly Lock _gate = new();
    private List<Waiter> _waiting = [];
    private bool _isBusy;

    internal ValueTask FlushAsync(FlushTarget target)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (_isBusy)
            {
                waiter = new Waiter(target);
                _waiting.Add(waiter);
                return new ValueTask(waiter.Task);
            }

            _isBusy = true;
        }

        int errno;
        try
        {
            errno = calls.One(target);
        }
        finally
        {
            // Whoever came meanwhile is served on the pool, so that the first caller is not held.
            if (TakeBatch() is { } batch)
                ThreadPool.UnsafeQueueUserWorkItem(static it => it.Queue.ServeAll(it.Batch), (Queue: this, Batch: batch), preferLocal: false);
        }

        return errno == 0 ? ValueTask.CompletedTask : ValueTask.FromException(Failure(target, errno));
    }

    private List<Waiter>? TakeBatch()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _isBusy = false;
                return null;
            }

            var batch = _waiting;
            _waiting = [];
            return batch;
        }
    }

    private void ServeAll(List<Waiter>? batch)
    {
        for (; batch is not null; batch = TakeBatch())
        {
            try
            {
                Serve(batch);
            }
            catch (Exception fault)
            {
                // Whatever it was, those who wait must hear of it: else they would wait for ever.
                foreach (var waiter in batch) waiter.TrySetException(fault);
            }
        }
    }

    private void Serve(List<Waiter> batch)
    {
        var errors = new Dictionary<ulong, int>(Flusher.GroupSize);
        foreach (var waiter in batch)
        {
            if (errors.Count >= Flusher.GroupSize) break;
            errors.TryAdd(waiter.Target.Inode, 0);
        }

        if (errors.Count >= Flusher.GroupSize)
        {
            var errno = calls.WholeSystem(batch[0].Target);
            foreach (var waiter in batch) waiter.Finish(errno);
            return;
        }

        errors.Clear();
        foreach (var waiter in batch)
        {
            if (!errors.TryGetValue(waiter.Target.Inode, out var errno)) errors.Add(waiter.Target.Inode, errno = calls.One(waiter.Target));
            waiter.Finish(errno);
        }
    }

    private static FileException Failure(FlushTarget target, int errno) => FileException.Of($"flush {target.Path} to the disk", errno);

    private sealed class Waiter(FlushTarget target) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal FlushTarget Target => target;

        internal void Finish(int errno)
        {
            if (errno == 0) TrySetResult();
            else TrySetException(Failure(target, errno));
        }
    }
}
