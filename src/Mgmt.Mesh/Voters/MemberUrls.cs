using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;
using Mgmt.Store;

namespace Mgmt.Mesh.Voters;

/// <summary>Members' addresses as the URLs that etcd's API speaks of.</summary>
internal static class MemberUrls
{
    /// <summary>A member as the state is to know it.</summary>
    public static Member ToMember(PeerIdentity peer, bool isSecure, bool isLearner) =>
        new(peer.Member, peer.Name, [UrlOf(peer.Raft, isSecure)], [UrlOf(peer.Api, isSecure)], isLearner);

    /// <summary>A member as it is reached; null when it has not started, or has no address that can be read.</summary>
    public static PeerIdentity? ToPeer(Member member) =>
        member.Name.Length > 0 && TryFind(member.ClientUrls, out var api) && TryFind(member.PeerUrls, out var raft) ? new(member.Id, member.Name, api, raft) : null;

    /// <summary>The first address among URLs.</summary>
    public static bool TryFind(IReadOnlyList<string> urls, out PeerAddress address)
    {
        address = default;
        foreach (var url in urls)
        {
            if (TryRead(url, out address)) return true;
        }

        return false;
    }

    /// <summary>Reads "http://host:port" or "https://host:port".</summary>
    public static bool TryRead(string url, out PeerAddress address)
    {
        address = default;
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.AbsolutePath == "/"
            && PeerAddress.TryParse(uri.Authority, uri.Port, out address);
    }

    private static string UrlOf(PeerAddress address, bool isSecure) => $"{(isSecure ? "https" : "http")}://{address}";
}
