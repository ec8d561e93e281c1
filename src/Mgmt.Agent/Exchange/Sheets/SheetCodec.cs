using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Mgmt.Agent.Exchange;

/// <summary>Sheets as bytes: JSON. The same resources are always the same bytes.</summary>
internal static class SheetCodec
{
    // The bytes go into no page, so that text may stay as it is.
    private static readonly JsonTypeInfo<Sheet> Type =
        new SheetJson(new JsonSerializerOptions(SheetJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).Sheet;

    /// <summary>Writes a sheet.</summary>
    public static byte[] Write(Sheet sheet) => JsonSerializer.SerializeToUtf8Bytes(sheet, Type);

    /// <summary>Reads what a peer may have written. Never throws for what it holds.</summary>
    /// <returns>The sheet, or null and the end of a sentence that begins with "cannot read …: ".</returns>
    public static (Sheet? Sheet, string Problem) Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ExchangeLimits.Bytes) return (null, $"it has {bytes.Length} bytes, and {ExchangeLimits.Bytes} are the most");
        try
        {
            if (JsonSerializer.Deserialize(bytes, Type) is not { } sheet) return (null, "it is empty");
            if (sheet.Version > Sheet.Current) return (null, $"it is written in version {sheet.Version}, and this program reads version {Sheet.Current}; upgrade mgmt on this host");
            if (sheet.Version < 1) return (null, "it has no version");
            if (sheet.Resources.Count > ExchangeLimits.Resources) return (null, $"it holds {sheet.Resources.Count} resources, and {ExchangeLimits.Resources} are the most");
            return sheet.Resources.Any(static one => one is null) ? (null, "a resource in it is null") : (sheet, "");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            return (null, $"it is no sheet of exports ({error.Message.Split('\n')[0]})");
        }
    }
}
