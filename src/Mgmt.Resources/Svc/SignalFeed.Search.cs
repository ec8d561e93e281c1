using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Svc;

/// <summary>The search for signals that are not heard: one for all, while anybody waits or listens. A sign of life ends a pause between two tries.</summary>
internal sealed partial class SignalFeed
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(2);

    private int _waiting;
    private bool _isSeeking;
    private bool _isWantedForGood;

    private bool IsWanted => _waiting > 0 || _isWantedForGood || isWanted();

    /// <summary>Completes when signals are heard.</summary>
    internal async Task WaitAsync(CancellationToken cancel)
    {
        Task open;
        lock (_gate)
        {
            open = _open.Task;
            _waiting++;
        }

        Seek();
        try
        {
            await open.WaitAsync(cancel);
        }
        finally
        {
            lock (_gate) _waiting--;
        }
    }

    /// <summary>Begins the search, if signals are not heard: somebody listens now.</summary>
    internal void Seek()
    {
        lock (_gate)
        {
            if (_isSeeking || _open.Task.IsCompleted) return;
            _isSeeking = true;
        }

        _ = Task.Run(SearchAsync);
    }

    /// <summary>As <see cref="Seek"/>, for somebody who is neither listed nor waiting, and never has enough.</summary>
    internal void SeekForGood()
    {
        _isWantedForGood = true;
        Seek();
    }

    private async Task SearchAsync()
    {
        for (var pause = FirstPause; ; pause = pause + pause < LongestPause ? pause + pause : LongestPause)
        {
            Task sign;
            lock (_gate)
            {
                if (_open.Task.IsCompleted || !IsWanted)
                {
                    _isSeeking = false;
                    return;
                }

                sign = _sign.Task; // taken before the try: what comes during it counts
            }

            try
            {
                await OpenAsync(CancellationToken.None);
            }
            catch (BusException)
            {
                await sign.WaitAsync(pause, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (ObjectDisposedException)
            {
                return; // the bus was closed: the agent ends
            }
        }
    }
}
