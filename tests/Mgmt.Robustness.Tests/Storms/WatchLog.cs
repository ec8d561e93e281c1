using Grpc.Core;
using Mgmt.Mesh.Wire;
using Mgmt.Robustness.Histories;
using Mgmt.Robustness.Voters;

namespace Mgmt.Robustness.Storms;

/// <summary>A watch of all keys from the first revision on, which is resumed at the next member whenever its own is lost, and checked message by message.</summary>
internal sealed class WatchLog(IReadOnlyList<Voter> voters, int first)
{
    private readonly WatchOrder _order = new();
    private readonly Dictionary<string, long> _deletedAt = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _wrong;
    private string _standing = "nowhere";

    /// <summary>How often it was resumed.</summary>
    public int Resumptions { get; private set; } = -1;

    public IReadOnlyList<Change> Changes
    {
        get
        {
            lock (_lock) return [.. _order.Changes];
        }
    }

    /// <summary>What it was told wrongly, or null.</summary>
    public string? Wrong
    {
        get
        {
            lock (_lock) return _wrong;
        }
    }

    private long Revision
    {
        get
        {
            lock (_lock) return _order.Revision;
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        for (var i = first; !stop.IsCancellationRequested && Wrong is null; i++)
        {
            var voter = voters[i % voters.Count];
            Resumptions++;
            try
            {
                await FollowAsync(voter, stop);
            }
            catch (Exception e) when (e is RpcException or IOException)
            {
                // What is written to a connection that breaks just then fails as the connection does.
                _standing = $"lost at {voter.Name}: {(e as RpcException)?.Status.Detail ?? e.Message}";
                await Task.Delay(50, CancellationToken.None);
            }
        }

        _news.TrySetResult();
    }

    /// <summary>Waits until it was told everything up to a revision.</summary>
    public async Task ReachAsync(long revision, TimeSpan within)
    {
        using var late = new CancellationTokenSource(within);
        while (Revision < revision && Wrong is null)
        {
            Task news;
            lock (_lock) news = _news.Task;
            if (Revision >= revision) break;
            try
            {
                await news.WaitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"the watch that began at {voters[first % voters.Count].Name} was told up to {Revision} of {revision} within {within.TotalSeconds} s; it is {_standing}");
            }
        }
    }

    /// <summary>When it was told that a key is gone, by the clock of the histories; null when it was not.</summary>
    public long? DeletedAt(string key)
    {
        lock (_lock) return _deletedAt.TryGetValue(key, out var at) ? at : null;
    }

    private async Task FollowAsync(Voter voter, CancellationToken stop)
    {
        using var call = voter.Client.Watch.Watch(cancellationToken: stop);
        _standing = $"asking {voter.Name} from {Revision + 1}";
        await call.RequestStream.WriteAsync(new()
        {
            CreateRequest = new() { Key = EtcdClient.All.Key, RangeEnd = EtcdClient.All.End, StartRevision = Revision + 1 },
        }, stop);
        while (await call.ResponseStream.MoveNext(stop))
        {
            var message = call.ResponseStream.Current;
            _standing = $"at {voter.Name}, told {(message.Created ? "of its creation" : "of events")} when that was at revision {message.Header.Revision}";
            if (message.Canceled) Blame($"{voter.Name} ended the watch at {Revision}: {message.CancelReason}, compacted at {message.CompactRevision}");
            Take(voter, [.. message.Events.Select(static one => new Change(one.Kv.ModRevision, one.Kv.Key.ToStringUtf8(), one.Type == Event.Types.EventType.Put ? one.Kv.Value.ToStringUtf8() : null))]);
            if (Wrong is not null) return;
        }
    }

    private void Take(Voter voter, IReadOnlyList<Change> message)
    {
        var now = HistoryLog.Now;
        lock (_lock)
        {
            if (_order.Add(message) is { } wrong) _wrong ??= $"the watch at {voter.Name}: {wrong}";
            foreach (var change in message.Where(static one => one.Value is null)) _deletedAt[change.Key] = now;
            _news.TrySetResult();
            _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void Blame(string wrong)
    {
        lock (_lock) _wrong ??= wrong;
    }
}
