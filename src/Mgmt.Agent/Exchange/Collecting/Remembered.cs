using System.Text.Json;
using System.Text.Json.Serialization;
using Mgmt.Linux.Files;

namespace Mgmt.Agent.Exchange;

/// <summary>What peers exported the last time, kept on the disk so that a host without a quorum keeps what it collected.</summary>
/// <param name="Sheets">The sheets, as the store held them.</param>
/// <param name="Holders">Who has what several would have.</param>
internal sealed record Remembered(IReadOnlyDictionary<SheetKey, StoredSheet> Sheets, IReadOnlyDictionary<Thing, string> Holders)
{
    private const int Present = 1;

    /// <summary>Nothing is remembered.</summary>
    public static Remembered Nothing { get; } = new(new Dictionary<SheetKey, StoredSheet>(), new Dictionary<Thing, string>());

    /// <summary>Where it is kept.</summary>
    /// <param name="prefix">The agent's state directory.</param>
    public static string PathIn(string prefix) => Path.Combine(prefix, "collected.json");

    /// <summary>Reads it. What cannot be read is as good as nothing: the mesh tells it again.</summary>
    public static Remembered Read(string path, Action<string> warn)
    {
        try
        {
            if (!File.Exists(path)) return Nothing;
            using var file = File.OpenRead(path);
            if (JsonSerializer.Deserialize(file, RememberedJson.Default.RememberedFile) is { Version: Present } kept) return Of(kept);
            warn($"cannot use {path}: it is of another version; what was collected is gone from the graph until the mesh tells of it again");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            warn($"cannot read {path}: {error.Message.TrimEnd('.')}; what was collected is gone from the graph until the mesh tells of it again");
        }

        return Nothing;
    }

    /// <summary>Writes it, and has it on the disk before it returns.</summary>
    /// <exception cref="FileException">It cannot be written.</exception>
    public void Write(string path) => DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(ToFile(), RememberedJson.Default.RememberedFile));

    private static Remembered Of(RememberedFile file) => new(
        file.Sheets.DistinctBy(static one => (one.Host, one.Kind)).ToDictionary(static one => new SheetKey(one.Host, one.Kind), static one => new StoredSheet(one.Bytes, one.Since)),
        file.Holders.DistinctBy(static one => (one.Kind, one.Key)).ToDictionary(static one => new Thing(one.Kind, one.Key), static one => one.Holder));

    private RememberedFile ToFile() => new()
    {
        Version = Present,
        Sheets = [.. Sheets.OrderBy(static one => one.Key.ToString(), StringComparer.Ordinal).Select(static one => new RememberedSheet(one.Key.Host, one.Key.Kind, one.Value.Since, one.Value.Bytes.ToArray()))],
        Holders = [.. Holders.OrderBy(static one => one.Key.Key, StringComparer.Ordinal).Select(static one => new RememberedHolder(one.Key.Kind, one.Key.Key, one.Value))],
    };
}

/// <summary>The file's shape.</summary>
internal sealed class RememberedFile
{
    public int Version { get; set; }

    public IReadOnlyList<RememberedSheet> Sheets { get; set; } = [];

    public IReadOnlyList<RememberedHolder> Holders { get; set; } = [];
}

/// <summary>A sheet; its bytes are base64, as they are kept whatever they are.</summary>
internal sealed record RememberedSheet(string Host, string Kind, long Since, byte[] Bytes);

/// <summary>Who has a contested thing.</summary>
internal sealed record RememberedHolder(string Kind, string Key, string Holder);

/// <summary>How the file is written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, WriteIndented = true)]
[JsonSerializable(typeof(RememberedFile))]
internal sealed partial class RememberedJson : JsonSerializerContext;
