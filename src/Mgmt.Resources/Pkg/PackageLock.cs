using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Resources.Pkg;

/// <summary>
/// Waits for dpkg's lock to be free. Whoever holds it has its file open for writing, and lets go of the lock before the file is closed, so that the event of
/// the closing is the sign. It is never taken here, not even for a moment: other tools give up at once when they do not get it.
/// </summary>
internal sealed class PackageLock(PathWatcher watcher, TimeProvider time, string prefix)
{
    // A child of the holder may keep the file open longer than the lock is held.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    private readonly FilePath[] _files = [new(prefix + "/var/lib/dpkg/lock-frontend"), new(prefix + "/var/lib/dpkg/lock")];
    private int _waiting;

    /// <summary>How many wait for it.</summary>
    internal int Waiting => _waiting;

    /// <summary>Who holds it, as words; empty when nobody does.</summary>
    internal string Holder
    {
        get
        {
            foreach (var file in _files)
            {
                if (LockProbe.HolderOf(file.Full) is { } process) return Describe(process);
            }

            return "";
        }
    }

    /// <summary>Waits until nobody holds it.</summary>
    /// <returns>Who still holds it when the time is over; else empty.</returns>
    /// <exception cref="FileException">It cannot be watched.</exception>
    internal async Task<string> WaitAsync(TimeSpan patience, CancellationToken cancel)
    {
        var closed = new Closing();
        var watches = new List<PathWatch>();
        Interlocked.Increment(ref _waiting);
        try
        {
            foreach (var file in _files) watches.Add(watcher.Watch(file, closed, PathEvents.CompletedWrites));
            for (var begun = time.GetTimestamp(); ;)
            {
                var next = closed.Next();
                var holder = Holder;
                if (holder.Length == 0 || time.GetElapsedTime(begun) >= patience) return holder;
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                await Task.WhenAny(next, Task.Delay(LookAgain, time, stop.Token));
                await stop.CancelAsync();
                cancel.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
            foreach (var watch in watches) watch.Dispose();
        }
    }

    private static string Describe(int process)
    {
        if (process <= 0) return "another process";
        try
        {
            return $"{System.IO.File.ReadAllText($"/proc/{process}/comm").Trim()} (process {process})";
        }
        catch (IOException)
        {
            return $"process {process}";
        }
    }

    private sealed class Closing : IPathListener
    {
        private TaskCompletionSource _event = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes with the first event after the call.</summary>
        internal Task Next()
        {
            var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _event, next);
            return next.Task;
        }

        public void Changed(bool mayRunHere) => Volatile.Read(ref _event).TrySetResult();

        public void Ended(string error) => Changed(mayRunHere: false);
    }
}
