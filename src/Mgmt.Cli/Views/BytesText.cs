using System.Buffers;
using System.Globalization;
using System.Text;

namespace Mgmt.Cli.Views;

/// <summary>
/// Keys and values as text on one line. Text that can be shown stands as it is; a backslash is <c>\\</c>, a line break <c>\n</c>, and every other byte that is
/// no text, or could steer a terminal, is <c>\xHH</c>. So nothing is lost, and no two differ only by what cannot be seen.
/// </summary>
internal static class BytesText
{
    /// <summary>The bytes as text.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (bytes.Length > 0)
        {
            var isText = Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done;
            if (isText && !Steers(rune)) text.Append(rune == new Rune('\\') ? "\\\\" : rune.ToString());
            else foreach (var one in bytes[..length]) text.Append(Escape(one));
            bytes = bytes[length..];
        }

        return text.ToString();
    }

    /// <summary>Takes escapes back: what <see cref="Of"/> wrote, and <c>\"</c>.</summary>
    /// <returns>Null, or what is wrong as the end of a sentence.</returns>
    public static string? Unescape(string text, out byte[] bytes)
    {
        var taken = new ArrayBufferWriter<byte>(text.Length + 1);
        bytes = [];
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            var plain = rest.IndexOf('\\');
            if (plain < 0) plain = rest.Length;
            Encoding.UTF8.GetBytes(rest[..plain], taken);
            rest = rest[plain..];
            if (rest.Length == 0) break;
            if (!TryUnescape(rest, out var one, out var length)) return $"\"{rest[..Math.Min(4, rest.Length)]}\" is no escape: \\\\ \\\" \\n \\r \\t and \\xHH are";
            taken.Write([one]);
            rest = rest[length..];
        }

        bytes = taken.WrittenSpan.ToArray();
        return null;
    }

    private static bool TryUnescape(ReadOnlySpan<char> text, out byte one, out int length)
    {
        (one, length) = (0, 2);
        if (text.Length < 2) return false;
        if (text[1] == 'x') return byte.TryParse(text[2..Math.Min(length = 4, text.Length)], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out one) && text.Length >= 4;
        one = text[1] switch
        {
            '\\' or '"' => (byte)text[1],
            'n' => (byte)'\n',
            'r' => (byte)'\r',
            't' => (byte)'\t',
            _ => 0,
        };
        return one != 0;
    }

    private static string Escape(byte one) => one switch
    {
        (byte)'\n' => "\\n",
        (byte)'\r' => "\\r",
        (byte)'\t' => "\\t",
        _ => $"\\x{one:x2}",
    };

    private static bool Steers(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
