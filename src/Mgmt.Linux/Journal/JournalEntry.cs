using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Mgmt.Linux.Journal;

/// <summary>
/// One entry of systemd's journal in the bytes of its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): <c>NAME=value</c> and a newline, or, for a value with newlines in it, the
/// name and a newline, the value's length as 64 bits, least first, the value, and a newline.
/// </summary>
public sealed class JournalEntry
{
    private const int LongestName = 64;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What is sent.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Adds a field; an empty value is none.</summary>
    /// <param name="name">Capital letters, digits and "_", with a letter at the front.</param>
    /// <param name="value">Any text.</param>
    /// <exception cref="ArgumentException">The journal would drop a field with such a name.</exception>
    public JournalEntry Add(string name, string value)
    {
        if (name.Length is 0 or > LongestName || !char.IsAsciiLetterUpper(name[0]) || !name.All(static c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_')) throw new ArgumentException($"cannot write the field \"{name}\" to the journal: its name is not one", nameof(name));
        if (value.Length == 0) return this;
        Encoding.UTF8.GetBytes(name, _bytes);
        if (value.Contains('\n', StringComparison.Ordinal)) AppendLong(value);
        else Encoding.UTF8.GetBytes("=" + value, _bytes);
        _bytes.Write("\n"u8);
        return this;
    }

    private void AppendLong(string value)
    {
        _bytes.Write("\n"u8);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), (ulong)Encoding.UTF8.GetByteCount(value));
        _bytes.Advance(sizeof(ulong));
        Encoding.UTF8.GetBytes(value, _bytes);
    }
}
