using Mgmt.Linux.Memory;

namespace Mgmt.Linux.Processes;

/// <summary>One program to run.</summary>
/// <param name="Arguments">The program and its arguments: at least one. A program without a slash is looked up in PATH.</param>
public sealed record CommandSpec(IReadOnlyList<string> Arguments)
{
    /// <summary>The working directory; empty is the agent's own.</summary>
    public string Directory { get; init; } = "";

    /// <summary>Variables on top of the agent's own environment. Their values are never told in an error.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>The user to run as, by name or number; empty is the agent's own.</summary>
    public string User { get; init; } = "";

    /// <summary>The group to run as, by name or number; empty is the user's own.</summary>
    public string Group { get; init; } = "";

    /// <summary>What it reads from its standard input, up to what a pipe holds (64 KiB); null is nothing. It is read before the start returns, and is the caller's.</summary>
    public LockedBytes? Input { get; init; }

    /// <summary>Takes the standard output; null sends it to /dev/null.</summary>
    public IChildOutput? Output { get; init; }

    /// <summary>Takes the standard error; null sends it to /dev/null.</summary>
    public IChildOutput? Errors { get; init; }
}

/// <summary>
/// Takes what a child writes to one of its streams. Called on the thread that serves all children, so it must neither block nor throw.
/// </summary>
public interface IChildOutput
{
    /// <summary>The next bytes.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>The child has ended or closed the stream. Called once; nothing follows.</summary>
    void End();
}
