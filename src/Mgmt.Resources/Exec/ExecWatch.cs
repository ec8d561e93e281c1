using Mgmt.Engine.Kinds;
using Mgmt.Linux.Processes;

namespace Mgmt.Resources.Exec;

/// <summary>A running <c>watchcmd</c>: each of its lines is an event, and its end is the watch's.</summary>
internal sealed class ExecWatch : IAsyncDisposable
{
    private readonly CommandLine _line;
    private readonly IWatchSink _sink;
    private readonly OutputCapture _errors = new();
    private Task _ended = Task.CompletedTask;
    private Child? _child;
    private bool _disposed;

    private ExecWatch(CommandLine line, IWatchSink sink) => (_line, _sink) = (line, sink);

    /// <exception cref="ResourceException">The command cannot be started.</exception>
    internal static ExecWatch Open(CommandLine line, CommandSpec surroundings, Spawner spawner, IWatchSink sink)
    {
        var watch = new ExecWatch(line, sink);
        var spec = surroundings with { Arguments = line.Words, Output = new OutputLines(watch.OnLine), Errors = watch._errors };
        if (!spawner.TryStart(spec, out watch._child, out var error)) throw new ResourceException($"cannot watch with {line}: {error}");
        watch._ended = watch.TellEndAsync(watch._child);
        return watch;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Volatile.Write(ref _disposed, true);
        if (_child is null || await _child.EndAsync(CommandRun.Grace)) await _ended;
    }

    private void OnLine(string line)
    {
        if (!Volatile.Read(ref _disposed)) _sink.Changed();
    }

    private async Task TellEndAsync(Child child)
    {
        var status = await child.Exited;
        if (Volatile.Read(ref _disposed)) return;
        var last = _errors.ToString().TrimEnd().Split('\n')[^1];
        _sink.Ended($"cannot watch with {_line}: the command {status}" + (last.Length > 0 ? $" (it printed: {last})" : ""));
    }
}
