using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Trust;

/// <summary>What a host wants to come in with.</summary>
/// <param name="Prefix">The agent's state directory: the certificate comes below it.</param>
/// <param name="Peers">Agents of the mesh to ask.</param>
/// <param name="Token">What lets it in.</param>
/// <param name="Host">Its name.</param>
/// <param name="Names">Names and addresses by which others reach it.</param>
public sealed record EnrollmentOptions(string Prefix, IReadOnlyList<PeerAddress> Peers, JoinToken Token, string Host, IReadOnlyList<string> Names)
{
    /// <summary>How long peers are tried again when none answers.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What became of coming in.</summary>
public abstract record EnrollmentResult
{
    private EnrollmentResult()
    {
    }

    /// <summary>There is a certificate now.</summary>
    public sealed record Enrolled(string Role, DateTimeOffset NotAfter) : EnrollmentResult;

    /// <summary>There was one already, which holds: the token is not spent.</summary>
    public sealed record Kept : EnrollmentResult;

    /// <summary>There is none.</summary>
    /// <param name="Problem">Why, beginning with "cannot", and what to do next.</param>
    public sealed record Refused(string Problem) : EnrollmentResult;
}

/// <summary>
/// Gets this host its certificate. The first question goes to whoever answers, without saying anything secret: only if the authority it names is the one that
/// the token pins, the token's secret is said, on a new connection that trusts nobody else.
/// </summary>
public sealed class Enrollment(EnrollmentOptions options, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1), ConnectTimeout = TimeSpan.FromSeconds(2);

    private readonly TlsFolder _folder = new(options.Prefix);

    /// <summary>Comes in, if this host is not in already.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<EnrollmentResult> RunAsync(CancellationToken cancel)
    {
        try
        {
            _folder.Make();
            _folder.Settle();
            if (await PresentAsync(cancel) is { } present) return present;
            using var key = _folder.NextKeyOrNew();
            var request = new EnrollRequest { Secret = ByteString.CopyFrom(options.Token.Secret.Span), Request = ByteString.CopyFrom(SigningRequest.Of(key)), Host = options.Host, Names = { options.Names } };
            return await AskAllAsync(request, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return Refuse(e.Message);
        }
    }

    // A certificate that holds is kept; one that has ended, or is revoked, makes room.
    private async Task<EnrollmentResult?> PresentAsync(CancellationToken cancel)
    {
        if (!File.Exists(_folder.Certificate) || !File.Exists(_folder.Key) || !File.Exists(_folder.Authority)) return null;
        using var certificate = X509Certificate2.CreateFromPemFile(_folder.Certificate, _folder.Key);
        if (certificate.NotAfter <= time.GetUtcNow() || Revocations.Open(_folder.Revoked).Has(certificate)) return null;
        using var authority = X509CertificateLoader.LoadCertificateFromFile(_folder.Authority);
        if (!options.Token.IsFor(authority)) return Refuse($"the certificates in {_folder.Folder} are of another mesh than the token; move that directory away, or leave the token out");
        return await IsRevokedAsync(certificate, authority, cancel) ? null : new EnrollmentResult.Kept();
    }

    // This host may have been away when it was revoked. All are asked at once, as its own work waits for this.
    private async Task<bool> IsRevokedAsync(X509Certificate2 certificate, X509Certificate2 authority, CancellationToken cancel)
    {
        var calls = new TrustCalls(() => PinnedHandler(authority, certificate));
        var answers = await Task.WhenAll(options.Peers.Select(peer => calls.IsRevokedAsync(peer, cancel)));
        return answers.Any(static one => one);
    }

    private async Task<EnrollmentResult> AskAllAsync(EnrollRequest request, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var problems = new List<string>();
            var wrong = 0;
            foreach (var peer in options.Peers)
            {
                var (result, problem, isWrong) = await AskAsync(peer, request, cancel);
                if (result is not null) return result;
                problems.Add($"{peer}: {problem}");
                if (isWrong) wrong++;
            }

            // Whoever answers is not of the token's mesh: waiting does not help.
            var told = string.Join("; ", problems);
            if (wrong == options.Peers.Count) return Refuse($"{told}; see that --peers names agents of the mesh that the token was made in, and that nobody answers in their place");
            if (time.GetElapsedTime(began) + Between > options.Patience) return Refuse($"nobody gives one within {options.Patience.TotalSeconds:0.#} s ({told}); see that agents of the mesh answer there");
            await Task.Delay(Between, time, cancel);
        }
    }

    private async Task<(EnrollmentResult? Result, string Problem, bool IsWrong)> AskAsync(PeerAddress peer, EnrollRequest request, CancellationToken cancel)
    {
        var strangers = new TrustCalls(StrangersHandler);
        if (await strangers.AuthorityAsync(peer, cancel) is not { } shown) return (null, strangers.Problem, false);
        if (shown.Certificate.Length == 0) return (null, "it knows no authority of a mesh", true);
        using var authority = Read(shown.Certificate);
        if (authority is null || !options.Token.IsFor(authority)) return (null, "its authority is not the one that the token is for", true);
        var calls = new TrustCalls(() => PinnedHandler(authority));
        if (await calls.EnrollAsync(peer, request, cancel) is not { } response) return (null, calls.Problem, false);
        if (response.Refusal.Length > 0) return response.Again ? (null, response.Refusal, false) : (Refuse($"{peer} refuses: {response.Refusal}"), "", false);
        return (Take(response, authority), "", false);
    }

    private EnrollmentResult.Enrolled Take(EnrollResponse response, X509Certificate2 authority)
    {
        using var certificate = Read(response.Certificate) ?? throw new CryptographicException("what was sent is no certificate");
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(response.Authorities);
        if (!authorities.Any(options.Token.IsFor)) authorities.Add(authority);
        _folder.Complete(response.Certificate, string.Join('\n', authorities.Select(static one => one.ExportCertificatePem())));
        return new EnrollmentResult.Enrolled(RoleWords.Of(RoleWords.RoleOf(certificate)), certificate.NotAfter.ToUniversalTime());
    }

    private static X509Certificate2? Read(string pem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static EnrollmentResult.Refused Refuse(string why) => new($"cannot get a certificate for this host: {why.TrimEnd('.')}");

    // Nothing secret is said here, and what is heard is held against the pin.
    [SuppressMessage("Security", "CA5359", Justification = "The pin decides.")]
    private static SocketsHttpHandler StrangersHandler() =>
        new() { ConnectTimeout = ConnectTimeout, UseProxy = false, SslOptions = new() { RemoteCertificateValidationCallback = static (_, _, _, _) => true } };

    private static SocketsHttpHandler PinnedHandler(X509Certificate2 authority, X509Certificate2? own = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.Add(authority);
        policy.ApplicationPolicy.Add(new("1.3.6.1.5.5.7.3.1"));
        return new() { ConnectTimeout = ConnectTimeout, UseProxy = false, SslOptions = new() { CertificateChainPolicy = policy, ClientCertificates = own is null ? null : [own] } };
    }
}
