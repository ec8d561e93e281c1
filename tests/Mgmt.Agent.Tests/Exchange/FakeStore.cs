using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mgmt.Agent.Exchange;

namespace Mgmt.Agent.Tests.Exchange;

/// <summary>A store in memory with leases that end when the test says so. It notes every transaction.</summary>
internal sealed class FakeStore : IMeshStore
{
    private readonly Lock _lock = new();
    private readonly List<(string Prefix, Channel<PrefixNews> News)> _watches = [];
    private readonly Dictionary<long, TimeSpan> _leases = [];
    private readonly Channel<string> _done = Channel.CreateUnbounded<string>();
    private ImmutableDictionary<string, StoredValue> _values = ImmutableDictionary<string, StoredValue>.Empty;
    private long _revision = 1;
    private long _lastLease = 100;
    private string _problem = "";

    /// <summary>Reads that are answered.</summary>
    public int Reads { get; private set; }

    public IReadOnlyDictionary<long, TimeSpan> Leases
    {
        get
        {
            lock (_lock) return _leases.ToDictionary();
        }
    }

    /// <summary>What was done, in order: <c>put a b, delete c, lease 101</c>, <c>grant</c>, <c>keep</c>, <c>revoke</c>.</summary>
    public async Task<string> DoneAsync() => await _done.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public bool IsQuiet => !_done.Reader.TryPeek(out _);

    public ImmutableDictionary<string, StoredValue> Values
    {
        get
        {
            lock (_lock) return _values;
        }
    }

    /// <summary>From now on everything fails so, watches too; "" ends that.</summary>
    public void Fail(string problem)
    {
        lock (_lock)
        {
            _problem = problem;
            if (problem.Length == 0) return;
            foreach (var (_, news) in _watches) news.Writer.TryComplete();
            _watches.Clear();
        }
    }

    /// <summary>A lease ends, and its keys with it.</summary>
    public void Expire(long lease)
    {
        lock (_lock)
        {
            _leases.Remove(lease);
            Change([], 0, [.. _values.Where(one => one.Value.Lease == lease).Select(static one => one.Key)]);
        }
    }

    /// <summary>What was there before the test.</summary>
    public long Begin(ExportSet set, string host, TimeSpan lease)
    {
        lock (_lock)
        {
            _leases.Add(++_lastLease, lease);
            Change(set.Sheets.ToDictionary(one => new SheetKey(host, one.Key).ToString(), static one => one.Value), _lastLease, []);
            return _lastLease;
        }
    }

    /// <summary>Somebody else writes.</summary>
    public void Meddle(string key, byte[]? value)
    {
        lock (_lock) Change(value is null ? [] : new() { [key] = value }, 0, value is null ? [key] : []);
    }

    public Task<StoreReply<PrefixView>> ReadAsync(string prefix, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_problem.Length > 0) return Task.FromResult(new StoreReply<PrefixView>(null, _problem));
            Reads++;
            return Task.FromResult(new StoreReply<PrefixView>(new PrefixView(_values.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal)).ToImmutableDictionary(), _revision), ""));
        }
    }

    public async IAsyncEnumerable<PrefixNews> WatchAsync(string prefix, long revision, [EnumeratorCancellation] CancellationToken cancel)
    {
        var news = Channel.CreateUnbounded<PrefixNews>();
        lock (_lock)
        {
            // History is not kept: whoever reads and then watches finds nothing between.
            if (_problem.Length > 0 || revision != _revision + 1) yield break;
            _watches.Add((prefix, news));
        }

        yield return new PrefixNews.GoesOn();
        await foreach (var one in news.Reader.ReadAllAsync(cancel)) yield return one;
    }

    public Task<StoreReply<long>> WriteAsync(StoreChange change, CancellationToken cancel) => Answer(() =>
    {
        if (change.Puts.Count > 0 && !_leases.ContainsKey(change.Lease)) return new StoreReply<long>(0, "no such lease");
        Change(change.Puts.ToDictionary(), change.Lease, change.Deletes);
        _done.Writer.TryWrite(string.Join(", ", new[] { Words("put", change.Puts.Keys), Words("delete", change.Deletes), change.Puts.Count > 0 ? $"lease {change.Lease}" : "" }.Where(static one => one.Length > 0)));
        return new(_revision, "");
    });

    public Task<StoreReply<long>> GrantAsync(TimeSpan time, CancellationToken cancel) => Answer(() =>
    {
        _leases.Add(++_lastLease, time);
        _done.Writer.TryWrite($"grant {_lastLease}");
        return new StoreReply<long>(_lastLease, "");
    });

    public Task<StoreReply<TimeSpan>> GrantedAsync(long lease, CancellationToken cancel) => Answer(() => new StoreReply<TimeSpan>(_leases.GetValueOrDefault(lease), ""));

    public Task<StoreReply<TimeSpan>> KeepAliveAsync(long lease, CancellationToken cancel) => Answer(() =>
    {
        _done.Writer.TryWrite($"keep {lease}");
        return new StoreReply<TimeSpan>(_leases.GetValueOrDefault(lease), "");
    });

    public Task<StoreReply<long>> RevokeAsync(long lease, CancellationToken cancel) => Answer(() =>
    {
        _leases.Remove(lease);
        _done.Writer.TryWrite($"revoke {lease}");
        return new StoreReply<long>(_revision, "");
    });

    private static string Words(string what, IEnumerable<string> keys) => keys.Any() ? $"{what} {string.Join(' ', keys.Order(StringComparer.Ordinal).Select(static key => key[SheetKey.Root.Length..]))}" : "";

    private Task<StoreReply<T>> Answer<T>(Func<StoreReply<T>> answer)
    {
        lock (_lock) return Task.FromResult(_problem.Length > 0 ? new StoreReply<T>(default, _problem) : answer());
    }

    private void Change(Dictionary<string, byte[]> puts, long lease, IReadOnlyList<string> deletes)
    {
        _revision++;
        var changed = new List<KeyValuePair<string, StoredValue?>>();
        foreach (var (key, bytes) in puts) changed.Add(new(key, new StoredValue(bytes, lease, _values.TryGetValue(key, out var old) ? old.Since : _revision)));
        foreach (var key in deletes) changed.Add(new(key, null));
        foreach (var (key, value) in changed) _values = value is null ? _values.Remove(key) : _values.SetItem(key, value);
        foreach (var (prefix, news) in _watches)
        {
            if (changed.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList() is { Count: > 0 } seen) news.Writer.TryWrite(new PrefixNews.Changed(seen, _revision));
        }
    }
}
