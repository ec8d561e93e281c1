using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Mgmt.Linux.Files;

/// <summary>A name or a path as the kernel takes it: bytes, with a NUL behind them. Names need not be UTF-8.</summary>
public readonly struct FileName : IEquatable<FileName>
{
    private static readonly byte[] Nothing = [0];
    private readonly byte[]? _bytes;

    /// <summary>Takes text, as UTF-8.</summary>
    public FileName(string text)
    {
        _bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, _bytes);
    }

    /// <summary>Takes bytes as they are, without a NUL.</summary>
    public FileName(ReadOnlySpan<byte> bytes)
    {
        _bytes = new byte[bytes.Length + 1];
        bytes.CopyTo(_bytes);
    }

    /// <summary>The bytes, without the NUL.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes is null ? [] : _bytes.AsSpan(0, _bytes.Length - 1);

    /// <summary>The name without a byte: with a handle it means the handle's own file.</summary>
    internal static FileName Empty => default;

    internal ref readonly byte Start => ref MemoryMarshal.GetArrayDataReference(_bytes ?? Nothing);

    /// <summary>Whether the bytes are UTF-8, so that the text stands for the very same name.</summary>
    public bool IsText => Utf8.IsValid(Bytes);

    /// <summary>The text for messages; bytes that are not UTF-8 show as U+FFFD.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    /// <inheritdoc/>
    public bool Equals(FileName other) => Bytes.SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FileName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => FileNameComparer.Hash(Bytes);

    /// <summary>Same bytes.</summary>
    public static bool operator ==(FileName left, FileName right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(FileName left, FileName right) => !left.Equals(right);
}

/// <summary>Compares names by their bytes, and looks them up without making one first.</summary>
internal sealed class FileNameComparer : IEqualityComparer<FileName>, IAlternateEqualityComparer<ReadOnlySpan<byte>, FileName>
{
    internal static FileNameComparer Instance { get; } = new();

    public bool Equals(FileName x, FileName y) => x.Equals(y);

    public int GetHashCode(FileName obj) => Hash(obj.Bytes);

    public bool Equals(ReadOnlySpan<byte> alternate, FileName other) => alternate.SequenceEqual(other.Bytes);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => Hash(alternate);

    public FileName Create(ReadOnlySpan<byte> alternate) => new(alternate);

    internal static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
