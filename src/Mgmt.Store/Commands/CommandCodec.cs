using System.Buffers.Binary;
using Mgmt.Store.Wire;

namespace Mgmt.Store.Commands;

/// <summary>
/// Proposals as bytes in the log. Layout of version 1: version, request id (16 bytes, big-endian), kind, fields, CRC-32C. What is decoded is bounded by the
/// bytes it came from, and nested no deeper than a transaction may be.
/// </summary>
public static class CommandCodec
{
    /// <summary>The version that is written; the only one that is read.</summary>
    public const byte Version = 1;

    /// <summary>Whether the bytes of a proposal are more than may be proposed: <see cref="StoreError.RequestTooLarge"/>.</summary>
    public static bool IsTooLarge(ReadOnlySpan<byte> bytes) => bytes.Length > Limits.RequestBytes;

    /// <summary>The bytes of a proposal.</summary>
    public static byte[] Encode(Proposal proposal)
    {
        var writer = new WireWriter();
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(id, proposal.Id.Value);
        writer.Byte(Version);
        writer.Raw(id);
        Write(writer, proposal.Command);
        return writer.Seal();
    }

    /// <summary>Reads a proposal, or says in one sentence why it cannot.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Proposal proposal, out string problem)
    {
        proposal = null!;
        problem = Problem(bytes);
        if (problem.Length > 0) return false;
        WireReader.TryOpen(bytes, out var reader);
        reader.Byte();
        var id = reader.Take(16);
        var request = id.IsEmpty ? default : new RequestId(BinaryPrimitives.ReadUInt128BigEndian(id));
        proposal = new(request, Read(ref reader));
        if (reader.IsDone) return true;
        problem = $"cannot read a command of {bytes.Length} bytes: its checksum holds, but its fields do not; another program wrote it: run the same version on all voters";
        return false;
    }

    private static string Problem(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > Limits.RequestBytes + 1024) return $"cannot read a command of {bytes.Length} bytes: one has 1 to {Limits.RequestBytes + 1024}; the log is damaged: rebuild this voter from its peers";
        if (!WireReader.TryOpen(bytes, out _)) return $"cannot read a command of {bytes.Length} bytes: its checksum does not hold; the log is damaged: rebuild this voter from its peers";
        return bytes[0] == Version ? "" : $"cannot read a command of version {bytes[0]}: this program knows version {Version}; run a newer one";
    }

    private static void Write(WireWriter writer, Command command)
    {
        switch (command)
        {
            case Command.Execute(var operation):
                writer.Byte(1);
                OperationCodec.Write(writer, operation);
                break;
            case Command.Compact(var revision):
                writer.Byte(2);
                writer.Signed(revision);
                break;
            case Command.LeaseGrant(var id, var seconds):
                writer.Byte(3);
                writer.Signed(id);
                writer.Signed(seconds);
                break;
            case Command.LeaseRevoke(var id):
                writer.Byte(4);
                writer.Signed(id);
                break;
            case Command.LeaseExpire(var id, var grantedAt):
                writer.Byte(5);
                writer.Signed(id);
                writer.Signed(grantedAt);
                break;
            case Command.AlarmChange(var action, var alarm):
                writer.Byte(6);
                writer.Byte((byte)action);
                writer.Unsigned(alarm.Member);
                writer.Byte((byte)alarm.Kind);
                break;
            case Command.MemberSet(var member):
                writer.Byte(7);
                RecordCodec.Write(writer, member);
                break;
            case Command.MemberRemove(var id):
                writer.Byte(8);
                writer.Unsigned(id);
                break;
            default:
                throw new ArgumentException($"unknown command {command}", nameof(command));
        }
    }

    private static Command Read(ref WireReader reader)
    {
        switch (reader.Byte())
        {
            case 1: return new Command.Execute(OperationCodec.Read(ref reader, Limits.TxnOperations + 1));
            case 2: return new Command.Compact(reader.Signed());
            case 3: return new Command.LeaseGrant(reader.Signed(), reader.Signed());
            case 4: return new Command.LeaseRevoke(reader.Signed());
            case 5: return new Command.LeaseExpire(reader.Signed(), reader.Signed());
            case 6:
                var action = (AlarmAction)reader.Choice((int)AlarmAction.Deactivate);
                return new Command.AlarmChange(action, new(reader.Unsigned(), (AlarmKind)reader.Choice((int)AlarmKind.Corrupt)));
            case 7: return new Command.MemberSet(RecordCodec.ReadMember(ref reader));
            case 8: return new Command.MemberRemove(reader.Unsigned());
            default:
                reader.Fail();
                return new Command.Compact(0);
        }
    }
}
