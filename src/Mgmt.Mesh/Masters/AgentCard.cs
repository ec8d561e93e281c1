using System.Text.Json;
using System.Text.Json.Serialization;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Place;

namespace Mgmt.Mesh.Masters;

/// <summary>
/// What an agent says of itself, and whether it volunteers to vote. It is stored under the agent's lease, so it is there as long as the agent is. Fields that
/// this program does not know are passed over: a newer one may say more.
/// </summary>
public sealed record AgentCard
{
    /// <summary>The format that is written, and the only one that is read. A field more is no new format.</summary>
    public const int PresentFormat = 1;

    /// <summary>The longest card that is read, in bytes.</summary>
    public const int LargestBytes = 4096;

    private const int LongestName = 255;

    /// <summary>The format.</summary>
    public int Format { get; init; } = PresentFormat;

    /// <summary>The member's id in hexadecimal.</summary>
    public required string Member { get; init; }

    /// <summary>The host's name.</summary>
    public required string Host { get; init; }

    /// <summary>The failure domain that the host is in; empty when nobody said.</summary>
    /// <remarks>The generated reader sets what is missing to null, whatever stands here.</remarks>
    public string Zone { get; init => field = value ?? ""; } = "";

    /// <summary>Where its API is, host:port.</summary>
    public required string Api { get; init; }

    /// <summary>Where its Raft port is, or will be, host:port.</summary>
    public required string Raft { get; init; }

    /// <summary>The program's version.</summary>
    public string Version { get; init => field = value ?? ""; } = "";

    /// <summary>Since when it is there, by its own clock: for people to read, nothing is decided by it.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Whether it volunteers to vote.</summary>
    public bool Volunteers { get; init; }

    /// <summary>Whether it is about to leave, and wants its vote, if it has one, given to another first.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The member's id.</summary>
    [JsonIgnore]
    public ulong MemberId => StoreIdentity.ParseHex(Member);

    /// <summary>The card as it is stored.</summary>
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, CardJson.Default.AgentCard);

    /// <summary>Reads one that another agent stored.</summary>
    /// <returns>Null when it is too long, of another format, or says what cannot be.</returns>
    public static AgentCard? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LargestBytes) return null;
        try
        {
            return JsonSerializer.Deserialize(bytes, CardJson.Default.AgentCard) is { } card && card.IsSound() ? card : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsText(string text, int least) => text.Length >= least && text.Length <= LongestName && !text.Any(char.IsControl);

    private bool IsSound() => Format == PresentFormat && StoreIdentity.TryParseHex(Member, out var id) && id != 0
        && IsText(Host, 1) && IsText(Zone, 0) && IsText(Version, 0)
        && PeerAddress.TryParse(Api, 0, out var api) && api.Port != 0 && PeerAddress.TryParse(Raft, 0, out var raft) && raft.Port != 0;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, MaxDepth = 8)]
[JsonSerializable(typeof(AgentCard))]
internal sealed partial class CardJson : JsonSerializerContext;
