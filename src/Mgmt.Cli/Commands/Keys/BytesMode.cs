using System.Text;
using Google.Protobuf;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Keys;

/// <summary>How keys and values are written and shown: as text with escapes, or as hexadecimal digits.</summary>
internal readonly record struct BytesMode(bool IsHex)
{
    /// <summary>For the help of commands that show them.</summary>
    public const string Notes =
        """
        Text shows keys and values on one line each: what is no text, and what could steer a terminal, as \xHH
          for each byte, a line break as \n, a backslash as \\. JSON shows what is no UTF-8 as base64, and says so
          in key_encoding or value_encoding. With --hex both take and show hexadecimal digits.

        """;

    /// <summary>What was written as bytes.</summary>
    public Reading<byte[]> Reading => IsHex ? BytesFlags.Hex : BytesFlags.Text;

    /// <summary>As it is shown.</summary>
    public string Show(ByteString bytes) => IsHex ? Convert.ToHexStringLower(bytes.Span) : BytesText.Of(bytes.Span);

    /// <summary>A key and its value, a line each.</summary>
    public void Append(StringBuilder text, KeyValue record, bool keysOnly = false)
    {
        text.Append(Show(record.Key)).Append('\n');
        if (!keysOnly) text.Append(Show(record.Value)).Append('\n');
    }
}
