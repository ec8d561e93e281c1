using System.Collections.Concurrent;
using Mgmt.Mesh.Raft.Wire;

namespace Mgmt.Mesh.Raft;

/// <summary>The connections for calls to the other members.</summary>
internal sealed class Peers(ulong member, Dialer dialer, TimeProvider time) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ulong, CallLink> _links = new();

    public CallLink To(ulong peer) => _links.GetOrAdd(peer, static (peer, all) => new CallLink(peer, all.Dialer, all.Time), (Dialer: dialer, Time: time));

    /// <summary>Ends the connections to all but the leader, unless this member leads and needs them.</summary>
    public void HangUpBut(ulong leader)
    {
        if (leader == member) return;
        foreach (var (peer, link) in _links)
        {
            if (peer != leader) link.HangUp();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links.Values) await link.DisposeAsync();
    }
}
