using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Trust;

/// <summary>
/// Tells the mesh that this agent signs, and which certificates were signed here before there was a store: only those that are recorded can be revoked by
/// their host's name.
/// </summary>
internal sealed class IssuerEntry(TlsFolder folder, TrustStore store, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(500), LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Ends when it is written.</summary>
    /// <param name="member">This member.</param>
    /// <param name="host">Its host's name.</param>
    /// <param name="api">Where others reach its API.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task RunAsync(Func<ulong> member, string host, PeerAddress api, CancellationToken cancel)
    {
        for (var pause = ShortestPause; !await TryAsync(member(), host, api, cancel); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause) await Task.Delay(pause, time, cancel);
    }

    private async Task<bool> TryAsync(ulong member, string host, PeerAddress api, CancellationToken cancel)
    {
        var (sight, _) = await store.ReadAsync([TrustKeys.Certificates], cancel);
        if (sight is null) return false;
        var records = new HostRecords(sight.Ranges[0], time.GetUtcNow());
        var issuer = JsonSerializer.SerializeToUtf8Bytes(new IssuerRecord(1, host, api.ToString()), TrustJson.Default.IssuerRecord);
        RequestOp[] writes = [TrustStore.Put(TrustKeys.Issuers + StoreIdentity.Hex(member), issuer), .. Signed().SelectMany(path => Missing(records, path))];
        return (await store.TryWriteAsync(sight.Revision, [TrustKeys.Certificates], writes, cancel)).Done;
    }

    private IEnumerable<string> Signed() => folder.AllFounders.Select(static one => one.Certificate).Concat([folder.Certificate, folder.OperatorCertificate]);

    private static IEnumerable<RequestOp> Missing(HostRecords records, string path)
    {
        if (!File.Exists(path)) yield break;
        using var certificate = Read(path);
        if (certificate is null || RoleWords.HostOf(certificate) is not { Length: > 0 } host) yield break;
        var issued = new IssuedCertificate(
            RoleWords.SerialOf(certificate), RoleWords.Of(RoleWords.RoleOf(certificate)), CertificateNames.Of(certificate), certificate.NotAfter.ToUniversalTime(), SigningRequest.HashOf(certificate.PublicKey));
        if (records.Live(host).Any(one => one.Serial == issued.Serial)) yield break;
        if (records.With(host, issued) is { } record) yield return TrustStore.Put(TrustKeys.Certificates + host, record);
    }

    private static X509Certificate2? Read(string path)
    {
        try
        {
            return X509CertificateLoader.LoadCertificateFromFile(path);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
