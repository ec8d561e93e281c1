using Mgmt.Agent.Exchange;
using Mgmt.Agent.Face;
using Mgmt.Engine;

namespace Mgmt.Agent;

/// <summary>What one run of the agent was put together of before it began to keep the host in order. Whoever made the parts closes them.</summary>
internal sealed record AgentParts
{
    public required AgentOptions Options { get; init; }

    public required ReportGate Gate { get; init; }

    public required AgentInbox Inbox { get; init; }

    public required Supervisor Supervisor { get; init; }

    public required Host Host { get; init; }

    public required Convergence Convergence { get; init; }

    public required ExchangeRun Exchange { get; init; }

    public required HostTalk Talk { get; init; }

    /// <summary>Reads the graph files again; null when they are wrong, which it tells by itself when it is given true.</summary>
    public required Func<bool, Definition?> Load { get; init; }

    /// <summary>Where the host is talked to when it has no store; else null.</summary>
    public HostSocket? Socket { get; init; }

    /// <summary>Drawn of each plan, if the user wants that.</summary>
    public GraphPicture? Picture { get; init; }
}
