using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Mgmt.Mesh.Trust;

/// <summary>Where the store says who is trusted. Only operators, and agents for themselves, write here: never a caller with another role.</summary>
public static class TrustKeys
{
    /// <summary>Below it, tokens by their secrets' hashes, each under a lease that ends it. Not for agents to read.</summary>
    public const string Tokens = "mgmt/trust/tokens/";

    /// <summary>Below it, by its host's name, the certificates that each host has.</summary>
    public const string Certificates = "mgmt/trust/certificates/";

    /// <summary>Below it, the serial numbers that are refused.</summary>
    public const string Revoked = "mgmt/trust/revoked/";

    /// <summary>Below it, by member id, the agents that have the authority's key.</summary>
    public const string Issuers = "mgmt/trust/issuers/";
}

/// <summary>A token as the store knows it.</summary>
internal sealed record TokenRecord
{
    public int Format { get; init; } = 1;

    /// <summary>What its certificate will let its holder do.</summary>
    public required string Role { get; init; }

    /// <summary>The host that it is for; empty for any.</summary>
    public string Host { get; init => field = value ?? ""; } = "";

    /// <summary>The host that has used it; empty when none has.</summary>
    public string UsedBy { get; init => field = value ?? ""; } = "";

    /// <summary>Whose key was signed for it: who lost the answer may ask again, with the same key.</summary>
    public string UsedKey { get; init => field = value ?? ""; } = "";
}

/// <summary>The certificates of one host that may still hold.</summary>
internal sealed record HostRecord
{
    public int Format { get; init; } = 1;

    public IReadOnlyList<IssuedCertificate> Certificates { get; init => field = value ?? []; } = [];
}

/// <summary>A certificate that was signed.</summary>
/// <param name="Serial">Its number in hexadecimal.</param>
/// <param name="Role">What it lets its holder do.</param>
/// <param name="Names">What others reach its host by.</param>
/// <param name="NotAfter">Until when it holds.</param>
/// <param name="Key">The hash of its public key.</param>
internal sealed record IssuedCertificate(string Serial, string Role, IReadOnlyList<string> Names, DateTimeOffset NotAfter, string Key);

/// <summary>A serial number that is refused.</summary>
/// <param name="Format">Of this record.</param>
/// <param name="Host">Whose it was.</param>
/// <param name="At">Since when.</param>
internal sealed record RevokedRecord(int Format, string Host, DateTimeOffset At);

/// <summary>An agent that signs.</summary>
/// <param name="Format">Of this record.</param>
/// <param name="Host">Its host.</param>
/// <param name="Api">Where its API is.</param>
internal sealed record IssuerRecord(int Format, string Host, string Api);

/// <summary>Records as they are stored. Fields that this program does not know are passed over.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, MaxDepth = 8)]
[JsonSerializable(typeof(TokenRecord))]
[JsonSerializable(typeof(HostRecord))]
[JsonSerializable(typeof(RevokedRecord))]
[JsonSerializable(typeof(IssuerRecord))]
internal sealed partial class TrustJson : JsonSerializerContext
{
    private const int Longest = 64 * 1024;

    /// <summary>Reads a record; null when it is none.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type)
        where T : class
    {
        if (bytes.Length > Longest) return null;
        try
        {
            return JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
