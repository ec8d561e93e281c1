using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;

namespace Mgmt.Resources.Pkg;

/// <summary>Who wants to hear of packages.</summary>
internal interface IPackageListener
{
    /// <summary>The package database changed.</summary>
    void DatabaseChanged();

    /// <summary>The repositories may offer other versions than before.</summary>
    void OfferChanged();

    /// <summary>Nothing is heard of the database any more.</summary>
    /// <param name="error">A sentence that begins with "cannot".</param>
    void Lost(string error);
}

/// <summary>
/// One watch for all packages: whichever tool changes them, the file of the package database is replaced or written in the end. It is looked at away from the
/// thread that saw it, which serves all files and must not read a database; what happens meanwhile is one more look.
/// </summary>
internal sealed class PackageEvents : IPathListener
{
    // Of rpm's databases only the file that changes with the packages: readers write to those beside it.
    private static readonly string[] RpmFiles =
        ["rpmdb.sqlite", "Packages.db", "Packages"];

    private readonly PackageHost _host;
    private readonly FilePath[] _files;
    private readonly Lock _gate = new();
    private readonly HashSet<IPackageListener> _listeners = [];
    private readonly List<PathWatch> _watches = [];
    private (FileIdentity, long, long)[] _keys = [];
    private Task _telling = Task.CompletedTask;
    private bool _isDue;

    internal PackageEvents(PackageHost host, string prefix)
    {
        _host = host;
        _files = [new(prefix + "/var/lib/dpkg/status"), .. RpmFiles.SelectMany(name => new FilePath[] { new($"{prefix}/usr/lib/sysimage/rpm/{name}"), new($"{prefix}/var/lib/rpm/{name}") })];
        host.PackageKit.Signals.Offered += () => TellAll(static one => one.OfferChanged());
    }

    /// <summary>Begins to tell a listener.</summary>
    /// <exception cref="FileException">The database cannot be watched.</exception>
    internal void Add(IPackageListener listener)
    {
        lock (_gate)
        {
            _listeners.Add(listener);
            try
            {
                if (_watches.Count == 0) Open();
            }
            catch
            {
                _listeners.Remove(listener);
                Close();
                throw;
            }
        }
    }

    internal void Remove(IPackageListener listener)
    {
        lock (_gate)
        {
            if (_listeners.Remove(listener) && _listeners.Count == 0) Close();
        }
    }

    /// <summary>Completes when what was seen so far has been told.</summary>
    internal Task DrainAsync(CancellationToken cancel)
    {
        lock (_gate) return _telling.WaitAsync(cancel);
    }

    public void Changed(bool mayRunHere)
    {
        lock (_gate)
        {
            if (_isDue) return;
            _isDue = true;
            _telling = TellAfterAsync(_telling);
        }
    }

    public void Ended(string error)
    {
        lock (_gate) Close();
        TellAll(one => one.Lost(error));
    }

    private async Task TellAfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        lock (_gate)
        {
            _isDue = false;
            if (!IsOther()) return;
        }

        TellAll(static one => one.DatabaseChanged());
    }

    private bool IsOther()
    {
        try
        {
            var keys = Keys();
            if (keys.AsSpan().SequenceEqual(_keys)) return false;
            _keys = keys;
        }
        catch (FileException)
        {
            // Whoever reads it will say so.
        }

        return true;
    }

    private void Open()
    {
        _keys = Keys();
        foreach (var file in _files)
        {
            // The directories of the other family are not there, and need not be watched for.
            if (Directory.Exists(file.Folder)) _watches.Add(_host.Watcher.Watch(file, this, PathEvents.CompletedWrites));
        }

        if (_watches.Count == 0) throw new FileException("cannot watch the package database: neither /var/lib/dpkg nor a directory of rpm is there");
    }

    private void Close()
    {
        foreach (var watch in _watches) watch.Dispose();
        _watches.Clear();
    }

    private (FileIdentity, long, long)[] Keys() => [.. _files.Select(static file => FileStatus.Look(file.Full, follow: true) is { } seen ? (seen.Identity, seen.Modified, seen.Size) : default)];

    private void TellAll(Action<IPackageListener> tell)
    {
        IPackageListener[] all;
        lock (_gate) all = [.. _listeners];
        foreach (var one in all) tell(one);
    }
}
