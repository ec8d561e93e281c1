using System.Diagnostics.CodeAnalysis;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Luks;

/// <summary>One encrypted disk.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The runner disposes the watch that it was given.")]
internal sealed class LuksResource(LuksWish wish, LuksServices services) : IResource
{
    private readonly LuksCommands _commands = new(wish, services);
    private LuksWatch? _watch;

    // Somebody locked it: a key file is not used until somebody unlocks it.
    private bool _isHeld;

    private string Mapping => services.Places.MappingOf(wish);

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable?> WatchAsync(IWatchSink sink, CancellationToken cancel)
    {
        try
        {
            return new(_watch = new LuksWatch(wish, services, sink));
        }
        catch (FileException error)
        {
            throw new ResourceException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancel)
    {
        var order = _watch?.Take();
        try
        {
            var result = await TryAsync(order, request.Apply, cancel);
            if (result.Outcome == Outcome.Failed) _watch?.Rest();
            else _watch?.Recover();
            if (result.Outcome == Outcome.Failed) order?.Answer(LuksOutcome.Failed, result.Wrong);
            return result;
        }
        finally
        {
            order?.Answer(LuksOutcome.Failed, "it was not carried out: the agent ends, or the check took too long; try again");
        }
    }

    private async Task<CheckResult> TryAsync(LuksOrder? order, bool apply, CancellationToken cancel)
    {
        try
        {
            _watch?.EnsureArmed();
            var mapping = Luks.Mapping.Look(wish, services.Places);
            if (mapping is { Other.Length: > 0 }) return CheckResult.Failed($"cannot keep {wish.Name}: {Mapping} is {mapping.Other}, not of {wish.Device}; close that by hand, or choose another name");
            if (order is not null && !apply)
            {
                order.Answer(LuksOutcome.Failed, "nothing may be changed: the agent runs with --noop, or the resource with meta noop");
                order = null;
            }

            if (!wish.IsOpen) return await KeepClosedAsync(mapping, order, apply, cancel);
            return mapping is null ? await OpenAsync(order, apply, cancel) : await KeepOpenAsync(mapping, order, cancel);
        }
        catch (Exception error) when (error is FileException or IOException or UnauthorizedAccessException)
        {
            return CheckResult.Failed(error.Message.StartsWith("cannot", StringComparison.Ordinal) ? error.Message : $"cannot look at {wish.Name}: {error.Message}");
        }
    }

    private async Task<CheckResult> KeepOpenAsync(Mapping mapping, LuksOrder? order, CancellationToken cancel)
    {
        if (order is not { IsLock: true })
        {
            _isHeld = false;
            order?.Answer(LuksOutcome.Already, $"{wish.Name} is open already");
            return CheckResult.InOrder;
        }

        // While this check runs, nothing that comes after it begins one: what is unmounted here is not mounted again.
        var problem = await MountsOn.UnmountAsync(mapping.Number, Mapping, services.Spawner, services.Time, cancel) ?? await _commands.CloseAsync(cancel);
        if (problem is not null)
        {
            order.Answer(LuksOutcome.Failed, problem);
            return CheckResult.InOrder; // it is open, as the graph has it, and what was unmounted comes back
        }

        _isHeld = true;
        order.Answer(LuksOutcome.Done, $"{wish.Name} is locked");
        return NeedsKey();
    }

    private async Task<CheckResult> OpenAsync(LuksOrder? order, bool apply, CancellationToken cancel)
    {
        if (order is { IsLock: true })
        {
            _isHeld = true;
            order.Answer(LuksOutcome.Already, $"{wish.Name} is locked already");
        }
        else if (order is not null)
        {
            _isHeld = false;
        }

        if (FileStatus.Look(new FileName(services.Places.DeviceOf(wish)), follow: true) is null) return CheckResult.Failed($"cannot open {wish.Name}: there is no {services.Places.DeviceOf(wish)}; it goes on when that appears");
        var key = order?.Key;
        if (key is null && !HasKeyFile())
        {
            order?.Answer(LuksOutcome.NeedsKey, $"{wish.Name} needs a key");
            return NeedsKey();
        }

        if (!apply) return CheckResult.WouldChange("closed", $"would open it with {wish.KeyFile}");
        var (problem, isWrongKey) = await _commands.OpenAsync(key, cancel);
        if (problem is null)
        {
            order?.Answer(LuksOutcome.Done, $"{wish.Name} is unlocked");
            return CheckResult.Changed("closed", key is null ? $"opened with {wish.KeyFile}" : "opened with a passphrase");
        }

        if (!isWrongKey || key is null) return CheckResult.Failed(problem);
        order!.Answer(LuksOutcome.WrongKey, problem);
        return NeedsKey();
    }

    private async Task<CheckResult> KeepClosedAsync(Mapping? mapping, LuksOrder? order, bool apply, CancellationToken cancel)
    {
        if (order is { IsLock: false }) order.Answer(LuksOutcome.Failed, $"the graph wants {wish.Name} closed: change its state first");
        if (mapping is null)
        {
            order?.Answer(LuksOutcome.Already, $"{wish.Name} is closed already");
            return CheckResult.InOrder;
        }

        if (!apply) return CheckResult.WouldChange("open", "would close it");
        var unmounted = order is { IsLock: true } ? await MountsOn.UnmountAsync(mapping.Number, Mapping, services.Spawner, services.Time, cancel) : null;
        if ((unmounted ?? await _commands.CloseAsync(cancel)) is { } problem) return CheckResult.Failed(problem);
        order?.Answer(LuksOutcome.Done, $"{wish.Name} is locked");
        return CheckResult.Changed("open", "closed");
    }

    private bool HasKeyFile() => wish.KeyFile.Length > 0 && !_isHeld && System.IO.File.Exists(wish.KeyFile);

    private CheckResult NeedsKey() => CheckResult.Waiting(
        _isHeld ? "locked on request, needs a key" : wish.KeyFile.Length > 0 ? $"needs a key, and there is no {wish.KeyFile}" : "needs a key",
        $"run: mgmt unlock {wish.Name}");
}
