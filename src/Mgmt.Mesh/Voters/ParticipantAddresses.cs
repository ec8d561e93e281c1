using System.Net;
using System.Net.Sockets;
using Mgmt.Mesh.Consensus;

namespace Mgmt.Mesh.Voters;

/// <summary>Where a member listens, and where others find it.</summary>
internal sealed record ParticipantAddresses(IReadOnlyList<IPEndPoint> ApiListen, IPEndPoint? RaftListen, PeerAddress Api, PeerAddress Raft)
{
    /// <summary>Works the addresses out of the options.</summary>
    /// <exception cref="MeshException">A name has no address, or plain connections would leave this host.</exception>
    public static async Task<ParticipantAddresses> OfAsync(ParticipantOptions options, CancellationToken cancel)
    {
        var api = options.Listen is { } listen ? await ResolveAsync(listen, cancel) : [];
        var raft = options.RaftListen is { } raftListen ? (await ResolveAsync(raftListen, cancel))[0] : null;
        if (options.IsInsecure && api.Append(raft).FirstOrDefault(static one => one is not null && !IPAddress.IsLoopback(one.Address)) is { } exposed)
            throw new MeshException($"cannot listen on {exposed} without TLS: anybody could write to the store; listen on a loopback address, or leave --insecure out");
        var host = options.Advertise ?? (options.Listen is { } given && !IsAny(given.Host) ? given.Host : options.Name);
        return new(api, raft, new(host.ToLowerInvariant(), api.Count > 0 ? api[0].Port : 1), new(host.ToLowerInvariant(), raft?.Port ?? 1));
    }

    private static bool IsAny(string host) => IPAddress.TryParse(host, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(PeerAddress listen, CancellationToken cancel)
    {
        try
        {
            var addresses = IPAddress.TryParse(listen.Host, out var one) ? [one] : await Dns.GetHostAddressesAsync(listen.Host, cancel);
            return addresses.Length > 0 ? [.. addresses.Select(address => new IPEndPoint(address, listen.Port))] : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException e)
        {
            throw new MeshException($"cannot listen on {listen}: {e.Message}; name an address of this host", e);
        }
    }
}
