using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Google.Protobuf;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Trust;

/// <summary>What is revoked of a host.</summary>
/// <param name="Serials">The numbers of its certificates.</param>
/// <param name="Members">The members that are to leave.</param>
public sealed record RevokedHost(IReadOnlyList<string> Serials, IReadOnlyList<ulong> Members);

/// <summary>What operators do about trust, through a client of the store.</summary>
public sealed class TrustDesk(StoreClient client, TimeProvider time)
{
    private const int MostAttempts = 8;

    private readonly TrustStore _store = new(client);

    /// <summary>Makes a token that lets one host in. The store gets its hash only, and forgets it after its time.</summary>
    /// <param name="role">agent, voter or operator.</param>
    /// <param name="host">The host that it is for; empty for any.</param>
    /// <param name="life">How long it may be used.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<(JoinToken? Token, StoreFailure? Failure)> MakeTokenAsync(string role, string host, TimeSpan life, CancellationToken cancel)
    {
        var answer = await client.AuthorityAsync(cancel);
        if (!answer.IsThere) return (null, answer.Failure);
        using var authority = Read(answer.Value.Certificate);
        if (authority is null) return (null, new(FailureKind.Refused, "the agent knows no authority of a mesh", "make one with mgmt mesh init, and start the agent with --peers or --listen"));
        var token = JoinToken.Make(authority);
        var lease = await client.GrantAsync(new() { TTL = (long)Math.Ceiling(life.TotalSeconds) }, cancel);
        if (!lease.IsThere) return (null, lease.Failure);
        var record = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(new TokenRecord { Role = role, Host = host }, TrustJson.Default.TokenRecord));
        var put = await client.PutAsync(new() { Key = ByteString.CopyFromUtf8(JoinToken.KeyOf(token.Secret.Span)), Lease = lease.Value.ID, Value = record }, cancel);
        return put.IsThere ? (token, null) : (null, put.Failure);
    }

    /// <summary>Has all certificates of a host refused from now on, and its member leave.</summary>
    public async Task<(RevokedHost? Revoked, StoreFailure? Failure)> RevokeAsync(string host, CancellationToken cancel)
    {
        var members = await client.MembersAsync(cancel);
        if (!members.IsThere) return (null, members.Failure);
        var leaving = members.Value.Members.Where(one => one.Name == host).Select(static one => one.ID).ToList();
        var key = TrustKeys.Certificates + host;
        for (var i = 0; i < MostAttempts; i++)
        {
            var (sight, failure) = await _store.ReadAsync([key], cancel);
            if (sight is null) return (null, failure);
            var record = sight.Ranges[0] is [var found] ? TrustJson.Read(found.Value.Span, TrustJson.Default.HostRecord) : null;
            if (record is null || record.Certificates.Count == 0) return (null, new(FailureKind.Refused, $"no certificate of a host {host} is known", $"see the hosts that have one: mgmt kv ls {TrustKeys.Certificates}"));
            var serials = record.Certificates.Select(static one => one.Serial).ToList();
            var (done, unknown) = await _store.TryWriteAsync(sight.Revision, [key], Writes(host, key, serials, leaving), cancel);
            if (unknown is not null) return (null, unknown);
            if (done) return (new(serials, leaving), null);
        }

        return (null, new(FailureKind.NotDone, "its certificates changed each time", "try again"));
    }

    private List<RequestOp> Writes(string host, string key, IEnumerable<string> serials, IEnumerable<ulong> leaving)
    {
        var revoked = JsonSerializer.SerializeToUtf8Bytes(new RevokedRecord(1, host, time.GetUtcNow()), TrustJson.Default.RevokedRecord);
        return
        [
            TrustStore.Delete(key),
            .. serials.Distinct(StringComparer.Ordinal).Select(one => TrustStore.Put(TrustKeys.Revoked + one, revoked)),
            .. leaving.Select(static one => TrustStore.Put(MastersKeys.Of(MastersKeys.Drained, one), "revoked"u8.ToArray())),
        ];
    }

    private static X509Certificate2? Read(string pem)
    {
        try
        {
            return pem.Length == 0 ? null : X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
