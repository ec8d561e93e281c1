using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mgmt.Linux.Processes;

/// <summary>A running child process: the leader of a process group and session of its own.</summary>
public sealed class Child
{
    private const int Running = 0;
    private const int Held = 1;
    private const int Reaped = 2;

    private readonly ChildLoop _loop;
    private readonly ProcessScanner _scanner;
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Running;
    private int _ending;

    internal Child(int id, ulong number, nint descriptor, IReadOnlyList<ChildStream> streams, ChildLoop loop, ProcessScanner scanner)
    {
        (Id, Number, Streams) = (id, number, streams);
        (_loop, _scanner) = (loop, scanner);
        Handle = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The process id, which is also that of its group and session.</summary>
    public int Id { get; }

    /// <summary>Completes when the child has been reaped and its output has been handed on. It never fails.</summary>
    public Task<ExitStatus> Exited => _exited.Task;

    /// <summary>Completes when the child has ended, though it may not be reaped yet.</summary>
    internal Task Gone => _gone.Task;

    /// <summary>What sets this child apart from all others of this agent; also the cookie in its environment.</summary>
    internal ulong Number { get; }

    internal SafeFileHandle Handle { get; }

    internal IReadOnlyList<ChildStream> Streams { get; }

    /// <summary>
    /// Ends the child and everything it started: SIGTERM first, then SIGKILL to what is left after <paramref name="grace"/>. When the answer is
    /// there, the child is reaped. A child that has already ended is left as it is, and so are the daemons that it left behind.
    /// </summary>
    /// <returns>False when something did not die, because the system is stuck in it or does not allow to end it.</returns>
    public async Task<bool> EndAsync(TimeSpan grace)
    {
        if (Interlocked.Exchange(ref _ending, 1) == 0) await TellAsync(EndOnceAsync(grace));
        return await _ended.Task;
    }

    // Whatever comes of it, nobody who asked may wait for ever.
    private async Task TellAsync(Task<bool> ending)
    {
        await ((Task)ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ended.SetFromTask(ending);
    }

    private async Task<bool> EndOnceAsync(TimeSpan grace)
    {
        // While it is held it stays a zombie at most, so that its id can belong to nobody else.
        if (Interlocked.CompareExchange(ref _state, Held, Running) == Running)
        {
            var allEnded = false;
            try
            {
                allEnded = await new Ending(this, _scanner).RunAsync(grace);
            }
            finally
            {
                _loop.Release(this);
            }

            if (!allEnded && !_gone.Task.IsCompleted) return false;
            await Exited;
            return allEnded;
        }

        await Exited;
        return true;
    }

    /// <summary>Called by the loop when the child has ended: whether it may be reaped now.</summary>
    internal bool TryReap()
    {
        _gone.TrySetResult();
        return Interlocked.CompareExchange(ref _state, Reaped, Running) == Running;
    }

    /// <summary>Called by the loop when nobody ends the child any more.</summary>
    internal void Unhold() => Interlocked.Exchange(ref _state, Running);

    /// <summary>Reaps the child and completes <see cref="Exited"/>.</summary>
    internal void Reap()
    {
        var status = Wait();
        Handle.Dispose();
        _exited.SetResult(status);
    }

    private unsafe ExitStatus Wait()
    {
        // siginfo_t: the code is at byte 8, the status at byte 24.
        const int Exited = 1, CodeAt = 8 / sizeof(int), StatusAt = 24 / sizeof(int);
        var signalInfo = stackalloc int[32];
        int answer;
        do
        {
            answer = ProcessNative.WaitId(ProcessNative.P_PIDFD, Handle, (byte*)signalInfo, ProcessNative.WEXITED | ProcessNative.WNOHANG);
        }
        while (answer != 0 && Marshal.GetLastPInvokeError() == ProcessNative.EINTR);
        if (answer != 0) return ExitStatus.Lost;
        return signalInfo[CodeAt] == Exited ? new ExitStatus(signalInfo[StatusAt], null) : new ExitStatus(null, signalInfo[StatusAt]);
    }
}
