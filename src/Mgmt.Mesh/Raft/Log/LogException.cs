namespace Mgmt.Mesh.Raft.Log;

/// <summary>The log cannot do what was asked: the disk is full or failed, or what is on it is not sound.</summary>
public sealed class LogException(string message, Exception? inner = null) : IOException(message, inner);
