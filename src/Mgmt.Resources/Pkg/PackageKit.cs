using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Pkg;

/// <summary>
/// PackageKit over the system's bus. Each question and each change is a transaction, an object of its own that does one thing and is gone; it is
/// listened to before it begins, as its answer may be there before the call's.
/// </summary>
internal sealed class PackageKit(IBusConnection bus, PackageSignals signals)
{
    internal const string Service = "org.freedesktop.PackageKit", Root = "/org/freedesktop/PackageKit", Transaction = Service + ".Transaction";

    // Bits of PkFilterEnum and PkTransactionFlagEnum (pk-enum.h).
    internal const ulong NoFilter = 1UL << 1, OnlyInstalled = 1UL << 2, OnlyFree = 1UL << 8, OnlySupported = 1UL << 12, OnlyNewest = 1UL << 16, OnlyNative = 1UL << 18;
    internal const ulong NoFlag = 1, OnlyTrusted = 1UL << 1, Simulate = 1UL << 2, AllowDowngrade = 1UL << 6;

    private static readonly TimeSpan QuestionPatience = TimeSpan.FromMinutes(5), ChangePatience = TimeSpan.FromHours(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500), LongestPause = TimeSpan.FromSeconds(10);
    private static readonly string[] Hints = ["interactive=false", "background=false", "locale=C", "supports-plural-signals=true"];

    /// <summary>Its events.</summary>
    internal PackageSignals Signals => signals;

    /// <summary>Makes sure that it is there, starting it where the bus can.</summary>
    /// <exception cref="BusException">It, or the bus, is not there.</exception>
    internal async Task ReachAsync(CancellationToken cancel)
    {
        await signals.OpenAsync(cancel);
        await bus.CallAsync(new BusCall(Service, Root, "org.freedesktop.DBus.Peer", "Ping"), cancel);
    }

    /// <summary>Waits until it is there again. Nothing tells of that while the bus is away or nobody has PackageKit installed, so it is tried.</summary>
    internal async Task ReturnAsync(TimeProvider time, CancellationToken cancel)
    {
        for (var pause = FirstPause; ; pause = pause + pause < LongestPause ? pause + pause : LongestPause)
        {
            await Task.Delay(pause, time, cancel);
            try
            {
                await ReachAsync(cancel);
                return;
            }
            catch (BusException away) when (away.IsAway)
            {
                // The next try.
            }
        }
    }

    /// <summary>Asks which versions there are of packages: names, or ids.</summary>
    /// <exception cref="PackageKitException">PackageKit refused.</exception>
    /// <exception cref="BusException">It, or the bus, is not there.</exception>
    internal async Task<IReadOnlyList<PackageLine>> ResolveAsync(ulong filter, IEnumerable<string> packages, CancellationToken cancel)
    {
        try
        {
            return (await RunAsync(QuestionPatience, new("Resolve", "tas", filter, packages.ToArray()), cancel)).Packages;
        }
        catch (PackageKitException missing) when (missing.Error == PackageError.PackageNotFound)
        {
            // Some backends say so where others say nothing.
            return [];
        }
    }

    /// <summary>Asks for which installed packages there is another version now.</summary>
    internal async Task<IReadOnlyList<PackageLine>> UpdatesAsync(CancellationToken cancel) =>
        (await RunAsync(QuestionPatience, new("GetUpdates", "t", NoFilter), cancel)).Packages;

    internal Task InstallAsync(ulong flags, IEnumerable<PackageId> packages, CancellationToken cancel) =>
        RunAsync(ChangePatience, new("InstallPackages", "tas", flags, Texts(packages)), cancel);

    internal Task UpdateAsync(ulong flags, IEnumerable<PackageId> packages, CancellationToken cancel) =>
        RunAsync(ChangePatience, new("UpdatePackages", "tas", flags, Texts(packages)), cancel);

    /// <summary>Removes packages, or says what would be removed when the flags say so. Dependencies that nothing needs any more stay.</summary>
    internal async Task<IReadOnlyList<PackageLine>> RemoveAsync(ulong flags, IEnumerable<PackageId> packages, CancellationToken cancel) =>
        (await RunAsync(ChangePatience, new("RemovePackages", "tasbb", flags, Texts(packages), false, false), cancel)).Packages;

    /// <summary>Asks for the files of packages; not every backend knows those of packages that are not installed.</summary>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> FilesAsync(IEnumerable<PackageId> packages, CancellationToken cancel) =>
        (await RunAsync(QuestionPatience, new("GetFiles", "as", (object)Texts(packages)), cancel)).Files;

    /// <summary>Downloads packages into the package tool's own cache, and says where each is.</summary>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> DownloadAsync(IEnumerable<PackageId> packages, CancellationToken cancel) =>
        (await RunAsync(QuestionPatience, new("DownloadPackages", "bas", true, Texts(packages)), cancel)).Files;

    /// <summary>Asks for what is in files of packages.</summary>
    internal async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> FilesInAsync(IEnumerable<string> files, CancellationToken cancel) =>
        (await RunAsync(QuestionPatience, new("GetFilesLocal", "as", (object)files.ToArray()), cancel)).Files;

    private async Task<PackageAnswer> RunAsync(TimeSpan patience, PackageRole role, CancellationToken cancel)
    {
        await signals.OpenAsync(cancel);
        var path = (await bus.CallAsync(new BusCall(Service, Root, Service, "CreateTransaction"), cancel)).Text(0);
        var transaction = new PackageTransaction();
        using var kept = signals.Keep(transaction);
        using var ear = await bus.ListenAsync($"type='signal',sender='{Service}',interface='{Transaction}',path='{path}'", transaction, cancel);
        await bus.CallAsync(new BusCall(Service, path, Transaction, "SetHints", "as", (object)Hints), cancel);
        await bus.CallAsync(new BusCall(Service, path, Transaction, role.Name, role.Signature, role.Arguments), cancel);
        try
        {
            return await transaction.End.WaitAsync(patience, cancel);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            await GiveUpAsync(path);
            if (error is TimeoutException) throw new PackageKitException(PackageError.Unknown, $"PackageKit did not finish {role.Name} within {patience.TotalMinutes} min");
            throw;
        }
    }

    // What is installing by now goes on to its end; PackageKit knows when it is too late.
    private async Task GiveUpAsync(string path)
    {
        try
        {
            await bus.CallAsync(new BusCall(Service, path, Transaction, "Cancel") { Timeout = TimeSpan.FromSeconds(2) }, CancellationToken.None);
        }
        catch (BusException)
        {
            // Gone, or beyond the point of return.
        }
    }

    private static string[] Texts(IEnumerable<PackageId> packages) => [.. packages.Select(static id => id.Text)];
}

/// <summary>What one transaction is for.</summary>
internal sealed record PackageRole(string Name, string Signature, params object[] Arguments);
