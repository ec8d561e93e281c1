using Mgmt.Store.Commands;
using Mgmt.Store.Leases;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Leases;

public sealed class LeaseClockTests
{
    private readonly StoreMachine _machine = new(StoreView.Empty(1));
    private readonly LeaseClock _clock = new();

    [Fact]
    public void A_lease_is_due_when_its_time_is_over_and_not_before()
    {
        Apply(new Command.LeaseGrant(1, 10), 0);
        Assert.Empty(_clock.TakeDue(At(9.999), 10));
        Assert.Equal((10, 0), (_clock.SecondsLeft(1, At(0)), _clock.SecondsLeft(1, At(9.5))));
        Assert.Equal([new(1, 1)], _clock.TakeDue(At(10), 10));
    }

    [Fact]
    public void Keeping_alive_gives_the_whole_time_again_until_it_is_over()
    {
        Apply(new Command.LeaseGrant(1, 10), 0);
        Assert.True(_clock.TryKeepAlive(1, At(9), out var seconds));
        Assert.Equal(10, seconds);
        Assert.Empty(_clock.TakeDue(At(18.9), 10));
        Assert.False(_clock.TryKeepAlive(1, At(19), out seconds));
        Assert.Equal(0, seconds);
        Assert.Single(_clock.TakeDue(At(19), 10));
        Assert.False(_clock.TryKeepAlive(2, At(19), out _));
        Assert.Equal(-1, _clock.SecondsLeft(2, At(19)));
    }

    [Fact]
    public void An_expiry_that_was_lost_is_proposed_again_and_one_that_was_applied_is_not()
    {
        Apply(new Command.LeaseGrant(1, 10), 0);
        var due = Assert.Single(_clock.TakeDue(At(10), 10));
        Assert.Empty(_clock.TakeDue(At(10.1), 10));
        Assert.Equal([due], _clock.TakeDue(At(10) + LeaseClock.ProposeAgainAfter, 10));
        Apply(due, 14);
        Assert.Empty(_clock.TakeDue(At(1000), 10));
        Assert.Null(_clock.NextDeadline);
    }

    [Fact]
    public void A_new_leader_gives_every_lease_its_whole_time()
    {
        Apply(new Command.LeaseGrant(1, 10), 0);
        Apply(new Command.LeaseGrant(2, 20), 0);
        var next = new LeaseClock();
        next.Start(_machine.View.Leases.Values, At(500));
        Assert.Empty(next.TakeDue(At(509.9), 10));
        Assert.Equal([new(1, 1)], next.TakeDue(At(519.9), 10));
    }

    [Fact]
    public void An_expiry_does_not_end_another_lease_of_the_same_id()
    {
        Apply(new Command.LeaseGrant(1, 10), 0);
        var due = Assert.Single(_clock.TakeDue(At(10), 10));
        Apply(new Command.LeaseRevoke(1), 10);
        Apply(new Command.LeaseGrant(1, 10), 10);
        Apply(due, 11);
        Assert.True(_machine.View.Leases.ContainsKey(1));
        Assert.Empty(_clock.TakeDue(At(19.9), 10));
        Assert.Single(_clock.TakeDue(At(20), 10));
    }

    [Fact]
    public void Many_that_come_and_go_leave_nothing_behind_and_no_more_are_taken_than_asked_for()
    {
        for (var i = 1; i <= 10_000; i++)
        {
            Apply(new Command.LeaseGrant(i, 1000), 0);
            if (i > 100) Apply(new Command.LeaseRevoke(i), 0);
        }

        Assert.Equal(60, _clock.TakeDue(At(1000), 60).Count);
        Assert.Equal(40, _clock.TakeDue(At(1000), 60).Count);
    }

    private void Apply(Command command, double now) =>
        _clock.Follow(command, _machine.Apply(_machine.View.Index + 1, new(default, command))!, At(now));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
