using System.Threading.Channels;

namespace Mgmt.Agent.Exchange;

/// <summary>
/// Keeps in the store what this host exports, and the lease alive that it hangs on. One loop owns what is known; whatever happens reaches it as a message that changes that.
/// </summary>
internal sealed class ExportRun : IAsyncDisposable
{
    private const int MostMessages = 1024, ToldFailure = 3;
    private static readonly TimeSpan ShortestBeat = TimeSpan.FromMilliseconds(500), LongestBeat = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(1), LongestPatience = TimeSpan.FromMinutes(1);

    private readonly IMeshStore _store;
    private readonly TimeProvider _time;
    private readonly ExchangeLog _log;
    private readonly Channel<Func<ExportState, ExportState>> _inbox =
        Channel.CreateBounded<Func<ExportState, ExportState>>(new BoundedChannelOptions(MostMessages) { FullMode = BoundedChannelFullMode.Wait });
    private readonly CancellationTokenSource _ending = new();
    private readonly ITimer _alarm;
    private readonly Task _work;
    private ExportState _state;
    private volatile ExportSet? _wanted;
    private ExportSet? _settled;
    private TimeSpan _pause = ShortestPause;
    private TimeSpan _patience = ShortestPatience;
    private int _failures;
    private long? _seen;
    private long? _beaten;

    /// <summary>Begins. Nothing is written before <see cref="Want"/>.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="host">This host's name.</param>
    /// <param name="grace">How long exports outlive the agent; at least what a lease may be.</param>
    /// <param name="time">For pauses and the lease.</param>
    /// <param name="log">Hears what an operator should know.</param>
    public ExportRun(IMeshStore store, string host, TimeSpan grace, TimeProvider time, ExchangeLog log)
    {
        (_store, _time, _log) = (store, time, log);
        _state = new ExportState(host, grace, null, null, 0, 0);
        _alarm = time.CreateTimer(_ => Post(static state => state), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _work = Task.WhenAll(log.WatchAsync(FollowAsync(SheetKey.Of(host), _ending.Token)), log.WatchAsync(WorkAsync(_ending.Token)));
    }

    // Often enough that little of the grace is gone when the host dies, and seldom enough that nobody notices.
    private TimeSpan Beat => TimeSpan.FromTicks(Math.Clamp(_state.Grace.Ticks / 6, ShortestBeat.Ticks, LongestBeat.Ticks));

    /// <summary>Says what should be in the store from now on.</summary>
    public void Want(ExportSet wanted)
    {
        _wanted = wanted;
        Post(static state => state);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _alarm.DisposeAsync();
        _ending.Dispose();
    }

    // When so many wait, the loop hangs on the store, and will look at everything once it goes on.
    private void Post(Func<ExportState, ExportState> message) => _inbox.Writer.TryWrite(message);

    private async Task FollowAsync(string prefix, CancellationToken cancel)
    {
        await foreach (var view in new PrefixFollower(_store, prefix, _time, _log.Outage).FollowAsync(cancel))
            await _inbox.Writer.WriteAsync(state => state.WithView(view), cancel);
    }

    private async Task WorkAsync(CancellationToken cancel)
    {
        while (await _inbox.Reader.WaitToReadAsync(cancel))
        {
            Drain();
            if (IsToBeSlow()) continue;
            var isDone = await SettleAsync(cancel) && await BeatAsync(cancel);
            _pause = isDone ? ShortestPause : Longer(_pause, LongestPause);
            if (!isDone || _state.Lease != 0) _alarm.Change(isDone ? Beat : _pause, Timeout.InfiniteTimeSpan);
        }
    }

    private void Drain()
    {
        while (_inbox.Reader.TryRead(out var message)) _state = message(_state);
        _state = _state with { Wanted = _wanted };
    }

    /// <summary>Whether the store is not any more as this agent left it, though nothing else is wanted: a person's doing, or another agent that has this host's name.</summary>
    private bool IsOthersWork() => _settled is not null && ReferenceEquals(_settled, _state.Wanted) && _state.Next() is ExportStep.Write;

    // Were two agents of one name to answer each other at once, they would write for ever.
    private bool IsToBeSlow()
    {
        if (!IsOthersWork())
        {
            _seen = null;
            return false;
        }

        if (_seen is null)
        {
            _seen = _time.GetTimestamp();
            _log.Warn($"what this host exports was changed by somebody else; it is put back in {_patience.TotalSeconds:0} s (does another agent have the name {_state.Host}?)");
        }

        var rest = _patience - _time.GetElapsedTime(_seen.Value);
        if (rest > TimeSpan.Zero)
        {
            _alarm.Change(rest, Timeout.InfiniteTimeSpan);
            return true;
        }

        (_seen, _patience) = (null, Longer(_patience, LongestPatience));
        return false;
    }

    private static TimeSpan Longer(TimeSpan time, TimeSpan longest) => time * 2 < longest ? time * 2 : longest;

    /// <summary>Does what is due; false where that has to be tried again.</summary>
    private async Task<bool> SettleAsync(CancellationToken cancel)
    {
        for (; ; )
        {
            var step = _state.Next();
            if (step is ExportStep.Rest)
            {
                if (_state.Stored is not null) _settled = _state.Wanted;
                return true;
            }

            if (!await TakeAsync(step, cancel)) return false;
        }
    }

    private async Task<bool> TakeAsync(ExportStep step, CancellationToken cancel)
    {
        switch (step)
        {
            case ExportStep.Ask(var lease):
                var (granted, unknown) = await _store.GrantedAsync(lease, cancel);
                if (unknown.Length == 0) _state = _state.WithAnswer(lease, granted);
                return Tell(unknown);
            case ExportStep.Grant:
                var (made, refused) = await _store.GrantAsync(_state.Grace, cancel);
                if (refused.Length == 0) (_state, _beaten) = (_state with { Lease = made }, _time.GetTimestamp());
                return Tell(refused);
            case ExportStep.Write write:
                return await WriteAsync(write, cancel);
            default:
                throw new InvalidOperationException($"unknown step {step}");
        }
    }

    // One failure or two are what an election costs, and nothing to tell of.
    private bool Tell(string problem)
    {
        _failures = problem.Length == 0 ? 0 : _failures + 1;
        if (_failures == ToldFailure) _log.WriteFailed(problem);
        return _failures == 0;
    }

    private async Task<bool> WriteAsync(ExportStep.Write write, CancellationToken cancel)
    {
        var (revision, problem) = await _store.WriteAsync(write.Change, cancel);
        if (problem.Length > 0)
        {
            // The lease may be why: then it is made anew.
            _beaten = null;
            await BeatAsync(cancel);
            return Tell(problem);
        }

        Tell("");
        _state = _state.WithWritten(write.Change, revision);
        _log.Wrote(_state.Wanted!.Count, revision);
        if (write.Outdated != 0) await _store.RevokeAsync(write.Outdated, cancel);
        return true;
    }

    /// <summary>Keeps the lease alive when that is due; false where it has to be tried again.</summary>
    private async Task<bool> BeatAsync(CancellationToken cancel)
    {
        if (_state.Lease == 0 || (_beaten is { } last && _time.GetElapsedTime(last) < Beat)) return true;
        var (left, problem) = await _store.KeepAliveAsync(_state.Lease, cancel);
        if (problem.Length > 0) return false;
        if (left > TimeSpan.Zero) _beaten = _time.GetTimestamp();
        else _state = _state with { Lease = 0, Refused = _state.Lease };
        return left > TimeSpan.Zero;
    }
}
