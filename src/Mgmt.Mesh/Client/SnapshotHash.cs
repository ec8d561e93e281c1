using System.Security.Cryptography;

namespace Mgmt.Mesh.Client;

/// <summary>A snapshot that agrees with its checksum.</summary>
/// <param name="Bytes">How long it is, with the checksum.</param>
/// <param name="Sha256">The checksum, as hexadecimal digits.</param>
public sealed record SnapshotSum(long Bytes, string Sha256);

/// <summary>
/// Checks a snapshot as it passes: as etcd sends and keeps it, it is a body padded to whole blocks, and the SHA-256 of that behind it.
/// </summary>
public sealed class SnapshotHash : IDisposable
{
    /// <summary>The length of the checksum in bytes.</summary>
    public const int SumBytes = 32;

    private const int BlockBytes = 512;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _tail = new byte[SumBytes];
    private int _held;
    private long _bytes;

    /// <summary>Takes the next piece.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        _bytes += piece.Length;

        // The last bytes may be the checksum: they are held back until others follow.
        var excess = _held + piece.Length - SumBytes;
        if (excess <= 0)
        {
            piece.CopyTo(_tail.AsSpan(_held));
            _held += piece.Length;
            return;
        }

        var fromTail = Math.Min(excess, _held);
        _hash.AppendData(_tail, 0, fromTail);
        _tail.AsSpan(fromTail, _held - fromTail).CopyTo(_tail);
        _held -= fromTail;
        _hash.AppendData(piece[..(excess - fromTail)]);
        piece[(excess - fromTail)..].CopyTo(_tail.AsSpan(_held));
        _held = SumBytes;
    }

    /// <summary>The result, or null and what is wrong: <c>has no checksum</c>.</summary>
    public SnapshotSum? Finish(out string problem)
    {
        problem = "";
        if (_bytes == 0) problem = "is empty";
        else if (_bytes % BlockBytes != SumBytes) problem = $"has {_bytes} bytes and so no checksum at its end: it was cut off, or is no snapshot";
        else if (!_hash.GetCurrentHash().AsSpan().SequenceEqual(_tail)) problem = "does not agree with its checksum";
        return problem.Length == 0 ? new(_bytes, Convert.ToHexStringLower(_tail)) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
