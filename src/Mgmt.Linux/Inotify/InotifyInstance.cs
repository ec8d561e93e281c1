using System.Runtime.InteropServices;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Inotify;

/// <summary>
/// The one inotify descriptor of the process and the one thread that reads it. The thread calls the listeners itself, without a queue in
/// between: measured, this is what lets a repair be done before the next command of a shell looks.
/// </summary>
internal sealed partial class InotifyInstance : IAsyncDisposable
{
    private const int StackBytes = 512 * 1024;
    private const int HeaderBytes = 16;

    private readonly OpenFile _queue;
    private readonly OpenFile _wake;
    private readonly OpenFile _mounts;
    private readonly EventBatch _batch;
    private readonly Action<Exception> _faulted;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(16 * 1024, pinned: true);
    private volatile bool _isStopping;

    /// <summary>Opens the descriptor and starts the thread.</summary>
    /// <exception cref="FileException">The kernel gives no descriptor.</exception>
    internal InotifyInstance(Action<Exception> faulted)
    {
        _faulted = faulted;
        _batch = new EventBatch(faulted);
        _queue = InotifyNative.InotifyInit1(InotifyNative.NonBlock | InotifyNative.CloseOnExec);
        if (_queue.IsInvalid) throw NoDescriptor(Errno.Last);
        _wake = InotifyNative.EventFd(0, InotifyNative.NonBlock | InotifyNative.CloseOnExec);
        if (_wake.IsInvalid) throw FileException.Of("make an eventfd for file events", Errno.Last);
        // Where there is no /proc its handle is invalid, and poll leaves it out.
        _mounts = OpenFile.Try(OpenFile.None, new FileName("/proc/self/mountinfo"), FileNative.ReadOnly, out _);
        Table = new InotifyTable(_queue);
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = "file events" };
        _thread.Start();
    }

    internal InotifyTable Table { get; }

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
                ReadSignals();
            }

            Finish(null);
        }
        catch (Exception fault)
        {
            // The queue itself is lost, which no listener could cause: each hears that its watch ended and opens a new one.
            Finish(fault);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void ReadSignals()
    {
        var drains = TakeDrains();
        if (drains.Count == 0)
        {
            _ = DispatchOnce();
            return;
        }

        // What was queued when they asked is this many bytes; what comes later is not theirs to wait for.
        var bytes = InotifyNative.IoControl(_queue, InotifyNative.BytesWaiting, out var waiting) == 0 ? waiting : 0;
        while (bytes > 0 && DispatchOnce() is > 0 and var read) bytes -= read;
        foreach (var drain in drains) drain.TrySetResult();
    }

    private int DispatchOnce()
    {
        var count = InotifyNative.Read(_queue, ref _buffer[0], (nuint)_buffer.Length);
        if (count < 0)
        {
            return Errno.Last is Errno.Again or Errno.Interrupted ? 0 : throw FileException.Of("read file events", Errno.Last);
        }

        _batch.Begin();
        for (var rest = _buffer.AsSpan(0, (int)count); rest.Length >= HeaderBytes;)
        {
            var nameBytes = MemoryMarshal.Read<int>(rest[12..]);
            var name = rest.Slice(HeaderBytes, nameBytes);
            var end = name.IndexOf((byte)0);
            Dispatch(MemoryMarshal.Read<int>(rest), (InotifyMask)MemoryMarshal.Read<uint>(rest[4..]), end < 0 ? name : name[..end]);
            rest = rest[(HeaderBytes + nameBytes)..];
        }

        _batch.Deliver();
        return (int)count;
    }

    private void Dispatch(int watch, InotifyMask mask, ReadOnlySpan<byte> name)
    {
        if ((mask & InotifyMask.Overflow) != 0)
        {
            // The kernel threw events away: anything may have happened to anybody.
            foreach (var listener in Table.Listeners()) Tell(listener, new InotifyRole(InotifyMask.Overflow, FileName.Empty), mask, []);
            return;
        }

        foreach (var subscription in Table.Find(watch, (mask & InotifyMask.Ignored) != 0))
        {
            var heard = mask & (subscription.Role.Mask | InotifyMask.Unasked);
            if ((heard & ~InotifyMask.IsFolder) != 0) Tell(subscription.Listener, subscription.Role, heard, name);
        }
    }

    private void Tell(IInotifyListener listener, InotifyRole role, InotifyMask mask, ReadOnlySpan<byte> name)
    {
        try
        {
            listener.Seen(role, mask, name, _batch);
        }
        catch (Exception fault)
        {
            _faulted(fault);
        }
    }

    private void Finish(Exception? fault)
    {
        _isStopping = true;
        foreach (var drain in TakeDrains()) drain.TrySetResult();
        if (fault is null) return;
        _faulted(fault);
        var error = fault is FileException ? fault.Message : $"cannot watch files: {fault.Message}";
        foreach (var listener in Table.Listeners()) _batch.Guard((it, _) => it.Ended(error), listener);
        foreach (var watch in MountWatches()) _batch.Guard((it, _) => it.TellEnd(error), watch);
    }
}
