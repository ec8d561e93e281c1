using Mgmt.Linux.Files;
using Mgmt.Mesh.Client;
using Mgmt.Store.Machine;
using Mgmt.Store.Snapshots;

namespace Mgmt.Agent.Snapshots;

/// <summary>A snapshot of the store in a file, as <c>mgmt store snapshot save</c> and etcdctl write it: the state, padding, and a SHA-256 over both.</summary>
public static class SnapshotFile
{
    /// <summary>
    /// Saves a snapshot. It is written beside the file, checked, flushed and only then put in its place: at any time the file is the old or the new one.
    /// </summary>
    public static async Task<SnapshotSaved> SaveAsync(StoreClient client, string path, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(client);
        var part = $"{path}.part{Environment.ProcessId}";
        try
        {
            StoreAnswer<SnapshotSum> answer;
            await using (var file = new FileStream(part, new FileStreamOptions
            {
                Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite, BufferSize = 0,
            }))
            {
                answer = await client.SnapshotAsync(file, cancel);
                if (answer.IsThere) RandomAccess.FlushToDisk(file.SafeFileHandle);
            }

            if (!answer.IsThere) return new(null, answer.Failure, "");
            File.Move(part, path, overwrite: true);
            DurableFile.FlushFolder(Path.GetDirectoryName(path)!);
            return new(answer.Value, null, "");
        }
        catch (OperationCanceledException)
        {
            return new(null, null, $"cannot save a snapshot to {path}: it was interrupted; start it again");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(null, null, $"cannot save a snapshot to {path}: {error.Message.TrimEnd('.')}; name a file in a directory with room that you may write");
        }
        finally
        {
            Remove(part);
        }
    }

    /// <summary>Reads a file and holds it against its checksums, or says what is wrong.</summary>
    public static SnapshotContent? Read(string path, out string problem)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (SumOf(file, out var wrong) is not { } sum)
            {
                problem = $"cannot use the snapshot {path}: it {wrong}; save another one";
                return null;
            }

            file.Position = 0;
            using var content = new BufferedStream(file, 128 * 1024);
            return SnapshotReader.TryRead(content, null, out var view, out problem) ? new(sum, view) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"cannot read the snapshot {path}: {error.Message.TrimEnd('.')}; name a file written by mgmt store snapshot save";
            return null;
        }
    }

    private static SnapshotSum? SumOf(FileStream file, out string problem)
    {
        using var hash = new SnapshotHash();
        var buffer = new byte[128 * 1024];
        while (file.Read(buffer) is > 0 and var count) hash.Add(buffer.AsSpan(0, count));
        return hash.Finish(out problem);
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Where nothing can be removed nothing could be written either.
        }
    }
}

/// <summary>What became of a snapshot that was to be saved.</summary>
/// <param name="Sum">Its length and checksum, once it is in its place.</param>
/// <param name="Failure">Why the store did not give it, or null.</param>
/// <param name="Problem">Why it could not be written, as a sentence, or nothing.</param>
public sealed record SnapshotSaved(SnapshotSum? Sum, StoreFailure? Failure, string Problem);

/// <summary>A snapshot that is whole.</summary>
/// <param name="Sum">Of the file.</param>
/// <param name="View">The state in it.</param>
public sealed record SnapshotContent(SnapshotSum Sum, StoreView View);
