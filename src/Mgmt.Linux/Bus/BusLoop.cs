using System.Collections.Concurrent;
using System.Diagnostics;

namespace Mgmt.Linux.Bus;

/// <summary>
/// The thread of one bus, and all its state: sd-bus may be used from one thread alone. Others leave work and wake it. Calls wait here while there
/// are too many on the way; listeners outlive the connection, which is made again for them.
/// </summary>
internal sealed class BusLoop : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(2);

    private readonly BusAddress _address;
    private readonly ConcurrentQueue<Action<BusLoop>> _work = [];
    private readonly Queue<PendingCall> _waiting = [];
    private readonly List<Subscription> _subscriptions = [];
    private readonly Wakeup _wakeup = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BusLink? _link;
    private TimeSpan _pause = FirstPause;
    private long _nextTry;
    private bool _isStopping;

    internal BusLoop(BusAddress address)
    {
        _address = address;
        new Thread(Run, 512 * 1024) { IsBackground = true, Name = address.Name }.Start();
    }

    /// <summary>Completes when the thread has ended.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Has the bus's thread do something; false when it has ended.</summary>
    internal bool TryDo(Action<BusLoop> work)
    {
        _work.Enqueue(work);
        if (_ended.Task.IsCompleted) return false;
        _wakeup.Raise();
        return true;
    }

    internal void Add(PendingCall call) => _waiting.Enqueue(call);

    internal void Add(Subscription subscription)
    {
        _subscriptions.Add(subscription);
        if (_link is { IsReady: true }) Install(subscription);
    }

    internal void Remove(Subscription subscription)
    {
        if (_subscriptions.Remove(subscription)) subscription.Remove();
    }

    internal void Stop() => _isStopping = true;

    public void Dispose() => _wakeup.Dispose();

    private void Run()
    {
        try
        {
            while (!_isStopping) Turn();
            Lose(new BusException("the agent is stopping"));
        }
        catch (Exception error)
        {
            // The thread must not take the process with it: whoever waits for the bus hears of it.
            Lose(new BusException(error.Message, inner: error));
        }

        // Who left work before this saw a thread that ran: what it left is failed here.
        _ended.TrySetResult();
        while (_work.TryDequeue(out var work)) work(this);
        Lose(new BusException("the agent is stopping"));
    }

    private void Turn()
    {
        while (_work.TryDequeue(out var work)) work(this);
        try
        {
            if (_link is null && IsWanted) _link = BusLink.Start(FindAddress());
            if (_link is { IsReady: false }) Greet(_link);
            else _link?.Process();
            while (_link is { HasRoom: true } link && _waiting.TryDequeue(out var call))
            {
                if (!call.IsGivenUp) link.Send(call);
            }

            // What sd-bus has to write or has read ahead shows in its deadline and events alone.
            _wakeup.Wait(_link?.Descriptor ?? -1, _link?.Events ?? 0, _isStopping || !_work.IsEmpty ? 0 : NextTurn);
        }
        catch (BusException error)
        {
            Lose(error);
        }
    }

    private bool IsWanted => _waiting.Count > 0 || _subscriptions.Exists(one => one.IsNew) || (_subscriptions.Count > 0 && Stopwatch.GetTimestamp() >= _nextTry);

    private long NextTurn => _link?.Deadline ?? (_subscriptions.Count > 0 ? _nextTry : long.MaxValue);

    private void Greet(BusLink link)
    {
        link.Process();
        if (!link.IsReady) return;
        _pause = FirstPause;
        foreach (var subscription in _subscriptions) Install(subscription);
    }

    private void Install(Subscription subscription) => _link!.Install(subscription);

    private string FindAddress() => _address.Find() is { Address.Length: > 0 } found ? found.Address : throw new BusException(_address.Find().Error);

    /// <summary>Ends the connection, or the try to make one. Whoever waits hears of it; those who listen are told once.</summary>
    private void Lose(BusException cause)
    {
        var wasReady = _link is { IsReady: true };
        var error = new BusException(wasReady
            ? $"cannot hear of {_address.Name} any more: the connection was lost ({cause.Message})"
            : $"cannot reach {Words(_address)}: {cause.Message}", inner: cause);
        foreach (var subscription in _subscriptions) subscription.Remove();
        _link?.Close(error);
        _link = null;
        while (_waiting.TryDequeue(out var call)) call.Fail(error);
        foreach (var subscription in _subscriptions)
        {
            if (subscription.IsNew) subscription.Fail(error);
            else if (wasReady) subscription.TellLost(error.Message);
        }

        _subscriptions.RemoveAll(one => one.Installed.IsFaulted);
        _nextTry = Stopwatch.GetTimestamp() + (long)(_pause.TotalSeconds * Stopwatch.Frequency);
        _pause = _pause + _pause < LongestPause ? _pause + _pause : LongestPause;
    }

    internal static string Words(BusAddress address) => address.Find() is { Address.Length: > 0 } found ? $"{address.Name} at {found.Address}" : address.Name;
}
