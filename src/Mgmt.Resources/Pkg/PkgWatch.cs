using Mgmt.Engine.Kinds;
using Mgmt.Linux.Bus;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Pkg;

/// <summary>
/// The watch of one package, between the events of all and the runner. It passes on what concerns its own package. After a change that failed it rests.
/// </summary>
internal sealed class PkgWatch : IPackageListener, IAsyncDisposable
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(2), LongestRest = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly PackageHost _host;
    private readonly PkgWish _wish;
    private readonly IWatchSink _sink;
    private readonly FailureRest _rest;
    private readonly CancellationTokenSource _stop = new();
    private InstalledPackage? _seen;
    private bool _needsOffer;
    private Task _waiting = Task.CompletedTask;

    private PkgWatch(PackageHost host, PkgWish wish, IWatchSink sink)
    {
        (_host, _wish, _sink) = (host, wish, sink);
        _rest = new FailureRest(FirstRest, LongestRest, host.Time, () => sink.Changed());
    }

    /// <summary>Begins to tell the sink.</summary>
    /// <exception cref="FileException">The package database cannot be watched.</exception>
    internal static PkgWatch Open(PackageHost host, PkgWish wish, IWatchSink sink)
    {
        var watch = new PkgWatch(host, wish, sink);
        try
        {
            host.Events.Add(watch);
            return watch;
        }
        catch
        {
            watch._rest.Dispose();
            watch._stop.Dispose();
            throw;
        }
    }

    /// <summary>A check ended, and this is what it saw last: what differs from it is news. Only one that is not in order can be helped by other offers.</summary>
    internal void Note(InstalledPackage facts, bool isInOrder)
    {
        lock (_gate) (_seen, _needsOffer) = (facts, !isInOrder);
        DatabaseChanged(); // it may have changed since
    }

    /// <summary>Tells nothing for a while, longer after each failure, and then has it checked.</summary>
    internal void Rest() => _rest.Begin();

    /// <summary>The last failure is over.</summary>
    internal void Recover() => _rest.End();

    /// <summary>Has it checked when PackageKit can be reached again.</summary>
    internal void WaitForPackageKit()
    {
        lock (_gate)
        {
            if (_waiting.IsCompleted && !_stop.IsCancellationRequested) _waiting = WaitAsync();
        }
    }

    public void DatabaseChanged()
    {
        lock (_gate)
        {
            if (_rest.IsOn || (_seen is not null && IsUnchanged(_seen))) return;
        }

        _sink.Changed();
    }

    public void OfferChanged()
    {
        lock (_gate)
        {
            if (_rest.IsOn || !(_needsOffer || _wish.State == PkgFields.Newest)) return;
        }

        _sink.Changed();
    }

    public void Lost(string error) => _sink.Ended(error);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _host.Events.Remove(this);
        await _stop.CancelAsync();
        await _waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _rest.DisposeAsync();
        _stop.Dispose();
    }

    private bool IsUnchanged(InstalledPackage seen)
    {
        try
        {
            return _host.HasDpkg && _host.Dpkg.Read().Find(_wish.Package) == seen;
        }
        catch (FileException)
        {
            // The check will say so.
            return false;
        }
    }

    private async Task WaitAsync()
    {
        try
        {
            await _host.PackageKit.ReturnAsync(_host.Time, _stop.Token);
        }
        catch (BusException)
        {
            // It is there, and may refuse the check too.
        }

        _sink.Changed();
    }
}
