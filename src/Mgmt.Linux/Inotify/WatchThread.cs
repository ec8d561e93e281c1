using Mgmt.Linux.Fanotify;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>
/// The one thread of the process that reads the kernel's queues of file events. It calls the listeners itself, without a queue in
/// between: measured, this is what lets a repair be done before the next command of a shell looks.
/// </summary>
internal sealed partial class WatchThread : IAsyncDisposable
{
    private const int StackBytes = 512 * 1024;

    private readonly OpenFile _queue;
    private readonly OpenFile _wake;
    private readonly OpenFile _mounts;
    private readonly EventBatch _batch;
    private readonly IEventReader[] _readers;
    private readonly Action<Exception> _faulted;
    private readonly ReadingPace _pace;
    private readonly Round<IInotifyListener> _recheck;
    private readonly Round<IPolled> _looks;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;

    /// <summary>Opens the descriptors and starts the thread.</summary>
    /// <exception cref="FileException">The kernel gives no descriptor.</exception>
    internal WatchThread(WatcherOptions options, TimeProvider time, Action<Exception> faulted)
    {
        (_faulted, _pace) = (faulted, new ReadingPace(time));
        (_recheck, _looks) = (new(time, options.LookEvery), new(time, options.LookEvery));
        _batch = new EventBatch(faulted, _recheck.Ask);
        _queue = InotifyNative.InotifyInit1(InotifyNative.NonBlock | InotifyNative.CloseOnExec);
        if (_queue.IsInvalid) throw NoDescriptor(Errno.Last);
        _wake = InotifyNative.EventFd(0, InotifyNative.NonBlock | InotifyNative.CloseOnExec);
        if (_wake.IsInvalid) throw FileException.Of("make an eventfd for file events", Errno.Last);
        // Where there is no /proc its handle is invalid, and poll leaves it out.
        _mounts = OpenFile.Try(OpenFile.None, new FileName("/proc/self/mountinfo"), FileNative.ReadOnly, out _);
        Table = new InodeTable(_queue, options, OnTableChanged);
        _readers = [new InotifyReader(_queue, Table), new FanotifyReader(Table)];
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = "file events" };
        _thread.Start();
    }

    internal InodeTable Table { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isStopping) return;
        _isStopping = true;
        Wake();
        // From a listener, on the event thread itself, waiting for its end would be waiting for ever.
        if (Thread.CurrentThread == _thread) return;
        await _ended.Task;
        _queue.Dispose();
        Table.Fanotify?.Queue.Dispose();
        _wake.Dispose();
        _mounts.Dispose();
    }

    private static FileException NoDescriptor(int errno) => errno == Errno.TooManyFiles
        ? new FileException(
            "cannot watch files: the user's limit of inotify instances or of open files is reached; "
            + "raise the sysctl fs.inotify.max_user_instances, or the agent's limit of open files",
            errno)
        : FileException.Of("watch files", errno);

    private void Run()
    {
        try
        {
            while (!_isStopping)
            {
                WaitForEvents();
                TakeDrains();
                foreach (var reader in _readers) ReadEvents(reader);
                DoRounds();
                EndDrains();
            }

            Finish(null);
        }
        catch (Exception fault)
        {
            // A queue itself is lost, which no listener could cause: each hears that its watch ended and opens a new one.
            Finish(fault);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void ReadEvents(IEventReader reader)
    {
        // What was queued when they asked is so much; what comes later is not theirs to wait for.
        var rest = HasNewDrains ? reader.Waiting : 1;
        while (rest > 0)
        {
            _batch.Begin();
            var read = reader.Read(_batch);
            if (read > 0) _pace.Note(_batch.IsForSomebody);
            _batch.Deliver(mayLend: true);
            if (read == 0) return;
            rest -= read;
        }
    }

    /// <summary>Checks again what lost events may concern, and looks at what nothing tells of: each a little at a time.</summary>
    private void DoRounds()
    {
        if (Table.Polled.Count > 0) _looks.Ask();
        _recheck.Work(isUrgent: false, Table.Listeners, listener =>
        {
            _batch.Begin();
            _batch.Guard(static (it, batch) => it.Seen(Everything, InotifyMask.Overflow, [], batch), listener);
            _batch.Deliver(mayLend: false);
        });
        _looks.Work(HasDrains, Table.Polled.Take, polled =>
        {
            _batch.Begin();
            _batch.Guard(static (it, batch) => it.Look(batch), polled);
            _batch.Deliver(mayLend: false);
        });
    }

    private void Finish(Exception? fault)
    {
        _isStopping = true;
        EndDrains(all: true);
        if (fault is null) return;
        _faulted(fault);
        var error = fault is FileException ? fault.Message : $"cannot watch files: {fault.Message}";
        foreach (var listener in Table.Listeners()) _batch.Guard((it, _) => it.Ended(error), listener);
        foreach (var watch in MountWatches()) _batch.Guard((it, _) => it.TellEnd(error), watch);
    }
}
