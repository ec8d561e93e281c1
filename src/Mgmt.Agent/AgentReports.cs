using Mgmt.Engine.Running;
using Mgmt.Linux.Inotify;

namespace Mgmt.Agent;

/// <summary>The agent has begun.</summary>
/// <param name="Version">The program's version.</param>
/// <param name="Hostname">The name of this host.</param>
public sealed record StartedReport(string Version, string Hostname) : Report;

/// <summary>A graph was refused. At the start the agent ends; later the graph before it goes on.</summary>
/// <param name="Text">All mistakes, as the loader shows them; several lines.</param>
/// <param name="Count">How many mistakes there are.</param>
/// <param name="KeepsOld">Whether an older graph goes on.</param>
public sealed record RefusedReport(string Text, int Count, bool KeepsOld) : Report;

/// <summary>What watches the files, when it is not as it was when that was told last.</summary>
/// <param name="Groups">Each file system's paths and directories, by what they are watched.</param>
public sealed record WatchReport(IReadOnlyList<WatchGroup> Groups) : Report;

/// <summary>Something happened to the store or the mesh that is as it should be.</summary>
/// <param name="Message">One sentence.</param>
public sealed record StoreReport(string Message) : Report
{
    /// <summary>The other host that it is about, or nothing.</summary>
    public string Peer { get; init; } = "";
}

/// <summary>Something that the user should know and that stops nothing.</summary>
/// <param name="Message">One sentence.</param>
public sealed record WarningReport(string Message) : Report
{
    /// <summary>The other host that it is about, or nothing.</summary>
    public string Peer { get; init; } = "";
}

/// <summary>The agent cannot run. It ends with exit code 1.</summary>
/// <param name="Message">One sentence that begins with "cannot".</param>
public sealed record FatalReport(string Message) : Report;

/// <summary>The agent was asked to end.</summary>
/// <param name="Reason">By whom: a signal's name, or which option.</param>
/// <param name="Running">How many checks may still finish.</param>
public sealed record StoppingReport(string Reason, int Running) : Report;

/// <summary>Somebody asked what every vertex is doing.</summary>
/// <param name="Status">The answer.</param>
/// <param name="Queues">Every other loop's queue, by name, with its length.</param>
public sealed record StatusReport(RunnerStatus Status, IReadOnlyList<(string Name, int Length)> Queues) : Report;
