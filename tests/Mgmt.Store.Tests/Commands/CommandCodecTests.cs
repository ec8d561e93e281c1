using CsCheck;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Commands;

public sealed class CommandCodecTests
{
    private static readonly Operation EveryOperation = new Operation.Txn(
        [new(new(Bytes.Of("a"), Bytes.Of("b")), CompareTarget.Lease, CompareResult.NotEqual, -5, Bytes.Of("value"))],
        [
            new Operation.Put(Bytes.Of("key"), Bytes.Of("value")) { Lease = long.MinValue, WantsPrevious = true },
            new Operation.Put(Bytes.Of("key2"), default) { IgnoreValue = true, IgnoreLease = true },
            new Operation.DeleteRange(KeyRange.Prefix(Bytes.Of("p"))) { WantsPrevious = true },
            new Operation.Txn([], [], [new Operation.Range(KeyRange.Single(Bytes.Of("r")))]),
        ],
        [
            new Operation.Range(KeyRange.All)
            {
                Limit = 1, Revision = 2, Order = SortOrder.Descend, Target = SortTarget.Value, Serializable = true, KeysOnly = true, CountOnly = true,
                MinModRevision = 3, MaxModRevision = 4, MinCreateRevision = 5, MaxCreateRevision = long.MaxValue,
            },
        ]);

    private static readonly Member Everybody = new(ulong.MaxValue - 1, "h\u00e9", ["http://h1:2380", "http://h2:2380"], ["http://h1:2379"], true);

    public static TheoryData<string, Command> Golden => new()
    {
        { "execute", new Command.Execute(EveryOperation) },
        { "compact", new Command.Compact(123_456) },
        { "lease-grant", new Command.LeaseGrant(-7, 60) },
        { "lease-revoke", new Command.LeaseRevoke(7) },
        { "lease-expire", new Command.LeaseExpire(7, 99) },
        { "member-set", new Command.MemberSet(Everybody) },
        { "member-remove", new Command.MemberRemove(ulong.MaxValue) },
        { "alarm", new Command.AlarmChange(AlarmAction.Activate, new(ulong.MaxValue, AlarmKind.Corrupt)) },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void The_bytes_of_version_1_stay_what_they_are(string name, Command command)
    {
        var proposal = new Proposal(new(((UInt128)1 << 120) + 2), command);
        GoldenFile.Check($"command-v1-{name}.hex", CommandCodec.Encode(proposal));
        Assert.True(CommandCodec.TryDecode(GoldenFile.Read($"command-v1-{name}.hex"), out var decoded, out var problem), problem);
        Assert.Equal(Text.Of((object)proposal), Text.Of((object)decoded));
    }

    [Fact]
    public void Another_version_is_named()
    {
        var writer = new Wire.WireWriter();
        writer.Byte(2);
        Assert.False(CommandCodec.TryDecode(writer.Seal(), out _, out var problem));
        Assert.Contains("version 2", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void No_flipped_bit_goes_unnoticed()
    {
        var bytes = CommandCodec.Encode(new(new(5), new Command.Execute(EveryOperation)));
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(CommandCodec.TryDecode(bytes, out _, out var problem));
            Assert.StartsWith("cannot ", problem, StringComparison.Ordinal);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Whatever_the_bytes_it_answers() => Gen.Select(Gen.Int, Gen.Byte.Array[0, 60]).Sample(
        (seed, bytes) =>
        {
            // With a right version and checksum, so that the fields are reached.
            var storm = new Storm(seed);
            var writer = new Wire.WireWriter();
            var good = CommandCodec.Encode(storm.Next(StoreView.Empty(1)));
            var cut = storm.Next(good.Length - 17);
            writer.Raw(good.AsSpan(0, 17 + cut));
            writer.Raw(bytes);
            if (CommandCodec.TryDecode(writer.Seal(), out var proposal, out var problem)) CommandCheck.Check(proposal.Command);
            else Assert.StartsWith("cannot ", problem, StringComparison.Ordinal);
        },
        iter: 20_000);
}
