using System.Collections.Concurrent;
using Mgmt.Engine;
using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Svc;

/// <summary>Asks one systemd what its units are made of, all in one pass: the questions are on the way together, and the whole takes a bounded time.</summary>
internal sealed class SvcSurvey
{
    private static readonly TimeSpan LongestGreeting = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromSeconds(10), Moment = TimeSpan.FromMilliseconds(300);

    private readonly Systemd _systemd;
    private readonly ITimer _moment;
    private volatile bool _wasAsked;
    private int _isPending;

    /// <param name="systemd">Whom to ask.</param>
    /// <param name="outdated">Told, from any thread, when the next survey may have another answer; once for all that happens within a moment.</param>
    internal SvcSurvey(Systemd systemd, Action outdated)
    {
        _systemd = systemd;
        _moment = systemd.Time.CreateTimer(_ => Raise(outdated), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        systemd.Signals.FilesChanged += OnFilesChanged;
    }

    /// <summary>Asks.</summary>
    /// <param name="units">The resources, and the names of their units.</param>
    /// <param name="cancel">Ends the questions.</param>
    /// <returns>The answers, and why they are not whole, or null.</returns>
    internal async Task<(IReadOnlyDictionary<Address, UnitConfig> Units, string? Missing)> AskAsync(IReadOnlyList<(Address Address, string Unit)> units, CancellationToken cancel)
    {
        var found = new ConcurrentDictionary<Address, UnitConfig>();
        if (units.Count == 0) return (found, null);
        try
        {
            await OpenAsync(cancel);
            await Task.WhenAll(units.Select(one => AskAsync(one.Address, one.Unit, found, cancel))).WaitAsync(Longest, _systemd.Time, cancel);
            return (found, null);
        }
        catch (BusException error)
        {
            return (Copy(), $"cannot ask systemd which files the units read: {error.Message}");
        }
        catch (TimeoutException)
        {
            return (Copy(), $"cannot ask systemd which files the units read: it did not answer in time; {found.Count} of {units.Count} units are known");
        }

        // Answers that come late must not change what was given out.
        Dictionary<Address, UnitConfig> Copy() => new(found);
    }

    private async Task OpenAsync(CancellationToken cancel)
    {
        try
        {
            await _systemd.Signals.Feed.OpenAsync(cancel).WaitAsync(LongestGreeting, _systemd.Time, cancel);
        }
        finally
        {
            // What happens from here on makes the answers old; what opened the signals does not.
            _wasAsked = true;
            _systemd.Signals.Feed.SeekForGood();
        }
    }

    private async Task AskAsync(Address address, string unit, ConcurrentDictionary<Address, UnitConfig> found, CancellationToken cancel)
    {
        if (await _systemd.DescribeAsync(unit, cancel) is { } properties) found[address] = UnitConfig.From(properties);
    }

    private void OnFilesChanged()
    {
        if (_wasAsked && Interlocked.Exchange(ref _isPending, 1) == 0) _moment.Change(Moment, Timeout.InfiniteTimeSpan);
    }

    private void Raise(Action outdated)
    {
        Volatile.Write(ref _isPending, 0);
        outdated();
    }
}
