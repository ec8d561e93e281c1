using Mgmt.Linux.Bus;

namespace Mgmt.Resources.Pkg;

/// <summary>
/// Hears of PackageKit's own life and news: that it went away amid a transaction, and that the repositories offer other packages than before. Two
/// matches serve all; they are installed with the first who needs PackageKit, and outlive the connection.
/// </summary>
internal sealed class PackageSignals(IBusConnection bus)
{
    private const string Owner = $"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{PackageKit.Service}'";
    private const string News = $"type='signal',sender='{PackageKit.Service}',interface='{PackageKit.Service}',path='{PackageKit.Root}'";

    private readonly Lock _gate = new();
    private readonly HashSet<PackageTransaction> _transactions = [];
    private readonly List<IDisposable> _ears = [];
    private Task? _opening;
    private volatile string _lost = "";

    /// <summary>Raised when other versions may be offered than before, or when that may have been missed.</summary>
    internal event Action? Offered;

    /// <summary>Begins to hear, if that has not been done.</summary>
    /// <exception cref="BusException">The bus is not there.</exception>
    internal async Task OpenAsync(CancellationToken cancel)
    {
        Task opening;
        lock (_gate)
        {
            if (_opening is null or { IsFaulted: true } or { IsCanceled: true }) _opening = OpenAsync();
            opening = _opening;
        }

        await opening.WaitAsync(cancel);
        if (_lost is { Length: > 0 } error) throw new BusException(error);
    }

    /// <summary>Tells a transaction when nobody is there any more who could end it. Disposing the answer ends that.</summary>
    internal IDisposable Keep(PackageTransaction transaction)
    {
        lock (_gate) _transactions.Add(transaction);
        return new Kept(this, transaction);
    }

    private async Task OpenAsync()
    {
        await Task.Yield(); // the caller holds the gate
        Close();
        try
        {
            _ears.Add(await bus.ListenAsync(Owner, new Ear(OnOwner, OnLost, OnBack), CancellationToken.None));
            _ears.Add(await bus.ListenAsync(News, new Ear(OnNews, static _ => { }, static () => { }), CancellationToken.None));
            _lost = "";
        }
        catch
        {
            Close();
            throw;
        }
    }

    private void Close()
    {
        foreach (var ear in _ears) ear.Dispose();
        _ears.Clear();
    }

    // It ends when it is idle, which concerns nobody; amid a transaction it was killed.
    private void OnOwner(BusSignal signal)
    {
        if (signal.Body.Text(1).Length == 0) return;
        var error = new BusException("PackageKit went away amid a transaction", "org.freedesktop.DBus.Error.NoReply");
        foreach (var transaction in Transactions()) transaction.Away(error);
    }

    private void OnNews(BusSignal signal)
    {
        if (signal.Member is "UpdatesChanged" or "RepoListChanged") Offered?.Invoke();
    }

    private void OnLost(string error)
    {
        _lost = error;
        foreach (var transaction in Transactions()) transaction.Away(new BusException(error));
    }

    private void OnBack()
    {
        _lost = "";
        Offered?.Invoke();
    }

    private PackageTransaction[] Transactions()
    {
        lock (_gate) return [.. _transactions];
    }

    private void Forget(PackageTransaction transaction)
    {
        lock (_gate) _transactions.Remove(transaction);
    }

    private sealed class Kept(PackageSignals owner, PackageTransaction transaction) : IDisposable
    {
        public void Dispose() => owner.Forget(transaction);
    }

    private sealed class Ear(Action<BusSignal> heard, Action<string> lost, Action back) : IBusListener
    {
        public void Heard(BusSignal signal) => heard(signal);

        public void Lost(string error) => lost(error);

        public void Back() => back();
    }
}
