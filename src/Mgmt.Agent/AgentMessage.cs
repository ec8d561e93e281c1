using Mgmt.Engine.Kinds;

namespace Mgmt.Agent;

/// <summary>What the agent's loop is told.</summary>
internal abstract record AgentMessage
{
    /// <summary>The graph files may have changed.</summary>
    /// <param name="IsSure">False: somebody may still be writing them, so that a mistake found now need not be one.</param>
    public sealed record Reload(bool IsSure) : AgentMessage;

    /// <summary>The agent is to end. A second time: at once.</summary>
    public sealed record Stop(string Reason) : AgentMessage;

    /// <summary>Somebody wants to know what every vertex is doing.</summary>
    public sealed record Describe : AgentMessage;

    /// <summary>The graph is converged.</summary>
    public sealed record Converged : AgentMessage;

    /// <summary>Something is to be done again.</summary>
    public sealed record Active : AgentMessage;

    /// <summary>A kind answered the question numbered so.</summary>
    public sealed record Surveyed(SurveyedKind Kind, int Number, Survey Survey) : AgentMessage;

    /// <summary>A kind may have another answer by now.</summary>
    public sealed record SurveyOutdated(SurveyedKind Kind) : AgentMessage;

    /// <summary>The definition numbered so has waited for answers long enough.</summary>
    public sealed record SurveyLimit(int Number) : AgentMessage;

    /// <summary>Peers changed what is collected here.</summary>
    public sealed record Collected : AgentMessage;

    /// <summary>Nothing has happened for a while since the convergence numbered so.</summary>
    public sealed record Calm(int Convergence) : AgentMessage;

    /// <summary>Somebody wants to know whether the loops turn.</summary>
    public sealed record Pulse : AgentMessage;

    /// <summary>All agents of the mesh have been converged for long enough.</summary>
    public sealed record MeshConverged : AgentMessage;

    /// <summary>The time after the convergence numbered so has passed.</summary>
    public sealed record ConvergedLongEnough(int Convergence) : AgentMessage;
}
