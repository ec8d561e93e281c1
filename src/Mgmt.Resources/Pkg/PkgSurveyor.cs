using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Bus;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Pkg;

/// <summary>Asks for the contents of all packages of a graph at once, and knows when the answer would be another.</summary>
internal sealed class PkgSurveyor(PackageHost host, PackageContents contents) : IPackageListener
{
    private readonly Lock _gate = new();
    private Dictionary<PackageName, PackageId?> _used = [];
    private Task _waiting = Task.CompletedTask;
    private bool _isListening;

    /// <summary>Raised when the next survey may have another answer.</summary>
    internal event Action? Outdated;

    /// <summary>Where to keep what was learned; null for nowhere.</summary>
    internal PackageCache? Cache { get; set; }

    /// <summary>Asks. Packages that shall not be there bring nothing.</summary>
    internal async ValueTask<Survey> SurveyAsync(IReadOnlyList<(Address Address, PkgWish Wish)> own, CancellationToken cancel)
    {
        var wanted = own.Where(static one => one.Wish.State != PkgFields.Uninstalled).ToList();
        if (wanted.Count == 0) return Survey.Empty;
        Listen();
        PackageContentsAnswer answer;
        try
        {
            answer = await contents.FindAsync([.. wanted.Select(static one => one.Wish.Package)], Cache, cancel);
        }
        catch (Exception error) when (error is FileException or ObjectDisposedException)
        {
            return Survey.Empty with { Missing = error.Message };
        }

        Remember(wanted.Select(static one => one.Wish.Package), answer);
        var ties = new Dictionary<Address, Ties>();
        var made = new Dictionary<PackageName, Ties>();
        foreach (var (address, wish) in wanted)
        {
            if (!answer.Known.TryGetValue(wish.Package, out var found)) continue;
            if (!made.TryGetValue(wish.Package, out var its)) made.Add(wish.Package, its = PkgTies.Of(found.Paths));
            ties[address] = its;
        }

        var bonds = answer.Known.Values.DistinctBy(static one => one.Id).Select(static one => PkgTies.Between(one.Paths)).OfType<Bond>();
        return new Survey(ties, answer.Missing) { Bonds = [.. bonds] };
    }

    public void DatabaseChanged()
    {
        try
        {
            if (!host.HasDpkg) return;
            var status = host.Dpkg.Read();
            lock (_gate)
            {
                if (!_used.Any(one => IsOther(status.Find(one.Key), one.Value))) return;
            }
        }
        catch (FileException)
        {
            return; // the next change of it comes
        }

        Outdated?.Invoke();
    }

    public void OfferChanged()
    {
        lock (_gate)
        {
            if (!_used.Any(static one => one.Value is null)) return;
        }

        Outdated?.Invoke();
    }

    public void Lost(string error)
    {
        // The watches of the packages tell of it; the next survey listens again.
        lock (_gate) _isListening = false;
    }

    // One that was removed is about to come back as it was.
    private static bool IsOther(InstalledPackage now, PackageId? used) => now.IsInstalled && now.Version != used?.Version;

    private void Listen()
    {
        lock (_gate)
        {
            if (_isListening) return;
            _isListening = true;
        }

        try
        {
            host.Events.Add(this);
        }
        catch (FileException error)
        {
            Lost(error.Message);
        }
    }

    private void Remember(IEnumerable<PackageName> packages, PackageContentsAnswer answer)
    {
        lock (_gate)
        {
            _used = packages.Distinct().ToDictionary(static one => one, one => answer.Known.TryGetValue(one, out var found) ? found.Id : (PackageId?)null);
            if (answer.NeedsPackageKit && _waiting.IsCompleted) _waiting = WaitAsync();
        }
    }

    private async Task WaitAsync()
    {
        try
        {
            await host.PackageKit.ReturnAsync(host.Time, CancellationToken.None);
            Outdated?.Invoke();
        }
        catch (ObjectDisposedException)
        {
            // The agent is at its end.
        }
        catch (BusException)
        {
            // The bus was closed for good, or forbids it: there is nothing to come back to.
        }
    }
}
