using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.Membership;

namespace Mgmt.Mesh.Raft.Log;

/// <summary>The members that vote, as an entry of the log holds them: u32 how many, and their ids in order.</summary>
internal sealed class VoterSet : IClusterConfiguration<EndPoint>
{
    /// <summary>More voters only cost; etcd advises 7.</summary>
    public const int Max = 31;

    private readonly byte[] _bytes;

    public VoterSet(IEnumerable<ulong> members)
    {
        Ids = [.. members.Distinct().Order()];
        Members = Ids.Select(MemberName.Of).ToImmutableHashSet();
        _bytes = new byte[4 + 8 * Ids.Length];
        BinaryPrimitives.WriteInt32LittleEndian(_bytes, Ids.Length);
        for (var at = 0; at < Ids.Length; at++) BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(4 + 8 * at), Ids[at]);
    }

    public static VoterSet Nobody { get; } = new([]);

    public ImmutableArray<ulong> Ids { get; }

    public IReadOnlySet<EndPoint> Members { get; }

    public ReadOnlyMemory<byte> Bytes => _bytes;

    bool IDataTransferObject.IsReusable => true;

    long? IDataTransferObject.Length => _bytes.Length;

    /// <exception cref="LogException">That is not what was written.</exception>
    public static VoterSet Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return Nobody;
        var count = bytes.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (count is < 0 or > Max || bytes.Length != 4 + 8 * count) throw new LogException($"cannot read the voters: {bytes.Length} bytes for {count} members");
        var ids = new ulong[count];
        for (var at = 0; at < count; at++) ids[at] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(4 + 8 * at)..]);
        return new VoterSet(ids);
    }

    public IClusterConfiguration<EndPoint> Add(EndPoint address) => MemberName.IdOf(address) is var id && Ids.Contains(id) ? this : new VoterSet(Ids.Add(id));

    public IClusterConfiguration<EndPoint> Remove(EndPoint address) => MemberName.IdOf(address) is var id && Ids.Contains(id) ? new VoterSet(Ids.Remove(id)) : this;

    bool IDataTransferObject.TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = _bytes;
        return true;
    }

    ValueTask IDataTransferObject.WriteToAsync<TWriter>(TWriter writer, CancellationToken token) => writer.WriteAsync(_bytes, null, token);
}

/// <summary>A member's name for DotNext: its id in a host name that nobody looks up. Where it is, the directory says for each connection.</summary>
internal static class MemberName
{
    public static EndPoint Of(ulong member) => new DnsEndPoint(member.ToString("x16", System.Globalization.CultureInfo.InvariantCulture), 1);

    public static ulong IdOf(EndPoint? name) => name is DnsEndPoint dns
        && ulong.TryParse(dns.Host, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : 0;
}
