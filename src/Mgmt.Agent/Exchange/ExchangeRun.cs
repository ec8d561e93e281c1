using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Mesh.Wire;

namespace Mgmt.Agent.Exchange;

/// <summary>
/// This host's part in the exchange of resources, beside the graph: local work never waits for it. <see cref="Take"/> and <see cref="TakeNews"/> are for the agent's loop; what the store
/// tells is followed elsewhere, and announced by <see cref="AgentMessage.Collected"/>.
/// </summary>
internal sealed class ExchangeRun : IAsyncDisposable
{
    private readonly ExchangeOptions _options;
    private readonly IMeshStore? _store;
    private readonly TimeProvider _time;
    private readonly ExchangeLog _log;
    private readonly Action<AgentMessage> _post;
    private readonly Collector _collector;
    private readonly MemoryWriter _memory;
    private readonly ExportRun? _exporter;
    private readonly CancellationTokenSource _ending = new();
    private Task _following = Task.CompletedTask;
    private volatile IReadOnlySet<string> _wanted = new HashSet<string>();
    private volatile IReadOnlyDictionary<SheetKey, StoredSheet>? _sheets;
    private IReadOnlyList<ResourceSpec> _exports = [];
    private string _toldProblem = "";
    private int _isNewsWaiting;

    /// <summary>Begins with what is remembered; nothing is asked of the store before <see cref="Take"/>.</summary>
    /// <param name="options">Who this host is, and what it may do.</param>
    /// <param name="kinds">The kinds that this program knows.</param>
    /// <param name="store">The mesh's store; null where this host has none, and exchanges with itself alone.</param>
    /// <param name="time">For pauses and the lease.</param>
    /// <param name="log">Hears what an operator should know; it belongs to the caller.</param>
    /// <param name="post">Takes the message that there is news.</param>
    public ExchangeRun(ExchangeOptions options, IReadOnlyList<Kind> kinds, IMeshStore? store, TimeProvider time, ExchangeLog log, Action<AgentMessage> post)
    {
        (_options, _store, _time, _log, _post) = (options, store, time, log, post);
        var path = Remembered.PathIn(options.Prefix);
        _collector = new Collector(options.Host, kinds, store is null ? Remembered.Nothing : Remembered.Read(path, log.Warn), log.Warn);
        _memory = new MemoryWriter(path, time, log.Warn);
        if (store is null || options.Noop) return;
        if (SheetKey.IsHost(options.Host)) _exporter = new ExportRun(store, options.Host, options.Grace, time, log);
        else log.Warn($"cannot export anything as {Words.Short(options.Host)}: only letters, digits, \".\", \"-\" and \"_\" can stand in a host's name; give this host another with --hostname");
    }

    /// <summary>What is collected, and how fresh; null where nothing is. Any thread may ask.</summary>
    public Collection? Collection => _wanted.Count == 0 ? null : new()
    {
        Resources = (uint)_collector.Count,
        Fresh = _store is null || (_sheets is not null && _log.Problem.Length == 0),
        Problem = _store is null ? "" : _log.Problem,
        Heard = _store is null || _sheets is not null,
    };

    /// <summary>Takes this host's own definition: exports what it exports, and answers it with what it collects.</summary>
    public Definition Take(Definition definition)
    {
        Interlocked.Exchange(ref _isNewsWaiting, 0);
        Export(definition.Exports);
        _wanted = Collector.Wanted(definition);
        if (_wanted.Count > 0 && _store is { } store && _following == Task.CompletedTask) _following = _log.WatchAsync(FollowAsync(store, _ending.Token));
        if (_store is null && definition.Exports.Count + definition.Collects.Count > 0) TellOnce("cannot exchange resources with peers: this host has none (see mgmt run --help about --peers); what it exports it can collect itself");
        return _collector.Take(definition, _sheets);
    }

    /// <summary>Takes what peers changed, and answers the definition with it; null when it comes to the same.</summary>
    public Definition? TakeNews()
    {
        Interlocked.Exchange(ref _isNewsWaiting, 0);
        if (_sheets is not { } sheets) return null;
        var whole = _collector.Take(sheets);
        _memory.Write(_collector.Memory);
        return whole;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_exporter is not null) await _exporter.DisposeAsync();
        await _memory.DisposeAsync();
        _ending.Dispose();
    }

    private void Export(IReadOnlyList<ResourceSpec> exports)
    {
        if (_exporter is null || (_exports.Count > 0 && _exports.SequenceEqual(exports))) return;
        if (ExportSet.Of(exports, out var problem) is not { } wanted)
        {
            TellOnce($"{problem}; what was exported before stays");
            return;
        }

        (_exports, _toldProblem) = (exports, "");
        _exporter.Want(wanted);
    }

    private void TellOnce(string problem)
    {
        if (problem != _toldProblem) _log.Warn(problem);
        _toldProblem = problem;
    }

    private async Task FollowAsync(IMeshStore store, CancellationToken cancel)
    {
        await foreach (var view in new PrefixFollower(store, SheetKey.Root, _time, _log.Outage).FollowAsync(cancel))
        {
            var before = _sheets;
            var sheets = new Dictionary<SheetKey, StoredSheet>();
            foreach (var (key, value) in view.Values)
            {
                if (SheetKey.TryParse(key, out var sheet)) sheets.Add(sheet, Known(before, sheet, value));
            }

            _sheets = sheets;
            if ((before is null || IsNews(before, sheets)) && Interlocked.Exchange(ref _isNewsWaiting, 1) == 0) _post(new AgentMessage.Collected());
        }
    }

    // The same object where nothing changed, by which that is seen.
    private static StoredSheet Known(IReadOnlyDictionary<SheetKey, StoredSheet>? before, SheetKey key, StoredValue value) =>
        before is not null && before.TryGetValue(key, out var known) && known.Since == value.Since && known.Bytes.Equals(value.Bytes) ? known : new StoredSheet(value.Bytes, value.Since);

    /// <summary>Whether a sheet of a kind changed that is collected here, and not of this host.</summary>
    private bool IsNews(IReadOnlyDictionary<SheetKey, StoredSheet> before, Dictionary<SheetKey, StoredSheet> now) =>
        now.Any(one => IsOfUse(one.Key) && (!before.TryGetValue(one.Key, out var old) || !ReferenceEquals(old, one.Value)))
        || before.Keys.Any(key => IsOfUse(key) && !now.ContainsKey(key));

    private bool IsOfUse(SheetKey key) => key.Host != _options.Host && _wanted.Contains(key.Kind);
}

/// <summary>What the exchange needs to know of this host.</summary>
/// <param name="Host">Its name, under which its exports are stored.</param>
/// <param name="Prefix">The agent's state directory.</param>
/// <param name="Grace">How long exports outlive the agent.</param>
/// <param name="Noop">Export nothing.</param>
internal sealed record ExchangeOptions(string Host, string Prefix, TimeSpan Grace, bool Noop);
