using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;
using Mgmt.Store.Machine;

namespace Mgmt.Mesh.Voters;

/// <summary>Finds members by what the state says of them, and before it says anything, by what was known at the founding.</summary>
internal sealed class MemberDirectory(IReadOnlyList<PeerIdentity> known) : IPeerDirectory
{
    private Func<StoreView>? _view;

    /// <summary>From now on there is a state to look at.</summary>
    public void LookAt(Func<StoreView> view) => Volatile.Write(ref _view, view);

    public bool TryFind(ulong member, out PeerAddress address)
    {
        if (Volatile.Read(ref _view)?.Invoke().Members.TryGetValue(member, out var found) == true && MemberUrls.TryFind(found.PeerUrls, out address)) return true;
        var peer = known.FirstOrDefault(one => one.Member == member);
        address = peer?.Raft ?? default;
        return peer is not null;
    }
}
