using Mgmt.Engine.Kinds;
using Mgmt.Linux.Bus;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Svc;

/// <summary>One unit. Its watch waits for a bus that is away; a check that meets one begins again when it is back.</summary>
internal sealed class SvcResource(SvcWish wish, Systemd systemd) : IResource
{
    private const int MostTries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200), LongestAbsence = TimeSpan.FromSeconds(20);

    private readonly string _path = UnitName.PathOf(wish.Unit);
    private UnitWatch? _watch;
    private bool _wasRefused;

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable?> WatchAsync(IWatchSink sink, CancellationToken cancel)
    {
        try
        {
            // The first failure is told at once; after that nothing waits for the watch, which can wait for the bus.
            if (_wasRefused) await systemd.Signals.Feed.WaitAsync(cancel);
            await systemd.OpenAsync(cancel);
            _wasRefused = true; // from here on, it is lost when it is opened again
            return _watch = UnitWatch.Open(systemd.Signals, _path, sink, systemd.Time);
        }
        catch (Exception error) when (error is BusException or FileException)
        {
            _wasRefused = true;
            throw new ResourceException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            var check = new SvcCheck(wish, systemd, Follow);
            try
            {
                var result = await check.RunAsync(request, cancel);
                if (result.Outcome != Outcome.Failed) _watch?.Recover();
                else if (check.HasActed) _watch?.Rest();
                return result;
            }
            catch (BusException error) when (error.IsAway && _watch is not null && tries < MostTries)
            {
                await Task.Delay(Pause, systemd.Time, cancel);
                await WaitForBusAsync(cancel);
            }
            catch (Exception error) when (error is BusException or FileException)
            {
                // No signal may come of it that would be the occasion for another try.
                _watch?.Rest();
                return CheckResult.Failed(error is BusException { IsUnreachable: false } ? $"cannot look at unit {wish.Unit}: {error.Message}" : error.Message);
            }
        }
    }

    private void Follow(string path) => _watch?.Follow(path);

    // Who waited in vain asks once more, and hears why.
    private async Task WaitForBusAsync(CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(LongestAbsence, systemd.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        await systemd.Signals.Feed.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
    }
}
