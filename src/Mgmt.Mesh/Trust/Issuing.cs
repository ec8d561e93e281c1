using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Trust;

/// <summary>
/// Signs certificates: for tokens, and for those whose certificate still holds. Each is in the store before it is given out, in a transaction that holds only
/// if nothing it was decided by has changed: so a token is spent once, whoever is asked.
/// </summary>
internal sealed class Issuing(MeshAuthority authority, MeshTls tls, TrustStore store, TrustOptions options, TimeProvider time)
{
    private const int MostAttempts = 8;
    private const string Busy = "others came between each time; ask again";

    /// <summary>Spends a token.</summary>
    public async Task<EnrollResponse> EnrollAsync(EnrollRequest request, CancellationToken cancel)
    {
        if (SigningRequest.Read(request.Request.Span) is not { } key) return Refuse("its request for a certificate is none for a key of ECDSA P-256");
        var token = JoinToken.KeyOf(request.Secret.Span);
        for (var i = 0; i < MostAttempts; i++)
        {
            var (sight, failure) = await store.ReadAsync([token, TrustKeys.Certificates], cancel);
            if (sight is null) return Later(failure!);
            var records = new HostRecords(sight.Ranges[1], time.GetUtcNow());
            if (Judge(request, sight, records, SigningRequest.HashOf(key), out var spent) is { } refusal) return Refuse(refusal);
            using var signed = Sign(key, request.Host, RoleWords.Read(spent.Role), request.Names);
            if (records.With(request.Host, ToRecord(signed, key, request.Names)) is not { } record) return Refuse($"host {request.Host} has too many certificates: mgmt mesh revoke {request.Host}");
            RequestOp[] writes =
            [
                TrustStore.Put(token, JsonSerializer.SerializeToUtf8Bytes(spent, TrustJson.Default.TokenRecord), keepsLease: true),
                TrustStore.Put(TrustKeys.Certificates + request.Host, record),
            ];
            var (done, unknown) = await store.TryWriteAsync(sight.Revision, [token, TrustKeys.Certificates], writes, cancel);
            if (unknown is not null) return Later(unknown);
            if (done) return Answer(signed);
        }

        return Refuse(Busy, again: true);
    }

    /// <summary>Signs a new key for the holder of a certificate.</summary>
    public async Task<EnrollResponse> RenewAsync(RenewRequest request, X509Certificate2 former, CancellationToken cancel)
    {
        if (SigningRequest.Read(request.Request.Span) is not { } key) return Refuse("its request for a certificate is none for a key of ECDSA P-256");
        var (host, role, revoked) = (RoleWords.HostOf(former), RoleWords.RoleOf(former), TrustKeys.Revoked + RoleWords.SerialOf(former));
        if (role == Role.None || CertificateNames.HostRefusal(host) is not null) return Refuse("its certificate names no host or no role");
        for (var i = 0; i < MostAttempts; i++)
        {
            var (sight, failure) = await store.ReadAsync([revoked, TrustKeys.Certificates], cancel);
            if (sight is null) return Later(failure!);
            if (sight.Ranges[0].Count > 0) return Refuse($"the certificate of {host} is revoked");
            var records = new HostRecords(sight.Ranges[1], time.GetUtcNow());
            if (records.NamesRefusal(host, request.Names) is { } taken) return Refuse(taken);
            using var signed = Sign(key, host, role, request.Names);
            if (records.With(host, ToRecord(signed, key, request.Names)) is not { } record) return Refuse($"host {host} has too many certificates that still hold", again: true);
            var (done, unknown) = await store.TryWriteAsync(sight.Revision, [revoked, TrustKeys.Certificates], [TrustStore.Put(TrustKeys.Certificates + host, record)], cancel);
            if (unknown is not null) return Later(unknown);
            if (done) return Answer(signed);
        }

        return Refuse(Busy, again: true);
    }

    private static string? Judge(EnrollRequest request, TrustSight sight, HostRecords records, string key, out TokenRecord spent)
    {
        var token = sight.Ranges[0] is [var found] ? TrustJson.Read(found.Value.Span, TrustJson.Default.TokenRecord) : null;
        spent = token is null ? new() { Role = "" } : token with { UsedBy = request.Host, UsedKey = key };
        if (token is null) return "the token has ended, or was never made here; have another made: mgmt mesh token";
        if (token.UsedBy.Length > 0 && (token.UsedBy != request.Host || token.UsedKey != key)) return $"the token was used already, by host {token.UsedBy}; have another made: mgmt mesh token";
        if (token.Host.Length > 0 && token.Host != request.Host) return $"the token is for host {token.Host}, not for {request.Host}; have another made: mgmt mesh token --host {request.Host}";
        if (RoleWords.Read(token.Role) == Role.None) return $"the token gives a role that this version does not know: {token.Role}";
        return records.TakenRefusal(request.Host, token.Host == request.Host, key) ?? records.NamesRefusal(request.Host, request.Names);
    }

    private static IssuedCertificate ToRecord(X509Certificate2 signed, PublicKey key, IEnumerable<string> names) =>
        new(RoleWords.SerialOf(signed), RoleWords.Of(RoleWords.RoleOf(signed)), [.. names], signed.NotAfter.ToUniversalTime(), SigningRequest.HashOf(key));

    private static EnrollResponse Refuse(string why, bool again = false) => new() { Refusal = why, Again = again };

    private static EnrollResponse Later(StoreFailure failure) => Refuse($"the store cannot be asked: {failure.Reason}", again: true);

    private X509Certificate2 Sign(PublicKey key, string host, Role role, IEnumerable<string> names) =>
        authority.Issue(new(key, host, role, [.. names], role == Role.Operator ? options.OperatorLife : options.Life), time.GetUtcNow());

    private EnrollResponse Answer(X509Certificate2 signed) => new() { Certificate = signed.ExportCertificatePem(), Authorities = tls.AuthoritiesPem };
}
