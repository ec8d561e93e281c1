using Mgmt.Engine.Kinds;
using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Pkg;

/// <summary>
/// One check of one package or of several together: looks, decides, waits for the lock, does what is due in one transaction, and looks again, until nothing
/// is due. Each package has its own result.
/// </summary>
/// <param name="host">What all packages share.</param>
/// <param name="asked">Which packages, and whether each may be changed.</param>
internal sealed class PkgCheck(PackageHost host, IReadOnlyList<(PkgWish Wish, bool Apply)> asked)
{
    private const int MostTries = 3, MostAbsences = 5, MostLocks = 30;
    private static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(30), Pause = TimeSpan.FromMilliseconds(200), LockPause = TimeSpan.FromSeconds(1);

    private readonly PackageName[] _names = [.. asked.Select(static one => one.Wish.Package)];
    private readonly PkgChange _change = new(host.PackageKit);
    private PkgMember[] _members = [];
    private bool _knowsUpdates, _wasRepaired;
    private int _absences, _locks;

    /// <summary>The packages and how each ended, in the order in which they were given.</summary>
    internal IReadOnlyList<PkgMember> Members => _members;

    /// <exception cref="Mgmt.Linux.Files.FileException">The package database cannot be read.</exception>
    /// <exception cref="BusException">It is PackageKit that knows what is installed, and it is not there.</exception>
    /// <exception cref="PackageKitException">As before, and it refused.</exception>
    internal async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancel)
    {
        var installed = await host.Database.ReadAsync(_names, cancel);
        _members = [.. asked.Select(one => new PkgMember(one.Wish, one.Apply))];
        Look(installed);
        while (true)
        {
            try
            {
                await AskForUpdatesAsync(cancel);
                var due = Array.FindAll(_members, static one => one.IsDue);
                if (due.Length == 0) break;
                if (!await WaitForLockAsync(due, cancel) && !await RepairAsync(due, cancel)) await ActAsync(due, cancel);
            }
            catch (BusException away)
            {
                await EndureAsync(away, cancel);
            }

            Look(await host.Database.ReadAsync(_names, cancel));
        }

        return [.. _members.Select(static one => one.Conclude())];
    }

    private void Look(IInstalledPackages installed)
    {
        foreach (var member in _members) member.Look(installed, _knowsUpdates);
    }

    private async Task AskForUpdatesAsync(CancellationToken cancel)
    {
        var unknown = Array.FindAll(_members, static one => one.Verdict.Act == PkgAct.Ask && one.Error.Length == 0);
        if (unknown.Length == 0) return;
        try
        {
            var updates = await host.PackageKit.UpdatesAsync(cancel);
            foreach (var member in unknown) member.Update = PkgChange.FindUpdate(updates, member);
            _knowsUpdates = true;
            Look(await host.Database.ReadAsync(_names, cancel));
        }
        catch (PackageKitException refused)
        {
            foreach (var member in unknown) member.Fail(refused.Message);
        }
    }

    /// <summary>Waits while another tool is at work.</summary>
    /// <returns>Whether it did: what is there may be another by now.</returns>
    private async Task<bool> WaitForLockAsync(PkgMember[] due, CancellationToken cancel)
    {
        if (!host.HasDpkg || host.Lock.Holder.Length == 0) return false;
        var holder = await host.Lock.WaitAsync(LockPatience, cancel);
        if (holder.Length == 0) return true;
        foreach (var member in due) member.Fail($"{holder} holds the lock of the package database for more than {LockPatience.TotalMinutes} min; see what it waits for");
        return true;
    }

    // What was left half done by a tool that was killed; while one is at work its lock is held, and this is not reached.
    private async Task<bool> RepairAsync(PkgMember[] due, CancellationToken cancel)
    {
        if (_wasRepaired || !host.HasDpkg || !Array.Exists(due, static one => one.Facts.State == PackageState.Broken)) return false;
        _wasRepaired = true;
        foreach (var member in due.Where(static one => one.Facts.State == PackageState.Broken)) member.Begin();
        await host.Repair.RunAsync(cancel); // whether it helped shows in what is there after it
        return true;
    }

    private async Task ActAsync(PkgMember[] due, CancellationToken cancel)
    {
        foreach (var tired in due.Where(static one => one.Tries >= MostTries)) tired.Fail($"PackageKit said that it was done, and it is not: {tired.Verdict.Wrong}");
        due = Array.FindAll(due, static one => one.IsDue);
        if (due.Length == 0) return;
        try
        {
            await _change.RunAsync(due, cancel);
        }
        catch (PackageKitException locked) when (locked.IsLocked && ++_locks <= MostLocks)
        {
            // Somebody was quicker; who is no tool of dpkg's has no lock that could be waited for.
            if (!host.HasDpkg || host.Lock.Holder.Length == 0) await Task.Delay(LockPause, host.Time, cancel);
        }
        catch (PackageKitException interrupted) when (interrupted.IsInterrupted && host.HasDpkg && !_wasRepaired)
        {
            _wasRepaired = true;
            await host.Repair.RunAsync(cancel);
        }
        catch (PackageKitException refused)
        {
            await ActOneByOneAsync(due, refused, cancel);
        }
    }

    /// <summary>One of them is at fault: the others shall not suffer.</summary>
    private async Task ActOneByOneAsync(PkgMember[] due, PackageKitException refused, CancellationToken cancel)
    {
        Look(await host.Database.ReadAsync(_names, cancel));
        due = Array.FindAll(due, static one => one.IsDue);
        if (due.Length == 1) due[0].Fail(refused.Message);
        if (due.Length <= 1) return;
        foreach (var member in due) await ActAsync([member], cancel);
    }

    /// <summary>PackageKit or the bus is away. A short absence is waited for; during a longer one what is in order stays so, and the rest fails.</summary>
    private async Task EndureAsync(BusException error, CancellationToken cancel)
    {
        if (error.IsAway && ++_absences <= MostAbsences)
        {
            await Task.Delay(Pause * _absences, host.Time, cancel);
            return;
        }

        foreach (var member in _members.Where(static one => one.IsDue || one.Verdict.Act == PkgAct.Ask)) member.Fail(Explain(error), error.IsAway);
    }

    private static string Explain(BusException error)
    {
        if (error.IsUnreachable) return error.Message;
        if (error.IsDenied) return $"the bus does not allow it ({error.Message}); run mgmt as root";
        return error.IsAway ? $"PackageKit is not there ({error.Message}); install the package packagekit, or see systemctl status packagekit" : error.Message;
    }
}
