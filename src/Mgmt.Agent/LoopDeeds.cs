using Mgmt.Engine;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Running;

namespace Mgmt.Agent;

/// <summary>What the agent's loop has done by others. All of it is called from the loop, one call at a time.</summary>
internal sealed record LoopDeeds
{
    /// <summary>Takes what the user should see.</summary>
    public required Action<Report> Tell { get; init; }

    /// <summary>Reads the graph files again; null when they are wrong, which it tells by itself when it is given true.</summary>
    public required Func<bool, Definition?> Reload { get; init; }

    /// <summary>Answers the definition with what peers export now; null when it comes to the same.</summary>
    public required Func<Definition?> Recollect { get; init; }

    /// <summary>Takes each plan.</summary>
    public required Action<Plan> PutInForce { get; init; }

    /// <summary>Gives back the memory that only reading the graph and bringing it into order took. It may stop all threads for a while.</summary>
    public required Action Trim { get; init; }
}
