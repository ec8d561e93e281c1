using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mgmt.Mesh.Masters;

/// <summary>What an agent says of its graph, stored under its lease. Fields that this program does not know are passed over.</summary>
public sealed record ConvergedNote
{
    private const int LargestBytes = 1024;

    /// <summary>Whether nothing is left to do.</summary>
    public required bool Converged { get; init; }

    /// <summary>Since when it is or is not, by the host's own clock. Another value is another convergence.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How many resources are failed, or wait for one that is.</summary>
    public int Failed { get; init; }

    /// <summary>The note as it is stored.</summary>
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, NoteJson.Default.ConvergedNote);

    /// <summary>Reads one that another agent stored; null when it is none.</summary>
    public static ConvergedNote? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LargestBytes) return null;
        try
        {
            return JsonSerializer.Deserialize(bytes, NoteJson.Default.ConvergedNote);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 8)]
[JsonSerializable(typeof(ConvergedNote))]
internal sealed partial class NoteJson : JsonSerializerContext;
