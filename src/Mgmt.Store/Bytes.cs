using System.Text;

namespace Mgmt.Store;

/// <summary>Bytes that never change, ordered bytewise: a key or a value. The default is no bytes.</summary>
public readonly struct Bytes : IEquatable<Bytes>, IComparable<Bytes>
{
    private readonly byte[]? _bytes;

    private Bytes(byte[] bytes) => _bytes = bytes;

    /// <summary>How many bytes.</summary>
    public int Length => _bytes?.Length ?? 0;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The bytes, for a call that outlives the stack.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>A copy of what is given.</summary>
    public static Bytes Copy(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? default : new(bytes.ToArray());

    /// <summary>Takes over an array that nobody writes to any more.</summary>
    public static Bytes Own(byte[] bytes) => new(bytes);

    /// <summary>Text as UTF-8.</summary>
    public static Bytes Of(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public int CompareTo(Bytes other) => Span.SequenceCompareTo(other.Span);

    /// <inheritdoc/>
    public bool Equals(Bytes other) => ReferenceEquals(_bytes, other._bytes) || Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Bytes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Printable ASCII as it is, the rest as \xHH.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Length);
        foreach (var one in Span)
        {
            if (one is >= 0x20 and < 0x7f and not (byte)'\\') text.Append((char)one);
            else text.Append("\\x").Append(Convert.ToHexStringLower([one]));
        }

        return text.ToString();
    }

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Bytes left, Bytes right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(Bytes left, Bytes right) => !left.Equals(right);

    /// <summary>Bytewise before.</summary>
    public static bool operator <(Bytes left, Bytes right) => left.CompareTo(right) < 0;

    /// <summary>Bytewise after.</summary>
    public static bool operator >(Bytes left, Bytes right) => left.CompareTo(right) > 0;

    /// <summary>Bytewise before, or the same.</summary>
    public static bool operator <=(Bytes left, Bytes right) => left.CompareTo(right) <= 0;

    /// <summary>Bytewise after, or the same.</summary>
    public static bool operator >=(Bytes left, Bytes right) => left.CompareTo(right) >= 0;
}
