namespace Mgmt.Agent;

/// <summary>The agent cannot run. The message begins with "cannot" and says what to do.</summary>
public sealed class AgentException(string message, Exception? inner = null) : Exception(message, inner);
