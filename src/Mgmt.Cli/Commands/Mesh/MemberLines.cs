using System.Diagnostics.CodeAnalysis;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary>
/// Lines to single members, at the addresses that the store has for them, with the credentials that were given; on an agent's own host those of the operator or
/// the host, if they can be read. Without TLS nothing leaves this host.
/// </summary>
/// <param name="address">Where the store is asked, and as whom.</param>
/// <param name="time">For pauses.</param>
internal sealed class MemberLines(StoreAddress address, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Asks those how they are that have not said it yet, all at once.</summary>
    /// <param name="members">The members.</param>
    /// <param name="statuses">What they said, and where their answers go.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Those that did not answer.</returns>
    public async Task<HashSet<ulong>> AskAsync(IReadOnlyList<Member> members, Dictionary<ulong, StatusResponse> statuses, CancellationToken cancel)
    {
        var silent = new HashSet<ulong>();
        var asked = members.Where(one => !statuses.ContainsKey(one.ID)).Select(one => (Member: one, Line: Open(one, Patience))).Where(static one => one.Line is not null).ToList();
        try
        {
            var answers = await Task.WhenAll(asked.Select(one => one.Line!.StatusAsync(cancel)));
            foreach (var ((member, _), answer) in asked.Zip(answers))
            {
                if (answer[0] is { IsThere: true, Value: { } status } && status.Header.MemberId == member.ID) statuses[member.ID] = status;
                else silent.Add(member.ID);
            }
        }
        finally
        {
            foreach (var (_, line) in asked) line!.Dispose();
        }

        return silent;
    }

    /// <summary>A line to one member, which belongs to the caller; null when it has no address, or this user no credentials for it.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller owns it.")]
    public StoreClient? Open(Member member, TimeSpan? patience = null)
    {
        foreach (var url in member.ClientURLs)
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || !PeerAddress.TryParse(uri.Authority, uri.Port, out var place)) continue;
            var tls = uri.Scheme == "https" ? address.Tls ?? OwnTls() : null;
            if (uri.Scheme == "https" ? tls is null : !Endpoint.IsLoopback(place)) continue;
            var limit = patience is { } least && least < address.Timeout ? least : address.Timeout;
            if (StoreClient.Create(new([new Endpoint.Tcp(place)], tls, limit), time, out _) is { } client) return client;
        }

        return null;
    }

    /// <summary>
    /// A line to a host's own agent, which belongs to the caller: whoever answers there has to have that host's certificate. Null when this user has no credentials
    /// for it.
    /// </summary>
    /// <param name="host">The host's name.</param>
    /// <param name="api">Where its API is, as the mesh says.</param>
    /// <param name="isSecure">Whether the mesh has certificates; without, it does not reach beyond this machine.</param>
    public StoreClient? OpenHost(string host, string api, bool isSecure)
    {
        if (!PeerAddress.TryParse(api, Endpoint.ApiPort, out var place)) return null;
        var tls = isSecure ? address.Tls ?? OwnTls() : null;
        if (isSecure ? tls is null : !Endpoint.IsLoopback(place)) return null;
        return StoreClient.Create(new([new Endpoint.Tcp(place)], tls, address.Timeout) { Host = isSecure ? host : "" }, time, out _);
    }

    // Those of the agent that is asked.
    private TlsFiles? OwnTls()
    {
        if (address.Endpoints is not [Endpoint.Unix socket]) return null;
        var folder = Path.Combine(StorePlace.OfSocket(socket.Path).Prefix, "tls");
        foreach (var (certificate, key) in new[] { ("operator.pem", "operator.key"), ("cert.pem", "key.pem") })
        {
            var files = new TlsFiles(Path.Combine(folder, "ca.pem"), Path.Combine(folder, certificate), Path.Combine(folder, key));
            if (File.Exists(files.Authority) && File.Exists(files.Certificate) && File.Exists(files.Key)) return files;
        }

        return null;
    }
}
