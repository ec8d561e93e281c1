using Mgmt.Mesh.Raft;
using Mgmt.Mesh.Raft.Log;
using Mgmt.Store.Home;

namespace Mgmt.Mesh.Place;

/// <summary>The beginning of the log of a member whose state came from a snapshot file: the log goes on behind that state, and the member is its only voter.</summary>
public static class RestoredLog
{
    /// <summary>Writes it, and has it on the disk before this ends.</summary>
    /// <param name="place">Where; there is no log yet.</param>
    /// <param name="identity">Whose it is.</param>
    /// <param name="index">The index of the state.</param>
    /// <param name="term">The term there.</param>
    public static async Task BeginAsync(StorePlace place, HomeIdentity identity, long index, long term)
    {
        ArgumentNullException.ThrowIfNull(place);
        Directory.CreateDirectory(place.Log, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var options = new RaftOptions { Folder = place.Log, Cluster = identity.Cluster, Member = identity.Member, Listen = null };
        using (var voters = VoterFile.Open(Path.Combine(place.Log, "voters"))) voters.Save(new VoterSet([identity.Member]), index);
        using var log = EntryLog.Open(Path.Combine(place.Log, "entries"), new LogIdentity(identity.Cluster, identity.Member), options.SegmentBytes);
        log.Reset(index, term);
        await log.FlushAllAsync(CancellationToken.None);
    }
}
