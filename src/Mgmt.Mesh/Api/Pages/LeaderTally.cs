using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Node;

namespace Mgmt.Mesh.Api.Pages;

/// <summary>Counts the leaders that came, by terms: each time somebody looks, those since the last time whose term had one then.</summary>
internal sealed class LeaderTally(IStoreNode node)
{
    private Leadership _last = Leadership.None;
    private long _seen;

    public long Seen => Volatile.Read(ref _seen);

    public void Look()
    {
        var now = node.Leadership;
        var last = Volatile.Read(ref _last);
        if (!now.IsKnown || ReferenceEquals(now, last) || (now.Term, now.Leader) == (last.Term, last.Leader)) return;
        if (Interlocked.CompareExchange(ref _last, now, last) == last) Interlocked.Increment(ref _seen);
    }
}
