namespace Mgmt.Engine.Running;

/// <summary>What a vertex is doing or waiting for.</summary>
public enum VertexState
{
    /// <summary>Checked, nothing wrong.</summary>
    InOrder,

    /// <summary>A check or a repair is running.</summary>
    Running,

    /// <summary>Its watch is being opened, before the first check.</summary>
    OpeningWatch,

    /// <summary>Its predecessors are not in order yet.</summary>
    WaitingForPredecessors,

    /// <summary>A predecessor is failed.</summary>
    Blocked,

    /// <summary>The check failed and is tried again later.</summary>
    WaitingForRetry,

    /// <summary>Its rate limit is used up.</summary>
    WaitingForLimit,

    /// <summary>Others hold its semaphore.</summary>
    WaitingForSemaphore,

    /// <summary>The check of its former definition is still running.</summary>
    WaitingForFormerSelf,

    /// <summary>The check failed and is not tried again until something happens.</summary>
    Failed,

    /// <summary>Due, while the runner stops.</summary>
    Stopped,

    /// <summary>It waits for somebody outside; <see cref="VertexStatus.On"/> says for what.</summary>
    Waiting,
}

/// <summary>One vertex as it stands.</summary>
/// <param name="Address">The resource.</param>
/// <param name="State">What it does or waits for.</param>
/// <param name="For">How long it has done so.</param>
/// <param name="On">Whom or what it waits for: addresses, a semaphore, a sentence about what only a person can do, or nothing.</param>
/// <param name="LastError">The last failure since it was last in order, or empty.</param>
/// <param name="WatchError">Why its watch is lost, or empty.</param>
public sealed record VertexStatus(Address Address, VertexState State, TimeSpan For, IReadOnlyList<string> On, string LastError, string WatchError);

/// <summary>The runner as it stands.</summary>
/// <param name="Graph">The graph's name.</param>
/// <param name="Converged">Whether nothing is running, due, retrying or unseen.</param>
/// <param name="QueueLength">Messages that the runner's loop has not handled yet.</param>
/// <param name="Vertices">Every vertex, by address.</param>
public sealed record RunnerStatus(string Graph, bool Converged, int QueueLength, IReadOnlyList<VertexStatus> Vertices);
