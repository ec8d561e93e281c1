namespace Mgmt.Linux.Inotify;

/// <summary>What is told about a watched path. Called from any thread; must not block for long.</summary>
public interface IPathListener
{
    /// <summary>Something happened to the path.</summary>
    /// <param name="mayRunHere">The caller lends its thread for a short repair: nothing else waits for it.</param>
    void Changed(bool mayRunHere);

    /// <summary>The path is watched no more.</summary>
    /// <param name="error">A sentence that begins with "cannot".</param>
    void Ended(string error);
}

/// <summary>A listener with a mark that folds several events of one batch into one call.</summary>
public abstract class PathSubscriber
{
    private bool _isClosed;

    private protected PathSubscriber(IPathListener listener) => Listener = listener;

    internal IPathListener Listener { get; }

    /// <summary>Whether it was disposed: a batch that was read before may still name it.</summary>
    internal bool IsClosed
    {
        get => Volatile.Read(ref _isClosed);
        private protected set => Volatile.Write(ref _isClosed, value);
    }

    /// <summary>Tells the listener, unless it has gone.</summary>
    internal void Tell(bool mayRunHere)
    {
        if (!IsClosed) Listener.Changed(mayRunHere);
    }

    /// <summary>Tells the listener that this is the end, unless it has gone.</summary>
    internal void TellEnd(string error)
    {
        if (!IsClosed) Listener.Ended(error);
    }

    /// <summary>The number of the last batch that told it; touched by the event thread alone.</summary>
    internal long LastBatch { get; set; }
}

/// <summary>Something that must look at its paths again once the events of a batch are all read.</summary>
internal interface IRearmable
{
    void Rearm(EventBatch batch);
}

/// <summary>
/// The events that one read of the queue brought, as a list of whom to tell. Belongs to the event thread.
/// </summary>
internal sealed class EventBatch(Action<Exception> faulted, Action overflowed)
{
    private readonly List<PathSubscriber> _tell = [];
    private readonly List<IRearmable> _rearm = [];
    private readonly HashSet<IRearmable> _rearmed = [];
    private long _number;

    internal void Tell(PathSubscriber subscriber)
    {
        if (subscriber.LastBatch == _number) return;
        subscriber.LastBatch = _number;
        _tell.Add(subscriber);
    }

    /// <summary>Whether what was read concerns anybody.</summary>
    internal bool IsForSomebody => _tell.Count + _rearm.Count > 0;

    /// <summary>The kernel threw events away: anything may have happened to anybody.</summary>
    internal void Overflowed() => overflowed();

    /// <summary>Hands an event to those whom it concerns.</summary>
    internal void Hand(List<Heard> found, ReadOnlySpan<byte> name)
    {
        foreach (var one in found)
        {
            try
            {
                one.Listener.Seen(one.Role, one.Mask, name, this);
            }
            catch (Exception fault)
            {
                faulted(fault);
            }
        }
    }

    internal void Rearm(IRearmable chain)
    {
        if (_rearmed.Add(chain)) _rearm.Add(chain);
    }

    internal void Begin()
    {
        _number++;
        _tell.Clear();
        _rearm.Clear();
        _rearmed.Clear();
    }

    /// <summary>
    /// Re-arms, then tells. The first may repair on this very thread, which is the fastest way there is; since that takes a while,
    /// the others are told before.
    /// </summary>
    /// <param name="mayLend">Whether it may: not where a pass tells very many, one after the other.</param>
    internal void Deliver(bool mayLend)
    {
        // One that leads elsewhere may have others look again.
        for (var i = 0; i < _rearm.Count; i++) Guard(static (it, batch) => it.Rearm(batch), _rearm[i]);
        for (var i = 1; i < _tell.Count; i++) Guard(static (it, _) => it.Tell(mayRunHere: false), _tell[i]);
        if (_tell.Count == 0) return;
        if (mayLend) Guard(static (it, _) => it.Tell(mayRunHere: true), _tell[0]);
        else Guard(static (it, _) => it.Tell(mayRunHere: false), _tell[0]);
    }

    /// <summary>Calls somebody else's code: what it throws is reported and never ends the thread that all watches share.</summary>
    internal void Guard<T>(Action<T, EventBatch> call, T on)
    {
        try
        {
            call(on, this);
        }
        catch (Exception fault)
        {
            faulted(fault);
        }
    }
}
