using System.Security.Cryptography;
using System.Text;
using Mgmt.Mesh.Consensus;

namespace Mgmt.Mesh.Founding;

/// <summary>
/// How a few agents that were given the same list come to found one cluster: each tells the others who it is, and founds when all of them know the same. So
/// nobody can found two by racing: ids are chosen by chance and kept, and the cluster's id is made of all of them. Pure, and not for many threads.
/// </summary>
public sealed class FoundingTalk
{
    /// <summary>How many voters a mesh has unless it is told otherwise.</summary>
    public const int IdealSize = 5;

    /// <summary>The most agents that a list may name.</summary>
    public const int MostPeers = 1000;

    private readonly Dictionary<PeerAddress, PeerIdentity> _known = [];
    private readonly Dictionary<PeerAddress, string> _agreed = [];

    /// <param name="self">Who this agent is.</param>
    /// <param name="peers">The list that it was given, itself in it or not.</param>
    public FoundingTalk(PeerIdentity self, IEnumerable<PeerAddress> peers)
    {
        Self = self;
        Founders = FoundersOf(peers);
        if (IsFounder) _known[self.Api] = self;
    }

    /// <summary>Who this agent is.</summary>
    public PeerIdentity Self { get; }

    /// <summary>Who is to found, in order.</summary>
    public IReadOnlyList<PeerAddress> Founders { get; }

    /// <summary>Whether this agent is one of them.</summary>
    public bool IsFounder => Founders.Contains(Self.Api);

    /// <summary>The founders that are known so far, in order.</summary>
    public IReadOnlyList<PeerIdentity> Known => [.. Founders.Where(_known.ContainsKey).Select(one => _known[one])];

    /// <summary>The first of the sorted list, an odd number, and no more than there should be voters.</summary>
    public static IReadOnlyList<PeerAddress> FoundersOf(IEnumerable<PeerAddress> peers)
    {
        var sorted = peers.Distinct().OrderBy(static one => one.ToString(), StringComparer.Ordinal).ToList();
        var size = Math.Min(IdealSize, sorted.Count);
        return sorted[..(size - (size % 2 == 0 && size > 0 ? 1 : 0))];
    }

    /// <summary>Takes what another agent says of itself. If it wants to found, its list may not be another; one that wants to join has none.</summary>
    /// <returns>Null, or why there can be no founding with it.</returns>
    public string? Hear(PeerIdentity other, IReadOnlyList<string> founders, IReadOnlyList<PeerIdentity> known)
    {
        if (founders.Count == 0) return null;
        if (!founders.SequenceEqual(Founders.Select(static one => one.ToString())))
            return $"cannot found a mesh with {other}: it was given the founders {string.Join(", ", founders)}, and this agent {string.Join(", ", Founders)}; give --peers the same list everywhere";
        if (!Founders.Contains(other.Api)) return null;
        if (other.Member == Self.Member && other.Api != Self.Api)
            return $"cannot found a mesh with {other}: it has this agent's own member id; one of the two prefixes was copied: empty its store directory";
        if (other.Name == Self.Name && other.Api != Self.Api)
            return $"cannot found a mesh with {other}: it has this host's name; give one of them another with --hostname";
        _known[other.Api] = other;
        _agreed[other.Api] = Fingerprint(known);
        return null;
    }

    /// <summary>The cluster's id once every founder is known and every other one knows the same; 0 until then.</summary>
    public ulong TryFound()
    {
        if (!IsFounder || Known.Count < Founders.Count) return 0;
        var ours = Fingerprint(Known);
        return Founders.All(one => one == Self.Api || (_agreed.TryGetValue(one, out var theirs) && theirs == ours)) ? IdOf(ours) : 0;
    }

    private static string Fingerprint(IEnumerable<PeerIdentity> known) =>
        string.Join('\n', known.Select(static one => $"{one.Api} {one.Member:x16} {one.Raft} {one.Name}").Order(StringComparer.Ordinal));

    private static ulong IdOf(string fingerprint) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(fingerprint))) | 1;
}
