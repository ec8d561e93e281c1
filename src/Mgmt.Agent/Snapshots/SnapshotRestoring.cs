using System.Security.Cryptography;
using Mgmt.Linux.Files;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Place;
using Mgmt.Store.Home;
using Mgmt.Store.Machine;

namespace Mgmt.Agent.Snapshots;

/// <summary>Makes a store from a snapshot.</summary>
public static class SnapshotRestoring
{
    // The new cluster's log goes on behind this, so that no later member can take an empty state for its beginning. No leader was elected yet.
    private const long FirstIndex = 1, FirstTerm = 0;

    // What the member says of itself as soon as it runs takes the place of these.
    private const int ApiPort = 2379, RaftPort = 2380;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes the store of the first member of a new cluster. It is made in a directory beside its place and moved there when it is whole, so that a failure leaves
    /// nothing that an agent could start with.
    /// </summary>
    /// <param name="view">The state.</param>
    /// <param name="prefix">The agent's state directory; made when it is missing.</param>
    /// <param name="hostname">The new member's name.</param>
    /// <returns>What was made, or null and why not as a sentence.</returns>
    public static async Task<(RestoredStore? Store, string Problem)> RestoreAsync(StoreView view, string prefix, string hostname)
    {
        ArgumentNullException.ThrowIfNull(view);
        var place = new StorePlace(prefix);
        try
        {
            Directory.CreateDirectory(prefix, Private);
            if (Directory.Exists(place.Folder) && Directory.EnumerateFileSystemEntries(place.Folder).Any())
            {
                return (null, $"cannot restore to {place.Folder}: there is a store already; name another --prefix, or move it away first");
            }

            return (await MakeAsync(view, place, hostname), "");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot restore to {place.Folder}: {error.Message.TrimEnd('.')}; see that its disk has room and that you may write there");
        }
    }

    private static async Task<RestoredStore> MakeAsync(StoreView view, StorePlace place, string hostname)
    {
        // The same layout, one directory further down.
        var draft = new StorePlace(Path.Combine(place.Prefix, $".restore-{StoreIdentity.Hex(NewId())}"));
        try
        {
            Directory.CreateDirectory(draft.Folder, Private);
            var identity = new HomeIdentity(NewId(), NewId());
            StoreHome.Create(draft.Home, identity, view.InCluster(identity.Cluster, FirstIndex, FirstTerm)).Dispose();
            new LogFloor(draft.Floor).MoveTo(FirstIndex);
            await RestoredLog.BeginAsync(draft, identity, FirstIndex, FirstTerm);
            IdentityOf(identity, hostname).Write(draft.Identity);
            if (Directory.Exists(place.Folder)) Directory.Delete(place.Folder);
            Directory.Move(draft.Folder, place.Folder);
            DurableFile.FlushFolder(place.Prefix);
            return new(place.Folder, StoreIdentity.Hex(identity.Cluster), StoreIdentity.Hex(identity.Member));
        }
        finally
        {
            Directory.Delete(draft.Prefix, recursive: true);
        }
    }

    /// <summary>The only founder of its cluster.</summary>
    private static StoreIdentity IdentityOf(HomeIdentity identity, string hostname)
    {
        var host = PeerAddress.TryParse(hostname, ApiPort, out var address) ? address.Host : "localhost";
        var self = new KnownPeer(StoreIdentity.Hex(identity.Member), hostname, new PeerAddress(host, ApiPort).ToString(), new PeerAddress(host, RaftPort).ToString(), Votes: true);
        return new() { Cluster = StoreIdentity.Hex(identity.Cluster), Member = self.Member, Name = hostname, Peers = [self] };
    }

    // Never 0, which means none.
    private static ulong NewId() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;
}

/// <summary>A store that was made.</summary>
/// <param name="Folder">Where.</param>
/// <param name="Cluster">The new cluster's id in hexadecimal.</param>
/// <param name="Member">The new member's id in hexadecimal.</param>
public sealed record RestoredStore(string Folder, string Cluster, string Member);
