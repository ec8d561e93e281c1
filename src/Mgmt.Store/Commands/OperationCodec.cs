using Mgmt.Store.Wire;

namespace Mgmt.Store.Commands;

/// <summary>Operations as bytes. Options that are rarely set share one byte of flags, and numbers follow only where their flag says so.</summary>
internal static class OperationCodec
{
    private const byte RangeKind = 1, PutKind = 2, DeleteKind = 3, TxnKind = 4;

    public static void Write(WireWriter writer, Operation operation)
    {
        switch (operation)
        {
            case Operation.Range range:
                writer.Byte(RangeKind);
                WriteRange(writer, range);
                break;
            case Operation.Put put:
                writer.Byte(PutKind);
                writer.Bytes(put.Key);
                writer.Bytes(put.Value);
                writer.Signed(put.Lease);
                writer.Byte(Flags(put.WantsPrevious, put.IgnoreValue, put.IgnoreLease));
                break;
            case Operation.DeleteRange delete:
                writer.Byte(DeleteKind);
                WriteKeys(writer, delete.Keys);
                writer.Bool(delete.WantsPrevious);
                break;
            case Operation.Txn txn:
                writer.Byte(TxnKind);
                WriteTxn(writer, txn);
                break;
            default:
                throw new ArgumentException($"unknown operation {operation}", nameof(operation));
        }
    }

    /// <summary>Reads one operation with transactions nested no deeper than is left.</summary>
    public static Operation Read(ref WireReader reader, int depth)
    {
        switch (reader.Byte())
        {
            case RangeKind:
                return ReadRange(ref reader);
            case PutKind:
                var put = new Operation.Put(reader.Bytes(), reader.Bytes()) { Lease = reader.Signed() };
                var flags = reader.Choice(7);
                return put with { WantsPrevious = (flags & 1) != 0, IgnoreValue = (flags & 2) != 0, IgnoreLease = (flags & 4) != 0 };
            case DeleteKind:
                return new Operation.DeleteRange(ReadKeys(ref reader)) { WantsPrevious = reader.Bool() };
            case TxnKind when depth > 0:
                return ReadTxn(ref reader, depth - 1);
            default:
                reader.Fail();
                return new Operation.DeleteRange(default);
        }
    }

    private static void WriteRange(WireWriter writer, Operation.Range range)
    {
        WriteKeys(writer, range.Keys);
        writer.Byte(Flags(range.Serializable, range.KeysOnly, range.CountOnly));
        writer.Byte((byte)range.Order);
        writer.Byte((byte)range.Target);
        writer.Signed(range.Limit);
        writer.Signed(range.Revision);
        writer.Signed(range.MinModRevision);
        writer.Signed(range.MaxModRevision);
        writer.Signed(range.MinCreateRevision);
        writer.Signed(range.MaxCreateRevision);
    }

    private static Operation.Range ReadRange(ref WireReader reader)
    {
        var keys = ReadKeys(ref reader);
        var flags = reader.Choice(7);
        return new(keys)
        {
            Serializable = (flags & 1) != 0,
            KeysOnly = (flags & 2) != 0,
            CountOnly = (flags & 4) != 0,
            Order = (SortOrder)reader.Choice((int)SortOrder.Descend),
            Target = (SortTarget)reader.Choice((int)SortTarget.Value),
            Limit = reader.Signed(),
            Revision = reader.Signed(),
            MinModRevision = reader.Signed(),
            MaxModRevision = reader.Signed(),
            MinCreateRevision = reader.Signed(),
            MaxCreateRevision = reader.Signed(),
        };
    }

    private static void WriteTxn(WireWriter writer, Operation.Txn txn)
    {
        writer.Unsigned((ulong)txn.Compares.Count);
        foreach (var one in txn.Compares)
        {
            WriteKeys(writer, one.Keys);
            writer.Byte((byte)one.Target);
            writer.Byte((byte)one.Result);
            writer.Signed(one.Number);
            writer.Bytes(one.Value);
        }

        WriteAll(writer, txn.Success);
        WriteAll(writer, txn.Failure);
    }

    private static Operation.Txn ReadTxn(ref WireReader reader, int depth)
    {
        var compares = new Compare[reader.Choice(Limits.TxnOperations)];
        for (var i = 0; i < compares.Length && !reader.HasFailed; i++)
        {
            compares[i] = new(
                ReadKeys(ref reader),
                (CompareTarget)reader.Choice((int)CompareTarget.Lease),
                (CompareResult)reader.Choice((int)CompareResult.NotEqual),
                reader.Signed(),
                reader.Bytes());
        }

        return new(compares, ReadAll(ref reader, depth), ReadAll(ref reader, depth));
    }

    private static void WriteAll(WireWriter writer, IReadOnlyList<Operation> operations)
    {
        writer.Unsigned((ulong)operations.Count);
        foreach (var operation in operations) Write(writer, operation);
    }

    private static Operation[] ReadAll(ref WireReader reader, int depth)
    {
        var operations = new Operation[reader.Choice(Limits.TxnOperations)];
        for (var i = 0; i < operations.Length && !reader.HasFailed; i++) operations[i] = Read(ref reader, depth);
        return operations;
    }

    private static void WriteKeys(WireWriter writer, KeyRange keys)
    {
        writer.Bytes(keys.Key);
        writer.Bytes(keys.End);
    }

    private static KeyRange ReadKeys(ref WireReader reader) => new(reader.Bytes(), reader.Bytes());

    private static byte Flags(bool first, bool second, bool third) => (byte)((first ? 1 : 0) | (second ? 2 : 0) | (third ? 4 : 0));
}
