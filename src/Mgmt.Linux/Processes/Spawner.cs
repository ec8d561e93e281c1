using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Mgmt.Linux.Processes;

/// <summary>Starts child processes. It costs nothing before the first, and one thread from then on.</summary>
public sealed class Spawner : IAsyncDisposable
{
    private static readonly TimeSpan LastGrace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // One count for all spawners of the process, as a number tells whose descendants are whose.
    private static ulong _lastNumber;

    private readonly Lazy<ChildLoop> _loop = new(() => new ChildLoop());
    private readonly ProcessScanner _scanner = new();
    private readonly ConcurrentDictionary<ulong, Child> _running = [];
    private bool _disposed;

    /// <summary>Starts a program.</summary>
    /// <param name="spec">What to run.</param>
    /// <param name="child">The running child; it ends by itself or by <see cref="Child.EndAsync"/>.</param>
    /// <param name="error">Why it cannot be run: a clause to follow "cannot run …: ".</param>
    /// <exception cref="ObjectDisposedException">The spawner has been disposed.</exception>
    public bool TryStart(CommandSpec spec, [NotNullWhen(true)] out Child? child, [NotNullWhen(false)] out string? error)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed), this);
        child = null;
        if (!Identity.TryResolve(spec.User, spec.Group, out var identity, out error)) return false;
        if (spec.Directory.Length > 0 && !Directory.Exists(spec.Directory))
        {
            error = $"there is no directory {spec.Directory} to run it in";
            return false;
        }

        var number = Interlocked.Increment(ref _lastNumber);
        var environment = ChildCookie.Environment(number, identity.Environment, spec.Environment);
        var path = environment.GetValueOrDefault("PATH", ProgramPath.Default);
        if (!ProgramPath.TryFind(spec.Arguments[0], path, spec.Directory, out var file, out error)) return false;
        try
        {
            error = Start(spec, identity, file, environment, number, out child);
        }
        catch (Win32Exception noDescriptors)
        {
            error = $"the agent cannot open a pipe for its output: {noDescriptors.Message}";
        }

        return child is not null;
    }

    /// <summary>Ends the children that still run, and stops the thread. Nothing may be started at the same time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true) || !_loop.IsValueCreated) return;
        await Task.WhenAll(_running.Values.Select(child => child.EndAsync(LastGrace)));
        _loop.Value.Dispose();
    }

    private string? Start(CommandSpec spec, Identity identity, string file, Dictionary<string, string> environment, ulong number, out Child? child)
    {
        child = null;
        using var pipes = ChildPipes.Open(spec);
        if (!pipes.IsInputWhole) return "its input is longer than a pipe holds";
        var (program, arguments) = identity.Words.Count == 0
            ? (file, spec.Arguments)
            : (identity.Words[0], [.. identity.Words, file, .. spec.Arguments.Skip(1)]);
        string[] variables = [.. environment.Select(one => $"{one.Key}={one.Value}")];
        var loop = _loop.Value;
        var failure = RunPatiently(program, arguments, variables, spec.Directory, pipes, out var process);
        if (failure != 0) return SpawnCall.Describe(failure, file, spec.Directory);
        if (!TryOpenHandle(process, out var descriptor)) return "the agent has no descriptors left to watch it with";
        var streams = new List<ChildStream>(capacity: 2);
        if (pipes.Output is { } output) streams.Add(new ChildStream(output.TakeReading(), spec.Output!));
        if (pipes.Errors is { } errors) streams.Add(new ChildStream(errors.TakeReading(), spec.Errors!));
        child = new Child(process, number, descriptor, streams, loop, _scanner);
        _running[number] = child;
        _ = ForgetAsync(child);
        loop.Serve(child);
        return null;
    }

    // A file that was written a moment ago counts as being written while another child, forked meanwhile, has not come to its exec.
    private static int RunPatiently(
        string file, IReadOnlyList<string> arguments, string[] variables, string directory, ChildPipes pipes, out int process)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var wait = default(SpinWait);
        while (true)
        {
            var failure = SpawnCall.Run(file, arguments, variables, directory, pipes, out process);
            if (failure != ProcessNative.ETXTBSY || TimeProvider.System.GetElapsedTime(begun) > Patience) return failure;
            wait.SpinOnce();
        }
    }

    // A child that cannot be watched must not run on unseen.
    private static unsafe bool TryOpenHandle(int process, out nint descriptor)
    {
        descriptor = (nint)ProcessNative.PidFdOpen(ProcessNative.SYS_pidfd_open, process, 0);
        if (descriptor >= 0) return true;
        _ = ProcessNative.Kill(-process, ProcessNative.SIGKILL);
        while (ProcessNative.WaitPid(process, null, 0) < 0 && Marshal.GetLastPInvokeError() == ProcessNative.EINTR)
        {
        }

        return false;
    }

    private async Task ForgetAsync(Child child)
    {
        await child.Exited;
        _running.TryRemove(child.Number, out _);
    }
}
