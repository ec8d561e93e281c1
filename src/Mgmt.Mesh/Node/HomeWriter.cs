using Mgmt.Mesh.Place;
using Mgmt.Store.Home;
using Mgmt.Store.Machine;

namespace Mgmt.Mesh.Node;

/// <summary>
/// Writes the state to its home behind the commit path: one loop, which takes the latest state there is. The log keeps what the home does not hold for
/// certain, so nothing is lost when it lags or fails; after a failure the home is written anew.
/// </summary>
internal sealed class HomeWriter : IAsyncDisposable
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(2);

    private readonly StorePlace _place;
    private readonly LogFloor _floor;
    private readonly HomeIdentity _identity;
    private readonly NodeOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<string> _warn;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SemaphoreSlim _news = new(0, 1);
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _loop;
    private StoreHome? _home;
    private StoreView _latest;
    private ViewSnapshot _snapshot;
    private long _bytes;
    private long _checkpointed;
    private string _failure = "";

    public HomeWriter(StorePlace place, HomeIdentity identity, StoreHome home, NodeOptions options, TimeProvider time, Action<string> warn)
    {
        (_place, _identity, _home, _options, _time, _warn) = (place, identity, home, options, time, warn);
        _floor = new(place.Floor);
        _latest = home.View;
        _snapshot = new(home.View);
        _checkpointed = time.GetTimestamp();
        if (home.View.Index > _floor.Read()) _floor.MoveTo(home.View.Index);
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>The state that the disk holds for certain.</summary>
    public ViewSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>The bytes of the home's file.</summary>
    public long Bytes => new FileInfo(_place.Home) is { Exists: true } file ? file.Length : 0;

    /// <summary>What keeps the home from being written now, or nothing.</summary>
    public string Failure => Volatile.Read(ref _failure);

    /// <summary>Takes the latest state, to be written soon.</summary>
    /// <param name="view">The state.</param>
    /// <param name="bytes">How much the log grew for it.</param>
    public void Offer(StoreView view, int bytes)
    {
        Volatile.Write(ref _latest, view);
        Interlocked.Add(ref _bytes, bytes);
        if (_news.CurrentCount == 0) Wake();
    }

    /// <summary>Writes the home anew with a state that did not come by entries. It is on the disk when this ends.</summary>
    public async Task ReplaceAsync(StoreView view, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await Task.Run(() => Rewrite(view), CancellationToken.None);
            Volatile.Write(ref _latest, view);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Writes the home anew with the latest state. Answers what went wrong, or nothing.</summary>
    public async Task<string> DefragmentAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return await Task.Run(TryRewrite, CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Brings the latest state to the disk and reads all of it again. Meanwhile nothing is written; the log keeps what comes.</summary>
    public async Task<HomeScrubbed?> ScrubAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return await Task.Run(Scrub, CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Brings the latest state to the disk and closes the home.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _loop;
        await _turn.WaitAsync();
        if (_failure.Length == 0 && Write(checkpoint: true) is { Length: > 0 } failure) _warn(failure);
        _home?.Dispose();
        _turn.Dispose();
        _news.Dispose();
        _ending.Dispose();
    }

    private void Wake()
    {
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has woken it.
        }
    }

    private async Task LoopAsync()
    {
        try
        {
            while (true)
            {
                if (ReferenceEquals(_latest, _snapshot.View)) await _news.WaitAsync(_ending.Token);
                await Task.Delay(_failure.Length > 0 ? TryAgainAfter : _options.FlushAfter, _time, _ending.Token);
                await StepAsync();
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The end: what is left is written by who disposes.
        }
    }

    private async Task StepAsync()
    {
        await _turn.WaitAsync(_ending.Token);
        try
        {
            Report(_failure.Length > 0 ? TryRewrite() : Write(IsCheckpointDue()));
        }
        finally
        {
            _turn.Release();
        }
    }

    private HomeScrubbed Scrub()
    {
        var failure = _failure.Length > 0 ? _failure : Write(checkpoint: true);
        return _home is { } home && failure.Length == 0 ? new(_place.Home, home.View, home.Scrub()) : new(_place.Home, _latest, new(0, 0, [failure]));
    }

    private bool IsCheckpointDue() =>
        _latest.Index - _snapshot.Index >= _options.CheckpointEntries
        || Interlocked.Read(ref _bytes) >= _options.CheckpointBytes
        || _time.GetElapsedTime(_checkpointed) >= _options.CheckpointAfter;

    private string Write(bool checkpoint)
    {
        if (_home is not { } home) return TryRewrite();
        var view = Volatile.Read(ref _latest);
        var failure = home.Flush(view);
        if (failure.Length == 0 && checkpoint) failure = home.Checkpoint();
        return failure.Length == 0 && checkpoint ? TryHold(view) : failure;
    }

    private string TryHold(StoreView view)
    {
        try
        {
            Hold(view);
            return "";
        }
        catch (IOException e)
        {
            return $"cannot write {_place.Floor}: {e.Message.TrimEnd('.')}; see that its disk has room and is sound";
        }
    }

    private string TryRewrite()
    {
        try
        {
            Rewrite(Volatile.Read(ref _latest));
            return "";
        }
        catch (Exception e)
        {
            // LiteDB and the file system fail in many ways; all of them mean to try again later.
            return e.Message;
        }
    }

    private void Rewrite(StoreView view)
    {
        _home?.Dispose();
        _home = null;
        _home = StoreHome.Create(_place.Home, _identity, view);
        Hold(view);
    }

    // The log may be dropped up to there as soon as it is known: the floor comes first.
    private void Hold(StoreView view)
    {
        if (view.Index > 0) _floor.MoveTo(view.Index);
        Volatile.Write(ref _snapshot, new(view));
        Interlocked.Exchange(ref _bytes, 0);
        _checkpointed = _time.GetTimestamp();
    }

    private void Report(string failure)
    {
        if (failure.Length > 0 && _failure.Length == 0) _warn(failure);
        Volatile.Write(ref _failure, failure);
    }
}
