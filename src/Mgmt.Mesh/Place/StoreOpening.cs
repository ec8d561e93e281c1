using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Raft.Log;
using Mgmt.Store.Home;
using Mgmt.Store.Machine;
using Mgmt.Store.Snapshots;

namespace Mgmt.Mesh.Place;

/// <summary>
/// Opens a member's home. One that is lost or damaged is made again from the log alone, when that still begins at the beginning, or else from a peer's
/// snapshot and the log behind it; the log stays in any case, since what it acknowledged counts.
/// </summary>
internal sealed class StoreOpening(StorePlace place, HomeIdentity identity, Action<string> warn)
{
    /// <summary>Opens the home or makes it again.</summary>
    /// <param name="calls">Asks peers; null when there are none.</param>
    /// <param name="peers">Where their APIs are.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="MeshException">It is somebody else's, newer than this program, or cannot be made again.</exception>
    public async Task<StoreHome> OpenAsync(IPeerCalls? calls, IReadOnlyList<PeerAddress> peers, CancellationToken cancel)
    {
        switch (StoreHome.Open(place.Home, identity))
        {
            case HomeOpening.Opened opened:
                return opened.Home;
            case HomeOpening.Foreign foreign:
                throw new MeshException(foreign.Problem);
            case HomeOpening.Newer newer:
                throw new MeshException(newer.Problem);
            case HomeOpening.Damaged damaged:
                warn(damaged.Problem);
                SetAside();
                break;
        }

        var floor = Floor();
        if (floor > 0) return StoreHome.Create(place.Home, identity, await FetchAsync(calls, peers, floor, cancel));
        return StoreHome.Create(place.Home, identity, StoreView.Empty(identity.Cluster));
    }

    private long Floor()
    {
        try
        {
            return new LogFloor(place.Floor).Read();
        }
        catch (InvalidDataException)
        {
            // Not known: only a state as new as can be will do.
            return long.MaxValue;
        }
    }

    private async Task<StoreView> FetchAsync(IPeerCalls? calls, IReadOnlyList<PeerAddress> peers, long floor, CancellationToken cancel)
    {
        var problems = new List<string>();
        foreach (var peer in calls is null ? [] : peers)
        {
            var file = place.Home + ".snapshot";
            try
            {
                if (!await calls!.SnapshotAsync(peer, file, cancel)) problems.Add($"{peer} does not answer");
                else if (Read(file, floor, out var problem) is { } view) return Told(view, peer);
                else problems.Add($"{peer}: {problem}");
            }
            finally
            {
                File.Delete(file);
            }
        }

        throw new MeshException(
            $"cannot make the store's home {place.Home} again: the log in {place.Log} no longer begins at the beginning, and no peer has the state ({(problems.Count == 0 ? "there are none" : string.Join("; ", problems))}); "
            + $"start the peers first, or put a snapshot in its place: mgmt store snapshot restore FILE");
    }

    // The log may end before the peer's state: it is told that the state comes from elsewhere, as when the leader sends one.
    private StoreView Told(StoreView view, PeerAddress peer)
    {
        using (var mark = InstallMark.Open(place.Log)) mark.Set(view.Index, view.Term);
        warn($"the store's home {place.Home} is made again from a snapshot of {peer} at index {view.Index}");
        return view;
    }

    private StoreView? Read(string file, long floor, out string problem)
    {
        using var source = File.OpenRead(file);
        if (!SnapshotReader.TryRead(source, identity.Cluster, out var view, out problem)) return null;
        if (floor == long.MaxValue || view.Index >= floor) return view;
        problem = $"its state is at index {view.Index}, and the log begins at {floor}";
        return null;
    }

    // For whoever looks for the cause. Only the last one is kept.
    private void SetAside()
    {
        foreach (var path in new[] { place.Home, place.HomeLog })
        {
            if (File.Exists(path)) File.Move(path, path + ".damaged", overwrite: true);
        }
    }
}
