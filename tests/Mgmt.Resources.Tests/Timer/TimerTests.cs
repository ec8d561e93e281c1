using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Resources.Tests.Exec;
using Mgmt.Resources.Timer;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Resources.Tests.Timer;

public sealed class TimerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly Sink _sink = new();
    private readonly IResource _timer;
    private IAsyncDisposable? _watch;

    public TimerTests() => _timer = Make(10);

    public async Task InitializeAsync() => _watch = await _timer.WatchAsync(_sink, default);

    public async Task DisposeAsync() => await _watch!.DisposeAsync();

    [Fact]
    public async Task Is_in_order_at_first_and_tells_each_firing_once()
    {
        Assert.Equal(Outcome.InOrder, await CheckAsync(CheckReasons.Definition));
        for (var i = 1; i <= 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(i, _sink.Count);
            Assert.Equal(Outcome.Changed, await CheckAsync(CheckReasons.Watch));
            Assert.Equal(Outcome.InOrder, await CheckAsync(CheckReasons.Watch));
        }
    }

    [Fact]
    public void Does_not_fire_early_nor_drift()
    {
        _time.Advance(TimeSpan.FromSeconds(9.999));
        Assert.Equal(0, _sink.Count);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(1, _sink.Count);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, _sink.Count);
        _time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal(2, _sink.Count);
    }

    [Fact]
    public async Task What_passed_unseen_is_one_firing()
    {
        _time.Advance(TimeSpan.FromSeconds(12_345));
        Assert.Equal(1, _sink.Count);
        Assert.Equal(Outcome.Changed, await CheckAsync(CheckReasons.Watch));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, _sink.Count);
    }

    [Fact]
    public async Task A_refresh_begins_anew_and_is_no_firing()
    {
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(Outcome.InOrder, await CheckAsync(CheckReasons.Refresh | CheckReasons.Predecessor));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, _sink.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, _sink.Count);
    }

    [Fact]
    public async Task A_refresh_does_not_swallow_a_firing()
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Outcome.Changed, await CheckAsync(CheckReasons.Refresh | CheckReasons.Watch));
    }

    [Fact]
    public async Task Noop_would_fire()
    {
        _time.Advance(TimeSpan.FromSeconds(10));
        var result = await _timer.CheckAsync(new CheckRequest(Apply: false, CheckReasons.Watch), default);
        Assert.Equal(CheckResult.WouldChange("the interval passed", "would fire"), result);
    }

    [Fact]
    public async Task Disposing_ends_it()
    {
        await _watch!.DisposeAsync();
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(0, _sink.Count);
    }

    [Fact]
    public async Task A_long_interval_is_kept()
    {
        var sink = new Sink();
        await using var watch = await Make(int.MaxValue).WatchAsync(sink, default);
        for (var days = 0; days < 24_855; days++) _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, sink.Count);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, sink.Count);
    }

    [Fact]
    public void The_interval_is_required()
    {
        var kind = new TimerKind(_time);
        Assert.Equal(["cannot do without interval: write the seconds between two firings"], kind.Check("t", new FieldValues(kind.Fields)).Select(problem => problem.Message));
        Assert.Equal("it is less than 1", kind.Fields[0].Check(0L));
    }

    private IResource Make(long seconds)
    {
        var kind = new TimerKind(_time);
        var values = ExecFixture.Values(kind, ("interval", seconds));
        return kind.Create(new ResourceSpec(new Address("timer", "t"), kind, values, Meta.Default, default));
    }

    private async Task<Outcome> CheckAsync(CheckReasons reasons) => (await _timer.CheckAsync(new CheckRequest(Apply: true, reasons), default)).Outcome;
}
