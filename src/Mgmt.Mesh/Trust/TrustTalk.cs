using Mgmt.Mesh.Api;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Trust;

/// <summary>Answers those who want a certificate: an agent with the authority's key signs, any other asks one that has it.</summary>
/// <param name="tls">This host's own identity.</param>
/// <param name="issuing">Signs; null without the authority's key.</param>
/// <param name="store">Says who else signs.</param>
/// <param name="calls">Asks those.</param>
/// <param name="gate">Who is listened to.</param>
/// <param name="say">Takes what an operator should know, and the host that it is about.</param>
internal sealed class TrustTalk(MeshTls tls, Issuing? issuing, TrustStore store, ITrustCalls calls, EnrollGate gate, Action<string, string> say) : ITrustTalk
{
    private const int MostIssuers = 8;

    public AuthorityResponse Authority() => new() { Certificate = tls.AuthorityPem };

    public async Task<EnrollResponse> EnrollAsync(EnrollRequest request, CancellationToken cancel)
    {
        if (!gate.TryEnter()) return new() { Refusal = "too many ask for a certificate", Again = true };
        try
        {
            if (!JoinToken.IsSecret(request.Secret.Span)) return new() { Refusal = "what it shows is no token" };
            if ((CertificateNames.HostRefusal(request.Host) ?? CertificateNames.NamesRefusal(request.Names)) is { } refusal) return new() { Refusal = refusal };
            var response = issuing is not null
                ? await issuing.EnrollAsync(request, cancel)
                : await ForwardAsync(request.Forwarded, () => new EnrollRequest(request) { Forwarded = true }, calls.EnrollAsync, cancel);
            if (issuing is not null) say(response.Refusal.Length == 0 ? $"signed a certificate for host {request.Host}" : $"refused a certificate to host {request.Host}: {response.Refusal}", request.Host);
            return response;
        }
        finally
        {
            gate.Leave();
        }
    }

    public async Task<EnrollResponse> RenewAsync(string host, Role role, RenewRequest request, CancellationToken cancel)
    {
        using var former = RenewalProof.Read(request);
        if (former is null || !tls.Api.IsTrusted(former)) return new() { Refusal = "it does not show a certificate of this mesh that holds and is its own" };
        if (CertificateNames.NamesRefusal(request.Names) is { } refusal) return new() { Refusal = refusal };
        var response = issuing is not null
            ? await issuing.RenewAsync(request, former, cancel)
            : await ForwardAsync(request.Forwarded, () => new RenewRequest(request) { Forwarded = true }, calls.RenewAsync, cancel);
        if (issuing is not null) say(response.Refusal.Length == 0 ? $"signed a new certificate for host {RoleWords.HostOf(former)}" : $"refused a new certificate to host {RoleWords.HostOf(former)}: {response.Refusal}", RoleWords.HostOf(former));
        return response;
    }

    private async Task<EnrollResponse> ForwardAsync<T>(bool isForwarded, Func<T> make, Func<PeerAddress, T, CancellationToken, Task<EnrollResponse?>> ask, CancellationToken cancel)
    {
        if (isForwarded) return new() { Refusal = "this agent does not have the authority's key", Again = true };
        var (sight, failure) = await store.ReadAsync([TrustKeys.Issuers], cancel);
        if (sight is null) return new() { Refusal = $"the store cannot be asked: {failure!.Reason}", Again = true };
        var issuers = sight.Ranges[0].Select(static one => TrustJson.Read(one.Value.Span, TrustJson.Default.IssuerRecord)).OfType<IssuerRecord>().Take(MostIssuers).ToList();
        foreach (var issuer in issuers)
        {
            if (PeerAddress.TryParse(issuer.Api, 0, out var place) && await ask(place, make(), cancel) is { } response) return response;
        }

        var hosts = string.Join(", ", issuers.Select(static one => one.Host));
        return new() { Refusal = $"no agent that has the authority's key answers ({(hosts.Length == 0 ? "none is known" : hosts)}); start it", Again = true };
    }
}
