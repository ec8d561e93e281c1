namespace Mgmt.Mesh.Api.Hosting;

/// <summary>
/// Finds ":authority" in an HPACK block (RFC 7541) and puts letters in the place of a value with a slash in it: as many, and as long in Huffman's code, so
/// that nothing moves, and the tables that client and server build of what they saw stay of the same size.
/// </summary>
internal static class AuthorityField
{
    private const int AuthorityIndex = 1;

    // Codes of a slash, and of "a", "b", "j" and "X".
    private const int Slash = 0b011000, LetterOf5 = 0b00011, LetterOf6 = 0b100011, LetterOf7 = 0b1110100, LetterOf8 = 0b11111100;

    /// <summary>Whether there was something to replace. A block that cannot be read is left as it is: Kestrel will say so.</summary>
    public static bool Replace(Span<byte> block)
    {
        var at = 0;
        while (at < block.Length)
        {
            var first = block[at];
            if ((first & 0x80) != 0)
            {
                if (!TryReadNumber(block, ref at, 7, out _)) return false;
                continue;
            }

            var isSizeUpdate = (first & 0xe0) == 0x20;
            if (!TryReadNumber(block, ref at, (first & 0x40) != 0 ? 6 : isSizeUpdate ? 5 : 4, out var index)) return false;
            if (isSizeUpdate) continue;
            if (index == 0 && !TryReadString(block, ref at, out _, out _)) return false;
            if (!TryReadString(block, ref at, out var value, out var isHuffman)) return false;
            if (index == AuthorityIndex) return isHuffman ? ReplaceInCode(block[value]) : ReplaceInText(block[value]);
        }

        return false;
    }

    private static bool TryReadString(ReadOnlySpan<byte> block, ref int at, out Range value, out bool isHuffman)
    {
        value = default;
        isHuffman = at < block.Length && (block[at] & 0x80) != 0;
        if (!TryReadNumber(block, ref at, 7, out var length) || length > block.Length - at) return false;
        value = at..(at + length);
        at += length;
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> block, ref int at, int prefixBits, out int number)
    {
        number = 0;
        if (at >= block.Length) return false;
        var most = (1 << prefixBits) - 1;
        number = block[at++] & most;
        if (number < most) return true;
        for (var shift = 0; shift <= 21 && at < block.Length; shift += 7)
        {
            var next = block[at++];
            number += (next & 0x7f) << shift;
            if ((next & 0x80) == 0) return true;
        }

        return false;
    }

    private static bool ReplaceInText(Span<byte> value)
    {
        if (!value.Contains((byte)'/')) return false;
        value.Fill((byte)'a');
        return true;
    }

    // As many symbols as there were, in as many bits: some longer, some shorter.
    private static bool ReplaceInCode(Span<byte> value)
    {
        var (symbols, bits, hasSlash) = Measure(value);
        if (!hasSlash || bits > symbols * 8) return false;
        value.Fill(0xff);
        var at = 0;
        for (var left = symbols; left > 0; left--)
        {
            var length = Math.Min(8, bits - at - (5 * (left - 1)));
            var code = length switch { 5 => LetterOf5, 6 => LetterOf6, 7 => LetterOf7, _ => LetterOf8 };
            for (var i = length - 1; i >= 0; i--, at++)
            {
                if ((code >> i & 1) == 0) value[at / 8] &= (byte)~(0x80 >> (at % 8));
            }
        }

        return true;
    }

    // The code is canonical: how long a symbol is, its first bits say.
    private static (int Symbols, int Bits, bool HasSlash) Measure(ReadOnlySpan<byte> value)
    {
        var (symbols, bits, hasSlash) = (0, 0, false);
        while (bits + 5 <= value.Length * 8)
        {
            var next = Peek(value, bits);
            var length = LengthOf(next);
            if (length == 0 || bits + length > value.Length * 8) break;
            if (next >> 10 == Slash) hasSlash = true;
            symbols++;
            bits += length;
        }

        return (symbols, bits, hasSlash);
    }

    // 0 for what no name has in it, and for the ones at the end.
    private static int LengthOf(int next) => next switch
    {
        < 0x5000 => 5,
        < 0xb800 => 6,
        < 0xf800 => 7,
        < 0xfe00 => 8,
        < 0xff40 => 10,
        < 0xffa0 => 11,
        < 0xffc0 => 12,
        < 0xfff0 => 13,
        < 0xfff8 => 14,
        < 0xfffe => 15,
        _ => 0,
    };

    // Sixteen bits from a bit on, with ones behind the end.
    private static int Peek(ReadOnlySpan<byte> value, int bit)
    {
        var (at, shift) = (bit / 8, bit % 8);
        var three = 0;
        for (var i = 0; i < 3; i++) three = (three << 8) | (at + i < value.Length ? value[at + i] : 0xff);
        return (three >> (8 - shift)) & 0xffff;
    }
}
