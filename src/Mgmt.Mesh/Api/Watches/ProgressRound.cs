using Mgmt.Mesh.Node;
using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Api.Watches;

/// <summary>
/// Finds a revision up to which every watch of a stream has been told everything, for a client that asks how far its watches are. Each is asked once it is
/// caught up; what each has heard by then, the least of that is the answer.
/// </summary>
internal sealed class ProgressRound(IStoreNode node)
{
    private readonly Dictionary<StreamWatch, long> _heard = [];
    private readonly HashSet<StreamWatch> _asked = [];
    private int _waiting;

    /// <summary>Whether a client waits for the answer.</summary>
    public bool IsOpen => _waiting > 0;

    /// <summary>How many answers are due to one question after another.</summary>
    public int TakeWaiting()
    {
        var waiting = _waiting;
        _waiting = 0;
        _heard.Clear();
        _asked.Clear();
        return waiting;
    }

    public void Begin()
    {
        // What was heard before the question may be older than what its client knows from elsewhere.
        _heard.Clear();
        _waiting++;
    }

    /// <summary>A watch has been told everything up to the revision.</summary>
    public void Heard(StreamWatch watch, WatchMessage.Batch batch)
    {
        if (batch.Events.Count == 0) _asked.Remove(watch);
        if (IsOpen && watch.Watcher.IsSynced) _heard[watch] = batch.Revision;
    }

    /// <summary>Asks those that have not been heard. The answer when all have, else null.</summary>
    public async ValueTask<long?> AskAsync(WatchTable watches)
    {
        var least = long.MaxValue;
        var isComplete = true;
        foreach (var watch in watches.Live)
        {
            if (_heard.TryGetValue(watch, out var revision))
            {
                least = Math.Min(least, revision);
                continue;
            }

            isComplete = false;
            if (!_asked.Contains(watch) && await node.TellProgressAsync(watch.Watcher)) _asked.Add(watch);
        }

        if (!isComplete) return null;
        return least == long.MaxValue ? node.View.Revision : least;
    }
}
