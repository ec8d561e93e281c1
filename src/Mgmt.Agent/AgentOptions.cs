using Mgmt.Linux.Inotify;

namespace Mgmt.Agent;

/// <summary>What `mgmt run` was asked for.</summary>
public sealed record AgentOptions
{
    /// <summary>Graph files and directories, as given; together they are one graph. None is a host that only keeps a store.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Exit so long after the last activity, once converged; zero is at once, null is never.</summary>
    public TimeSpan? ConvergedTimeout { get; init; }

    /// <summary>Wait with that exit until all agents of the mesh are converged for so long.</summary>
    public bool ConvergedCluster { get; init; }

    /// <summary>Exit after so long in any case; null is never.</summary>
    public TimeSpan? MaxRuntime { get; init; }

    /// <summary>Change nothing, and say what would be done.</summary>
    public bool Noop { get; init; }

    /// <summary>Do not watch the graph files; SIGHUP reads them again all the same.</summary>
    public bool NoWatch { get; init; }

    /// <summary>By which of the kernel's facilities files are watched.</summary>
    public WatcherChoice Watcher { get; init; }

    /// <summary>The name of this host.</summary>
    public required string Hostname { get; init; }

    /// <summary>Where to write the graph as DOT, at the start and after each change; null is nowhere.</summary>
    public string? Graphviz { get; init; }

    /// <summary>The graphviz program that draws the picture.</summary>
    public string GraphvizFilter { get; init; } = "dot";

    /// <summary>The directory of the agent's state; made when it is missing.</summary>
    public required string Prefix { get; init; }

    /// <summary>Use a new directory under the system's temporary one instead of <see cref="Prefix"/>, and remove it at the end.</summary>
    public bool TmpPrefix { get; init; }

    /// <summary>How many checks may run at once; 0 is any number.</summary>
    public int Parallel { get; init; }

    /// <summary>About the store and the mesh.</summary>
    public StoreOptions Store { get; init; } = new();

    /// <summary>Tell changed and failed resources apart in the exit code.</summary>
    public bool DetailedExitCodes { get; init; }
}
