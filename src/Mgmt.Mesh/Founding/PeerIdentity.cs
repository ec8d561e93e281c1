using System.Diagnostics.CodeAnalysis;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Founding;

/// <summary>An agent as others know it.</summary>
/// <param name="Member">Its member id; never 0.</param>
/// <param name="Name">Its host's name.</param>
/// <param name="Api">Where its API is, as it stands in lists of peers.</param>
/// <param name="Raft">Where its Raft port is.</param>
public sealed record PeerIdentity(ulong Member, string Name, PeerAddress Api, PeerAddress Raft)
{
    private const int LongestName = 255;

    /// <summary>Reads one that came over the wire.</summary>
    public static bool TryRead(Peer? wire, [NotNullWhen(true)] out PeerIdentity? peer)
    {
        peer = null;
        if (wire is null || wire.MemberId == 0 || wire.Name.Length is 0 or > LongestName || wire.Name.Any(char.IsControl)) return false;
        if (!PeerAddress.TryParse(wire.ApiAddress, 0, out var api) || !PeerAddress.TryParse(wire.RaftAddress, 0, out var raft) || api.Port == 0 || raft.Port == 0) return false;
        peer = new(wire.MemberId, wire.Name, api, raft);
        return true;
    }

    /// <summary>Reads many; those that cannot be read are left out.</summary>
    public static IReadOnlyList<PeerIdentity> ReadAll(IEnumerable<Peer> wire, int most) =>
        [.. wire.Take(most).Select(static one => TryRead(one, out var peer) ? peer : null).OfType<PeerIdentity>()];

    /// <summary>One that was remembered.</summary>
    public static PeerIdentity Of(KnownPeer known) =>
        PeerAddress.TryParse(known.Api, 0, out var api) && PeerAddress.TryParse(known.Raft, 0, out var raft)
            ? new(known.MemberId, known.Name, api, raft)
            : throw new InvalidDataException($"cannot read the addresses of {known.Name}: {known.Api} and {known.Raft}");

    /// <summary>As it goes over the wire.</summary>
    public Peer ToWire() => new() { MemberId = Member, Name = Name, ApiAddress = Api.ToString(), RaftAddress = Raft.ToString() };

    /// <summary>As it is remembered.</summary>
    public KnownPeer ToKnown(bool votes) => new(StoreIdentity.Hex(Member), Name, Api.ToString(), Raft.ToString(), votes);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Api}, member {Member:x16})";
}
