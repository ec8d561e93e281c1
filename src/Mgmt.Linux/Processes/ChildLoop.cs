using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mgmt.Linux.Processes;

/// <summary>One thread that serves all children: it reads what they write, and reaps them. At rest it sleeps in the kernel.</summary>
internal sealed class ChildLoop : IDisposable
{
    private const ulong WakeToken = 0;
    private const ulong SourcesPerChild = 4;
    private const ulong ExitSource = 3;

    // Streams that daemons of finished children hold open, each of which costs a descriptor.
    private const int MostOrphans = 256;

    private readonly Epoll _epoll = new();
    private readonly SafeFileHandle _wake;
    private readonly ConcurrentQueue<(Order Order, Child? Child)> _orders = new();
    private readonly Dictionary<ulong, Child> _children = [];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Thread _thread;
    private int _orphans;
    private bool _stopped;

    internal ChildLoop()
    {
        ChildSignal.KeepZombies();
        var wake = ProcessNative.EventFd(0, ProcessNative.EFD_CLOEXEC | ProcessNative.EFD_NONBLOCK);
        if (wake < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        _wake = new SafeFileHandle(wake, ownsHandle: true);
        _epoll.Add(_wake, WakeToken);
        _thread = new Thread(Run) { IsBackground = true, Name = "children" };
        _thread.Start();
    }

    private enum Order
    {
        Serve,
        Release,
        Stop,
    }

    /// <summary>Serves a new child from now on.</summary>
    internal void Serve(Child child) => Post(Order.Serve, child);

    /// <summary>The child's end, whether seen already or not, is the loop's business again.</summary>
    internal void Release(Child child) => Post(Order.Release, child);

    /// <summary>Stops the thread. Children that still run are not served any more.</summary>
    public void Dispose()
    {
        Post(Order.Stop, null);
        _thread.Join();
        foreach (var child in _children.Values)
        {
            foreach (var stream in child.Streams) stream.Dispose();
        }

        _epoll.Dispose();
        _wake.Dispose();
    }

    private void Post(Order order, Child? child)
    {
        _orders.Enqueue((order, child));
        if (ProcessNative.EventFdWrite(_wake, 1) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    private void Run()
    {
        Span<ulong> tokens = stackalloc ulong[64];
        while (!_stopped)
        {
            var count = _epoll.Wait(tokens);
            foreach (var token in tokens[..count])
            {
                if (token == WakeToken) TakeOrders();
                else if (_children.TryGetValue(token / SourcesPerChild, out var child)) OnReady(child, token % SourcesPerChild);
            }
        }
    }

    private unsafe void TakeOrders()
    {
        ulong count;
        _ = ProcessNative.Read(_wake, (byte*)&count, sizeof(ulong));
        while (_orders.TryDequeue(out var next))
        {
            if (next.Order == Order.Serve) Begin(next.Child!);
            else if (next.Order == Order.Release) TakeBack(next.Child!);
            else _stopped = true;
        }
    }

    private void Begin(Child child)
    {
        _children.Add(child.Number, child);
        for (var i = 0; i < child.Streams.Count; i++) _epoll.Add(child.Streams[i].Reading, Token(child, (ulong)i));
        _epoll.Add(child.Handle, Token(child, ExitSource), once: true);
    }

    private void TakeBack(Child child)
    {
        child.Unhold();
        if (child.Gone.IsCompleted) OnExit(child);
        else _epoll.Again(child.Handle, Token(child, ExitSource));
    }

    private void OnReady(Child child, ulong source)
    {
        if (source == ExitSource)
        {
            OnExit(child);
            return;
        }

        var stream = child.Streams[(int)source];
        if (!stream.IsOpen) return;
        stream.ReadOnce(_buffer);
        if (stream.IsOpen || !child.Exited.IsCompleted) return;
        _orphans--;
        ForgetWhenDone(child);
    }

    private void OnExit(Child child)
    {
        foreach (var stream in child.Streams) stream.Drain(_buffer);
        if (!child.TryReap()) return;
        foreach (var stream in child.Streams)
        {
            stream.EndOutput();
            if (stream.IsOpen && _orphans >= MostOrphans) stream.Dispose();
            if (stream.IsOpen) _orphans++;
        }

        child.Reap();
        ForgetWhenDone(child);
    }

    private void ForgetWhenDone(Child child)
    {
        if (child.Streams.All(stream => !stream.IsOpen)) _children.Remove(child.Number);
    }

    private static ulong Token(Child child, ulong source) => (child.Number * SourcesPerChild) + source;
}
