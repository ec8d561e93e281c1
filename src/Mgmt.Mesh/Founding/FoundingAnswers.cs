using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Founding;

/// <summary>What this agent says to others that ask who it is: while it founds, and afterwards.</summary>
public sealed class FoundingAnswers(FoundingTalk talk)
{
    private readonly Lock _lock = new();
    private ulong _cluster;
    private IReadOnlyList<PeerIdentity> _founding = [];
    private Func<IReadOnlyList<ulong>> _members = static () => [];

    /// <summary>Why founding failed, once it has.</summary>
    public string? Conflict { get; private set; }

    /// <summary>What this agent asks of others.</summary>
    public HelloRequest Question()
    {
        lock (_lock)
        {
            return new() { Self = talk.Self.ToWire(), Founders = { talk.Founders.Select(static one => one.ToString()) }, Known = { talk.Known.Select(static one => one.ToWire()) } };
        }
    }

    /// <summary>Answers another agent.</summary>
    public HelloResponse Answer(HelloRequest request)
    {
        lock (_lock)
        {
            Hear(request.Self, request.Founders, request.Known);
            return new()
            {
                Self = talk.Self.ToWire(), Founders = { talk.Founders.Select(static one => one.ToString()) }, Known = { talk.Known.Select(static one => one.ToWire()) },
                ClusterId = _cluster, Founding = { _founding.Select(static one => one.ToWire()) }, Members = { _members() },
            };
        }
    }

    /// <summary>Takes another agent's answer, and says what the cluster is once all agree; 0 until then.</summary>
    public ulong Hear(HelloResponse response)
    {
        lock (_lock)
        {
            Hear(response.Self, response.Founders, response.Known);
            return Conflict is null ? talk.TryFound() : 0;
        }
    }

    /// <summary>From now on there is a cluster.</summary>
    /// <param name="cluster">Its id.</param>
    /// <param name="founding">Who was known when it was founded or joined.</param>
    /// <param name="members">Its members at any time.</param>
    public void Settle(ulong cluster, IReadOnlyList<PeerIdentity> founding, Func<IReadOnlyList<ulong>> members)
    {
        lock (_lock) (_cluster, _founding, _members) = (cluster, founding, members);
    }

    private void Hear(Peer? self, IReadOnlyList<string> founders, IEnumerable<Peer> known)
    {
        if (_cluster != 0 || !PeerIdentity.TryRead(self, out var other)) return;
        Conflict ??= talk.Hear(other, [.. founders.Take(FoundingTalk.MostPeers)], PeerIdentity.ReadAll(known, FoundingTalk.MostPeers));
    }
}
