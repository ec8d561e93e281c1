using System.Buffers.Binary;

namespace Mgmt.Store.Machine;

/// <summary>Attachments are one tree, ordered by lease and then by key: eight bytes of the id before the key.</summary>
internal static class LeaseKey
{
    public static Bytes Of(long lease, Bytes key)
    {
        var joint = new byte[8 + key.Length];
        BinaryPrimitives.WriteInt64BigEndian(joint, lease);
        key.Span.CopyTo(joint.AsSpan(8));
        return Bytes.Own(joint);
    }

    public static IEnumerable<Bytes> KeysOf(SortedTree<Lease> attachments, long lease)
    {
        var from = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(from, lease);
        return attachments.RangeKeys(KeyRange.Prefix(Bytes.Own(from))).Select(static joint => Bytes.Copy(joint.Span[8..]));
    }
}
