using Mgmt.Agent;
using Mgmt.Cli.Logs;

namespace Mgmt.Cli.Commands;

/// <summary>What <c>mgmt run</c> was asked for.</summary>
/// <param name="Agent">For the agent.</param>
/// <param name="Log">How to tell what happens.</param>
internal sealed record RunRequest(AgentOptions Agent, LogStyle Log);
