namespace Mgmt.Mesh.Api.Hosting;

/// <summary>
/// Finds ":authority" in an HPACK block (RFC 7541) and makes the slashes of its value dashes. Both are as long in Huffman's code, so nothing moves, and the
/// table that client and server build of what they saw stays of the same size.
/// </summary>
internal static class AuthorityField
{
    private const int AuthorityIndex = 1, SlashCode = 0x18, DashCode = 0x16;

    /// <summary>Whether there was something to replace. A block that cannot be read is left as it is: Kestrel will say so.</summary>
    public static bool ReplaceSlashes(Span<byte> block)
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
        value.Replace((byte)'/', (byte)'-');
        return true;
    }

    // The code is canonical: the length of a symbol shows in its first bits. What is longer than eight bits is in no path that anybody uses.
    private static bool ReplaceInCode(Span<byte> value)
    {
        var hasReplaced = false;
        for (var bit = 0; bit + 5 <= value.Length * 8;)
        {
            var next = Peek(value, bit);
            var length = next < 0x50 ? 5 : next < 0xb8 ? 6 : next < 0xf8 ? 7 : next < 0xfe ? 8 : 0;
            if (length == 0) return hasReplaced;
            if (length == 6 && next >> 2 == SlashCode && bit + 6 <= value.Length * 8)
            {
                Flip(value, bit, SlashCode ^ DashCode);
                hasReplaced = true;
            }

            bit += length;
        }

        return hasReplaced;
    }

    // Eight bits from a bit on, with ones behind the end, as the padding has.
    private static int Peek(ReadOnlySpan<byte> value, int bit)
    {
        var (at, shift) = (bit / 8, bit % 8);
        var two = (value[at] << 8) | (at + 1 < value.Length ? value[at + 1] : 0xff);
        return (two >> (8 - shift)) & 0xff;
    }

    private static void Flip(Span<byte> value, int bit, int six)
    {
        var (at, shift) = (bit / 8, bit % 8);
        var two = six << (10 - shift);
        value[at] ^= (byte)(two >> 8);
        if (at + 1 < value.Length) value[at + 1] ^= (byte)two;
    }
}
