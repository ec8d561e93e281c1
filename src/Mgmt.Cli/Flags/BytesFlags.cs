using System.Text;

namespace Mgmt.Cli.Flags;

/// <summary>Reads keys, values and ids.</summary>
internal static class BytesFlags
{
    /// <summary>Text as its UTF-8.</summary>
    public static string? Text(string text, out byte[] value)
    {
        value = Encoding.UTF8.GetBytes(text);
        return null;
    }

    /// <summary>Pairs of hexadecimal digits.</summary>
    public static string? Hex(string text, out byte[] value)
    {
        value = [];
        if (text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit)) return "it is not pairs of hexadecimal digits, as --hex asks for";
        value = Convert.FromHexString(text);
        return null;
    }

    /// <summary>A lease's id, as the store's tools show it.</summary>
    public static string? Lease(string text, out long value) =>
        long.TryParse(text, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out value) && value > 0 ? null : "it is not a lease's id, in hexadecimal digits";

    /// <summary>A revision.</summary>
    public static string? Revision(string text, out long value) =>
        long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out value) && value > 0 ? null : "it is not a revision, which is a whole number from 1 on";
}
