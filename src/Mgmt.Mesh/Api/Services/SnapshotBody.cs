using System.Security.Cryptography;
using Mgmt.Store.Machine;
using Mgmt.Store.Snapshots;

namespace Mgmt.Mesh.Api.Services;

/// <summary>
/// A state as clients download it: the snapshot, zeros up to a multiple of 512 bytes, and the SHA-256 of both, which is how etcd's clients know a whole one.
/// It is written twice, once for its length, so that no more than a piece of it is ever held.
/// </summary>
internal static class SnapshotBody
{
    private const int Block = 512;

    /// <summary>The pieces, and how many bytes of snapshot and padding come after each.</summary>
    public static IEnumerable<(ReadOnlyMemory<byte> Blob, long Left)> Pieces(StoreView view)
    {
        var left = SnapshotWriter.Pieces(view).Sum(static one => (long)one.Length);
        var padding = new byte[(Block - (left % Block)) % Block];
        left += padding.Length;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var piece in SnapshotWriter.Pieces(view).Append(padding))
        {
            if (piece.IsEmpty) continue;
            hash.AppendData(piece.Span);
            left -= piece.Length;
            yield return (piece, left);
        }

        yield return (hash.GetHashAndReset(), 0);
    }
}
