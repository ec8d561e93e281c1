using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Machine;

public sealed class LimitTests
{
    [Fact]
    public void A_transaction_has_128_operations_at_most_and_those_nested_in_it_count()
    {
        Assert.Null(CommandCheck.Check(Txn(Puts(128))));
        Assert.Equal(StoreError.TooManyOperations, CommandCheck.Check(Txn(Puts(129))));
        Assert.Null(CommandCheck.Check(Txn([.. Puts(63), Txn(Ranges(64))])));
        Assert.Equal(StoreError.TooManyOperations, CommandCheck.Check(Txn([.. Puts(63), Txn(Ranges(65))])));
    }

    [Fact]
    public void A_transaction_may_be_nested_as_deep_as_the_count_allows_and_survives_the_codec()
    {
        var operation = Txn([]);
        for (var depth = 0; depth < 128; depth++) operation = Txn([operation]);
        Assert.Null(CommandCheck.Check(operation));
        Assert.True(CommandCodec.TryDecode(CommandCodec.Encode(new(default, new Command.Execute(operation))), out _, out var problem), problem);
        var deeper = Txn([operation]);
        Assert.Equal(StoreError.TooManyOperations, CommandCheck.Check(deeper));
        Assert.False(CommandCodec.TryDecode(CommandCodec.Encode(new(default, new Command.Execute(deeper))), out _, out _));
    }

    [Fact]
    public void The_widest_transaction_that_fits_into_a_request_is_checked_soon()
    {
        // Three levels of 43, 43 and 42: 77,658 leaves, half of them deletions of ranges.
        var number = 0;
        Operation Leaf(int i) => i % 2 == 0 ? new Operation.Put(Bytes.Of($"p{number++}"), default) : new Operation.DeleteRange(new(Bytes.Of($"d{number}"), Bytes.Of($"d{number++}x")));
        Operation[] Level(int width, Func<int, Operation> make) => [.. Enumerable.Range(0, width).Select(make)];
        var widest = Txn(Level(43, _ => Txn(Level(43, _ => Txn(Level(42, Leaf))))));
        Assert.InRange(CommandCodec.Encode(new(default, new Command.Execute(widest))).Length, 1_000_000, Limits.RequestBytes);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Null(CommandCheck.Check(widest));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    [Fact]
    public void What_only_reads_is_told_from_what_writes()
    {
        var (range, stale) = (new Operation.Range(KeyRange.All), new Operation.Range(KeyRange.All) { Serializable = true });
        Assert.Equal((true, false, true), (range.IsReadOnly, range.IsSerializable, stale.IsSerializable));
        Assert.Equal((true, false), (Txn([stale, Txn([range])]).IsReadOnly, Txn([stale, Txn([range])]).IsSerializable));
        Assert.Equal((false, false), (Txn([stale, Txn(Puts(1))]).IsReadOnly, Txn([stale, Txn(Puts(1))]).IsSerializable));
        Assert.True(Txn([Txn([stale])]).IsSerializable);
    }

    [Fact]
    public void A_request_may_be_a_megabyte_and_a_half()
    {
        byte[] Put(int length) => CommandCodec.Encode(new(default, new Command.Execute(new Operation.Put(Bytes.Of("k"), Bytes.Own(new byte[length])))));
        var overhead = Put(Limits.RequestBytes).Length - Limits.RequestBytes;
        var longest = Put(Limits.RequestBytes - overhead);
        Assert.False(CommandCodec.IsTooLarge(longest));
        Assert.True(CommandCodec.IsTooLarge(Put(Limits.RequestBytes - overhead + 1)));
        Assert.True(CommandCodec.TryDecode(longest, out _, out var problem), problem);
        Assert.False(CommandCodec.TryDecode(Put(Limits.RequestBytes + 1024), out _, out _));
    }

    [Fact]
    public void Over_the_quota_a_command_is_not_to_be_proposed_and_an_alarm_holds_all_voters()
    {
        var machine = new StoreMachine(StoreView.Empty(1));
        Command put = new Command.Execute(new Operation.Put(Bytes.Of("k"), Bytes.Own(new byte[500])));
        Assert.Null(Quota.Check(machine.View, put, 1000));
        machine.Apply(1, new(default, put));
        Assert.Equal(StoreError.NoSpace, Quota.Check(machine.View, put, 1000));
        Assert.Null(Quota.Check(machine.View, new Command.Execute(new Operation.DeleteRange(KeyRange.All)), 1000));
        machine.Apply(2, new(default, new Command.AlarmChange(AlarmAction.Activate, new(9, AlarmKind.NoSpace))));
        Assert.Equal(new Response.Failed(StoreError.NoSpace), machine.Apply(3, new(default, put))!.Response);
        Assert.Equal(new Response.Failed(StoreError.NoSpace), machine.Apply(4, new(default, new Command.LeaseGrant(1, 10)))!.Response);
        Assert.IsType<Response.DeleteRange>(machine.Apply(5, new(default, new Command.Execute(new Operation.DeleteRange(KeyRange.All))))!.Response);
        Assert.IsType<Response.Compact>(machine.Apply(6, new(default, new Command.Compact(3)))!.Response);
        Assert.Equal(0, machine.View.Bytes);
    }

    [Fact]
    public void A_corrupt_member_stops_everything_but_alarms()
    {
        var machine = new StoreMachine(StoreView.Empty(1));
        machine.Apply(1, new(default, new Command.AlarmChange(AlarmAction.Activate, new(9, AlarmKind.Corrupt))));
        Assert.Equal(new Response.Failed(StoreError.Corrupt), machine.Apply(2, new(default, new Command.Compact(1)))!.Response);
        Assert.Equal(new Response.Failed(StoreError.Corrupt), machine.Apply(3, new(default, new Command.Execute(new Operation.DeleteRange(KeyRange.All))))!.Response);
        machine.Apply(4, new(default, new Command.AlarmChange(AlarmAction.Deactivate, new(9, AlarmKind.Corrupt))));
        Assert.IsType<Response.Compact>(machine.Apply(5, new(default, new Command.Compact(1)))!.Response);
    }

    private static Operation.Txn Txn(IReadOnlyList<Operation> operations) => new([], operations, []);

    private static Operation[] Puts(int count) => [.. Enumerable.Range(0, count).Select(i => new Operation.Put(Bytes.Of($"k{i}"), default))];

    private static Operation[] Ranges(int count) => [.. Enumerable.Range(0, count).Select(_ => new Operation.Range(KeyRange.All))];
}
