using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mgmt.Linux.Files;

namespace Mgmt.Mesh.Place;

/// <summary>Who this member is. Written once when it is chosen and once when it belongs to a cluster; an identity that voted is never given to another.</summary>
public sealed record StoreIdentity
{
    /// <summary>The format that is written, and the only one that is read.</summary>
    public const int PresentFormat = 1;

    /// <summary>The file's format.</summary>
    public int Format { get; init; } = PresentFormat;

    /// <summary>The cluster's id in hexadecimal; empty while it belongs to none.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>The member's id in hexadecimal.</summary>
    public required string Member { get; init; }

    /// <summary>The host's name.</summary>
    public required string Name { get; init; }

    /// <summary>Those known when it came to its cluster, with their addresses then; the state knows better once it is read.</summary>
    public IReadOnlyList<KnownPeer> Peers { get; init; } = [];

    /// <summary>Whether it came to a cluster that was there already, and so does not vote until it is let.</summary>
    public bool HasJoined { get; init; }

    /// <summary>Whether it keeps no store now: an agent of a mesh whose store others keep.</summary>
    public bool IsAgent { get; init; }

    /// <summary>Whether it kept the store before: then it may have voted, and its log has to be there if it is to keep it again.</summary>
    public bool HasKept { get; init; }

    /// <summary>Whether it belongs to a mesh, and not only to a store of its own: it needs no list of peers any more.</summary>
    public bool InMesh { get; init; }

    /// <summary>The cluster's id; 0 while it belongs to none.</summary>
    [JsonIgnore]
    public ulong ClusterId => Cluster.Length == 0 ? 0 : ParseHex(Cluster);

    /// <summary>The member's id.</summary>
    [JsonIgnore]
    public ulong MemberId => ParseHex(Member);

    /// <summary>An id as it is written.</summary>
    public static string Hex(ulong id) => id.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Reads an id that others wrote; only what <see cref="Hex"/> writes is one.</summary>
    public static bool TryParseHex(string hex, out ulong id) => ulong.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id) && Hex(id) == hex;

    /// <summary>Reads an id that is known to be one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ulong ParseHex(string hex) => ulong.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary>Reads it; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of another format.</exception>
    public static StoreIdentity? Read(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var identity = JsonSerializer.Deserialize(File.ReadAllBytes(path), IdentityJson.Default.StoreIdentity)!;
            if (identity.Format != PresentFormat) throw new InvalidDataException($"cannot read {path} of format {identity.Format}: this program knows format {PresentFormat}; run a newer one");
            if (identity.MemberId == 0) throw new FormatException("its member is 0");
            _ = identity.ClusterId;
            return identity;
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"cannot read {path}: {e.Message.TrimEnd('.')}; restore it from a backup, or move {Path.GetDirectoryName(path)} away to join as a new member", e);
        }
    }

    /// <summary>Writes it, and has it on the disk before it returns.</summary>
    public void Write(string path) => DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, IdentityJson.Default.StoreIdentity));
}

/// <summary>A peer as it was known.</summary>
/// <param name="Member">Its member id in hexadecimal.</param>
/// <param name="Name">Its host's name.</param>
/// <param name="Api">Where its API is, host:port.</param>
/// <param name="Raft">Where its Raft port is, host:port.</param>
/// <param name="Votes">Whether it voted.</param>
public sealed record KnownPeer(string Member, string Name, string Api, string Raft, bool Votes)
{
    /// <summary>Its member id.</summary>
    [JsonIgnore]
    public ulong MemberId => StoreIdentity.ParseHex(Member);
}

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoreIdentity))]
internal sealed partial class IdentityJson : JsonSerializerContext;
