using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Running;

/// <summary>One check of several members of a group. It holds what semaphores any of them needs until all are done.</summary>
/// <param name="Parts">Two or more, in the order of their addresses.</param>
/// <param name="Semaphores">The ids of those that it holds.</param>
internal sealed record JointRun(IReadOnlyList<JointPart> Parts, IReadOnlyList<string> Semaphores);

/// <summary>One member's part of it.</summary>
internal sealed record JointPart(RunnerVertex Vertex, CheckRequest Request)
{
    /// <summary>Its result is told; it runs on with the others, and is not started again before they are done.</summary>
    public bool HasEnded { get; set; }
}
