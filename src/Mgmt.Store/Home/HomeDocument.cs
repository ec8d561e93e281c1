using Mgmt.Store.Wire;

namespace Mgmt.Store.Home;

/// <summary>The collections of the database. The numbers stand in every document.</summary>
internal enum Shelf : byte
{
    /// <summary>One document: whose home it is, and in which format.</summary>
    Identity = 1,

    /// <summary>One document: up to where the state goes, and what all documents add up to.</summary>
    Mark = 2,

    /// <summary>The keys as they were at the compaction, some in a document, near keys together.</summary>
    Pages = 3,

    /// <summary>The history, some events in a document, by the number of its first.</summary>
    Events = 4,

    /// <summary>The leases, by id.</summary>
    Leases = 5,

    /// <summary>The members, by id.</summary>
    Members = 6,
}

/// <summary>
/// A document's bytes: the shelf and the id that it belongs to, its body, and a CRC-32C over both, so that neither a flipped bit nor a document in another's
/// place goes unnoticed.
/// </summary>
internal readonly record struct HomeDocument(Shelf Shelf, long Id, byte[] Bytes)
{
    /// <summary>What it adds to the sum over all documents. Without the checksum at the end: over that as well, CRC gives the same for all that is sound.</summary>
    public ulong Share => Crc32C.Spread(Crc32C.Of(Bytes.AsSpan(0, Math.Max(0, Bytes.Length - 4))), ((ulong)Shelf << 56) ^ (ulong)Id);

    public static WireWriter Begin(Shelf shelf, long id)
    {
        var writer = new WireWriter();
        writer.Byte((byte)shelf);
        writer.Signed(id);
        return writer;
    }

    public static HomeDocument End(Shelf shelf, long id, WireWriter writer) => new(shelf, id, writer.Seal());

    /// <summary>Opens the body. False when the bytes are not those that were written here.</summary>
    public bool TryOpen(out WireReader reader) =>
        WireReader.TryOpen(Bytes, out reader) && reader.Byte() == (byte)Shelf && reader.Signed() == Id && !reader.HasFailed;
}
