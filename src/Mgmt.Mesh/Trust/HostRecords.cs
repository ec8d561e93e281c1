using System.Text.Json;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Trust;

/// <summary>Who has which certificates, as the store says at one revision. Pure.</summary>
internal sealed class HostRecords
{
    // A host that renews more often than its certificates end is not served any more: all that hold have to be known, to be revoked.
    private const int MostPerHost = 16;

    private readonly Dictionary<string, HostRecord> _hosts = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _now;

    public HostRecords(IEnumerable<KeyValue> records, DateTimeOffset now)
    {
        _now = now;
        foreach (var one in records)
        {
            if (TrustJson.Read(one.Value.Span, TrustJson.Default.HostRecord) is { } record) _hosts[one.Key.ToStringUtf8()[TrustKeys.Certificates.Length..]] = record;
        }
    }

    /// <summary>A host's certificates that still hold.</summary>
    public IReadOnlyList<IssuedCertificate> Live(string host) => _hosts.TryGetValue(host, out var record) ? [.. record.Certificates.Where(one => one.NotAfter > _now)] : [];

    /// <summary>Why a host may not come in under a name that others use, or null.</summary>
    /// <param name="host">Its name.</param>
    /// <param name="isNamed">Whether it was said that this very host comes again.</param>
    /// <param name="key">The key that it asks for: one that was signed already is only asked for again.</param>
    public string? TakenRefusal(string host, bool isNamed, string key)
    {
        var live = Live(host);
        if (isNamed || live.Count == 0 || live.Any(one => one.Key == key)) return null;
        return $"the name {host} is taken by a host whose certificate holds until {live.Max(static one => one.NotAfter).UtcDateTime:u}; if that host is gone: mgmt mesh revoke {host}; if it is this one, have the token made with --host {host}";
    }

    /// <summary>Why a host may not have these names, or null: another has one of them.</summary>
    public string? NamesRefusal(string host, IEnumerable<string> names)
    {
        var wanted = names.Append(host).Where(static one => !CertificateNames.IsOfEveryHost(one)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var other in _hosts.Keys.Where(one => one != host))
        {
            var live = Live(other);
            if (live.Count > 0 && live.SelectMany(static one => one.Names).Append(other).FirstOrDefault(wanted.Contains) is { } name) return $"the name {name} is that of host {other}";
        }

        return null;
    }

    /// <summary>A host's record with one certificate more; null when it has too many that still hold.</summary>
    public byte[]? With(string host, IssuedCertificate issued)
    {
        var live = Live(host);
        return live.Count >= MostPerHost ? null : JsonSerializer.SerializeToUtf8Bytes(new HostRecord { Certificates = [.. live, issued] }, TrustJson.Default.HostRecord);
    }
}
