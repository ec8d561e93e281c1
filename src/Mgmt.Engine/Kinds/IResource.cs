namespace Mgmt.Engine.Kinds;

/// <summary>
/// One thing on the host, watched and kept. The runner opens the watch before the first check, and never runs two checks of one
/// resource at once.
/// </summary>
public interface IResource
{
    /// <summary>
    /// Whether a check together with its repair is so short that it may run on the thread that saw the event.
    /// </summary>
    bool IsQuick => false;

    /// <summary>
    /// Opens the watch. Whatever happens after it has returned reaches <paramref name="sink"/>. The answer is null where there is nothing
    /// to watch. Disposing the watch ends it: the sink is not called any more.
    /// </summary>
    /// <exception cref="ResourceException">The watch cannot be opened; the runner reports it and tries again later.</exception>
    ValueTask<IAsyncDisposable?> WatchAsync(IWatchSink sink, CancellationToken cancel);

    /// <summary>
    /// Compares the host with what is wanted and, when <see cref="CheckRequest.Apply"/> allows it, makes it so. An expected failure is a
    /// <see cref="CheckResult.Failed"/> result; an exception is reported as a failure too.
    /// </summary>
    ValueTask<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancel);
}

/// <summary>Where a watch tells what it saw. May be called from any thread; never throws, never blocks for long.</summary>
public interface IWatchSink
{
    /// <summary>The resource may have drifted: check it again.</summary>
    /// <param name="mayRunHere">The caller lends its thread: a quick resource is checked and repaired before the call returns.</param>
    void Changed(bool mayRunHere = false);

    /// <summary>The watch ended by itself and sees nothing any more. The runner reports it, opens a new one later, and checks again.</summary>
    /// <param name="error">A sentence for the log that begins with "cannot".</param>
    void Ended(string error);
}

/// <summary>A source of watch events that can tell when it has handed out everything that happened so far.</summary>
public interface IEventSource
{
    /// <summary>Completes when every event that happened before the call has reached its sink.</summary>
    ValueTask DrainAsync(CancellationToken cancel);
}

/// <summary>Something about a resource cannot be done. The message begins with "cannot" and names the thing and its value.</summary>
public sealed class ResourceException(string message, Exception? inner = null) : Exception(message, inner);
