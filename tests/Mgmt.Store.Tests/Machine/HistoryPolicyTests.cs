using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Machine;

public sealed class HistoryPolicyTests
{
    [Fact]
    public void History_is_kept_for_so_many_revisions_and_grows_by_a_tenth_at_most()
    {
        var policy = new HistoryPolicy(Revisions: 100, Bytes: long.MaxValue / 2);
        var machine = new StoreMachine(StoreView.Empty(1));
        for (var i = 1L; i <= 1000; i++)
        {
            Put(machine, 10);
            if (policy.CompactAt(machine.View) is not { } at) continue;
            machine.Apply(machine.View.Index + 1, new(default, new Command.Compact(at)));
            Assert.Equal(machine.View.Revision - 100, machine.View.CompactRevision);
            Assert.Null(policy.CompactAt(machine.View));
        }

        Assert.InRange(machine.View.HistoryCount, 100, 111);
    }

    [Fact]
    public void Or_for_so_many_bytes_whichever_is_less()
    {
        var policy = new HistoryPolicy(Revisions: 1000, Bytes: 100_000);
        var machine = new StoreMachine(StoreView.Empty(1));
        for (var i = 1L; i <= 500; i++)
        {
            Put(machine, 1000);
            if (policy.CompactAt(machine.View) is { } at) machine.Apply(machine.View.Index + 1, new(default, new Command.Compact(at)));
        }

        // 1,257 bytes each: 79 revisions are within the bytes, the 80th would be over them.
        Assert.InRange(machine.View.HistoryCount, 79, 90);
    }

    [Fact]
    public void An_empty_store_has_nothing_to_forget() => Assert.Null(new HistoryPolicy().CompactAt(StoreView.Empty(1)));

    private static void Put(StoreMachine machine, int bytes) =>
        machine.Apply(machine.View.Index + 1, new(default, new Command.Execute(new Operation.Put(Bytes.Of("k"), Bytes.Own(new byte[bytes])))));
}
