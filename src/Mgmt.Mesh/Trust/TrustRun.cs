using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Voters;

namespace Mgmt.Mesh.Trust;

/// <summary>Who this agent is, as far as certificates are concerned.</summary>
/// <param name="Prefix">Its state directory.</param>
/// <param name="Host">Its host's name.</param>
/// <param name="Api">Where others reach its API.</param>
/// <param name="Names">Names and addresses by which others reach this host, all of them.</param>
internal sealed record TrustSelf(string Prefix, string Host, PeerAddress Api, IReadOnlyList<string> Names);

/// <summary>
/// What goes on about trust while an agent runs: it answers those who want certificates, learns which are revoked, and renews its own. It asks the store as any
/// client does, by the agent's own socket, so that it needs no more than an API that is served there.
/// </summary>
internal sealed class TrustRun : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(10), OperatorLife = TimeSpan.FromHours(1);

    private readonly TrustSelf _self;
    private readonly IParticipantLog _log;
    private readonly TimeProvider _time;
    private readonly MeshAuthority? _authority;
    private readonly StoreClient _client;
    private readonly IssuerEntry _entry;
    private readonly RevocationFeed _feed;
    private readonly Renewal _renewal;

    /// <exception cref="MeshException">The authority's key is here, and cannot be used.</exception>
    public TrustRun(TrustSelf self, MeshTls tls, TrustOptions options, TimeProvider time, IParticipantLog log)
    {
        (_self, _time, _log) = (self, time, log);
        var folder = new TlsFolder(self.Prefix);
        _authority = MeshAuthority.Load(folder);
        _client = StoreClient.Create(new([new Endpoint.Unix(new StorePlace(self.Prefix).Socket)], null, StoreAddress.UsualTimeout), time, out var problem) ?? throw new MeshException(problem);
        var store = new TrustStore(_client, _authority is { } authority ? keepers => AsOperator(authority, keepers) : null);
        var issuing = _authority is null ? null : new Issuing(_authority, tls, store, options, time);
        var talk = new TrustTalk(tls, issuing, store, new TrustCalls(() => tls.CallHandler(ConnectTimeout)), new EnrollGate(options, time), log.Say);
        Talk = talk;
        _entry = new(folder, store, time);
        _feed = new(_client, tls.Revocations, time, log.Say, log.Warn);
        _renewal = new(
            tls, folder, self.Names, (request, cancel) => talk.RenewAsync(RoleWords.HostOf(tls.Certificate), RoleWords.RoleOf(tls.Certificate), request, cancel), time, (sentence, isWrong) => (isWrong ? log.Warn : (Action<string>)log.Say)(sentence));
    }

    /// <summary>Answers those who want certificates.</summary>
    public ITrustTalk Talk { get; }

    /// <summary>Goes on until it is cancelled.</summary>
    /// <param name="member">This member's id, once it is known.</param>
    /// <param name="cancel">Ends it.</param>
    public Task RunAsync(Func<ulong> member, CancellationToken cancel) => Task.WhenAll(
        GoOnAsync(_feed.RunAsync, cancel), GoOnAsync(_renewal.RunAsync, cancel), _authority is null ? Task.CompletedTask : GoOnAsync(one => _entry.RunAsync(member, _self.Host, _self.Api, one), cancel));

    // A fault of one of them is told, and it begins again: without them certificates would end, or be believed when they should not.
    private async Task GoOnAsync(Func<CancellationToken, Task> run, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await run(cancel);
                return;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _log.Warn($"what looks after certificates failed and begins again: {e.GetType().Name}: {e.Message}");
                await Task.Delay(AfterFault, _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Who signs need not keep the store, and others refuse its host's own certificate to read and write for all: so it signs itself one that may, for this once.
    [SuppressMessage("Reliability", "CA2000", Justification = "The client owns them.")]
    private StoreClient AsOperator(MeshAuthority authority, IReadOnlyList<Endpoint> endpoints)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = authority.Issue(new(new PublicKey(key), _self.Host, Role.Operator, [], OperatorLife), _time.GetUtcNow());
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(new TlsFolder(_self.Prefix).Authority);
        return new(new(endpoints, null, StoreAddress.UsualTimeout), ClientTls.Of(signed.CopyWithPrivateKey(key), authorities), _time);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _authority?.Dispose();
    }
}
