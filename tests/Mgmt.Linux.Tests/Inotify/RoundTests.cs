using Mgmt.Linux.Inotify;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Linux.Tests.Inotify;

public sealed class RoundTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Each = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly List<int> _done = [];
    private readonly Round<int> _round;

    public RoundTests() => _round = new Round<int>(_time, Pause);

    [Fact]
    public void Nothing_is_due_before_it_is_asked_for()
    {
        Assert.Null(_round.Due(isUrgent: true));
        Work(3);
        Assert.Empty(_done);
    }

    [Fact]
    public void A_pass_is_done_in_slices_of_two_milliseconds()
    {
        _round.Ask();
        Work(5);
        Assert.Equal([0, 1], _done);
        Assert.Equal(TimeSpan.Zero, _round.Due(isUrgent: false));
        Work(5);
        Work(5);
        Assert.Equal([0, 1, 2, 3, 4], _done);
        Assert.Null(_round.Due(isUrgent: false));
        Assert.Equal((1, 1), _round.Count);
    }

    [Fact]
    public void Whatever_asks_meanwhile_gets_one_more_pass_after_a_pause()
    {
        _round.Ask();
        _round.Ask();
        Work(3);
        Assert.Equal(1, _round.Goal);
        _round.Ask();
        _round.Ask();
        Assert.Equal(2, _round.Goal);
        Work(3);
        Assert.Equal(Pause, _round.Due(isUrgent: false));
        Work(3);
        Assert.Equal([0, 1, 2], _done);
        _time.Advance(Pause);
        Work(1);
        Assert.Equal([0, 1, 2, 0], _done);
        Assert.Null(_round.Due(isUrgent: false));
    }

    [Fact]
    public void Passes_take_a_tenth_of_the_time_at_most()
    {
        _round.Ask();
        while (_round.Count.Ended == 0) Work(1000);
        _round.Ask();
        Assert.Equal(Each * 10_000, _round.Due(isUrgent: false));
        Assert.Equal(Each * 10_000, _round.Due(isUrgent: true));
    }

    [Fact]
    public void Who_waits_need_not_wait_for_the_pause()
    {
        _round.Ask();
        Work(1);
        _round.Ask();
        Assert.Equal(Each * 10, _round.Due(isUrgent: true));
    }

    [Fact]
    public void Reads_that_concern_nobody_are_paced_and_only_while_they_are_many()
    {
        var pace = new ReadingPace(_time);
        for (var i = 0; i < 20; i++) Note(isForSomebody: false);
        Assert.False(pace.IsPauseDue);
        for (var i = 0; i < 20; i++) Note(isForSomebody: true);
        Assert.False(pace.IsPauseDue);
        Note(isForSomebody: false);
        Assert.True(pace.IsPauseDue);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.False(pace.IsPauseDue);
        Note(isForSomebody: false);
        Assert.False(pace.IsPauseDue);

        void Note(bool isForSomebody) => pace.Note(isForSomebody);
    }

    private void Work(int count) => _round.Work(isUrgent: false, () => [.. Enumerable.Range(0, count)], item =>
    {
        _done.Add(item);
        _time.Advance(Each);
    });
}
