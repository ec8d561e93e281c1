using Mgmt.Linux.Files;
using Mgmt.Mesh;
using Mgmt.Mesh.Place;

namespace Mgmt.Agent.Snapshots;

/// <summary>Begins a new cluster with what a survivor knows, when the majority of the voters is lost for good.</summary>
public static class MeshRecovery
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes the survivor the first member of a new cluster. The former store stays beside the new one, whole; until the last step nothing is changed.
    /// </summary>
    /// <param name="prefix">The agent's state directory; no agent runs on it.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>What was made, or null and why not as a sentence.</returns>
    public static async Task<(Recovery? Recovery, string Problem)> RecoverAsync(string prefix, CancellationToken cancel)
    {
        var place = new StorePlace(prefix);
        var draft = new StorePlace(Path.Combine(prefix, ".recover"));
        try
        {
            if (StoreIdentity.Read(place.Identity) is not { ClusterId: not 0 } identity) return (null, $"cannot recover the mesh from {place.Folder}: there is no store; name the agent's state directory with --prefix");
            if (identity.IsAgent) return (null, $"cannot recover the mesh from {place.Folder}: this host did not vote, so that it has no copy of the store; do it on one that did");
            var former = Path.Combine(prefix, $"store.{identity.Cluster}");
            if (Directory.Exists(former)) return (null, $"cannot recover the mesh: {former} is in the way, from an earlier recovery; move it away first");
            using var taken = new FileStream(place.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return await BeginAsync(place, draft, former, identity.Name, cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, $"cannot recover the mesh from {place.Folder}: {error.Message.TrimEnd('.')}; see that no agent runs on it, that its disk has room for a copy, and that you may write there");
        }
        catch (Exception error) when (error is MeshException or InvalidDataException)
        {
            return (null, error.Message);
        }
    }

    private static async Task<(Recovery? Recovery, string Problem)> BeginAsync(StorePlace place, StorePlace draft, string former, string name, CancellationToken cancel)
    {
        Clear(draft);
        try
        {
            Copy(place.Folder, draft.Folder);
            var view = await Survivor.ReadAsync(draft, cancel);
            Clear(draft);
            var (made, problem) = await SnapshotRestoring.RestoreAsync(view, draft.Prefix, name);
            if (made is null) return (null, problem);

            // The new one takes the former's name first, as then the one step that counts is the last.
            Directory.Move(draft.Folder, former);
            FolderSwap.Swap(place.Folder, former);
            return (new(made with { Folder = place.Folder }, former, view.Count, view.Revision), "");
        }
        finally
        {
            // On a full disk above all.
            Clear(draft);
        }
    }

    private static void Clear(StorePlace draft)
    {
        if (Directory.Exists(draft.Prefix)) Directory.Delete(draft.Prefix, recursive: true);
    }

    // The lock is held, by this.
    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target, Private);
        foreach (var folder in Directory.EnumerateDirectories(source)) Copy(folder, Path.Combine(target, Path.GetFileName(folder)));
        foreach (var file in Directory.EnumerateFiles(source).Where(static one => Path.GetFileName(one) != "lock")) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
    }
}

/// <summary>A mesh that was begun anew.</summary>
/// <param name="Store">The new store.</param>
/// <param name="Former">Where the former store is now.</param>
/// <param name="Keys">How many keys there are.</param>
/// <param name="Revision">The revision that they are at.</param>
public sealed record Recovery(RestoredStore Store, string Former, int Keys, long Revision);
