namespace Mgmt.Mesh.Api.Forwarding;

/// <summary>Who answers for an agent that keeps no store.</summary>
internal interface IUpstream
{
    /// <summary>Whether this agent's own callers are to be answered elsewhere now.</summary>
    bool IsWanted { get; }

    /// <summary>The line to the one that is asked now; null when nobody is known.</summary>
    UpstreamLine? Line { get; }

    /// <summary>The line broke, or does not come about: another is to be taken.</summary>
    void Failed(UpstreamLine line);
}

/// <summary>This agent answers all by itself.</summary>
internal sealed class NoUpstream : IUpstream
{
    public bool IsWanted => false;

    public UpstreamLine? Line => null;

    public void Failed(UpstreamLine line)
    {
    }
}
