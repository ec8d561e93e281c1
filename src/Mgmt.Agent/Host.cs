using Mgmt.Engine.Kinds;
using Mgmt.Linux.Bus;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;
using Mgmt.Linux.Processes;
using Mgmt.Resources.Exec;
using Mgmt.Resources.File;
using Mgmt.Resources.Luks;
using Mgmt.Resources.Mount;
using Mgmt.Resources.Noop;
using Mgmt.Resources.Pkg;
using Mgmt.Resources.Svc;
using Mgmt.Resources.Timer;

namespace Mgmt.Agent;

/// <summary>All that touches this host, and the kinds made of it. Making it opens nothing: descriptors and threads come with the first use.</summary>
public sealed class Host : IAsyncDisposable
{
    private readonly FileWriter _writer = new();
    private readonly BusConnection _systemBus;
    private readonly BusConnection _userBus;
    private readonly SvcKind _services;
    private readonly PkgKind _packages;
    private readonly MountKind _mounts;
    private readonly LuksKind _disks;

    /// <summary>Puts the kinds together.</summary>
    /// <param name="time">Gives monotonic time and timers.</param>
    /// <param name="warn">Hears of what went wrong outside of any resource.</param>
    /// <param name="watcher">By what files are watched.</param>
    public Host(TimeProvider time, Action<string>? warn = null, WatcherChoice watcher = WatcherChoice.Auto)
    {
        var watching = new WatcherOptions { Choice = watcher, Note = note => warn?.Invoke(note) };
        Watcher = new PathWatcher(error => warn?.Invoke($"cannot hand on an event of a watched path: {error.Message}"), watching, time);
        Files = new FileKind(Watcher, _writer);
        _systemBus = new BusConnection(BusAddress.System, NoteBus);
        _userBus = new BusConnection(BusAddress.User, NoteBus);
        _packages = new PkgKind(_systemBus, Watcher, Spawner, time);
        _services = new SvcKind(_systemBus, _userBus, Watcher, time, _packages.UnitPackages);
        _mounts = new MountKind(Watcher, Spawner, time);
        _disks = new LuksKind(Watcher, Spawner, time);
        Kinds = [new NoopKind(), Files, new ExecKind(Spawner, time), _packages, _services, new TimerKind(time), _mounts, _disks];

        void NoteBus(Exception error) => warn?.Invoke($"cannot hand on a signal of a bus: {error.Message}");
    }

    /// <summary>Every kind that a graph may use.</summary>
    public IReadOnlyList<Kind> Kinds { get; }

    /// <summary>What is to be drained before convergence is declared.</summary>
    public IReadOnlyList<IEventSource> Sources => [Files, _services, _packages];

    internal FileKind Files { get; }

    /// <summary>Where people unlock and lock encrypted disks.</summary>
    internal LuksDesk Disks => _disks.Desk;

    internal PathWatcher Watcher { get; }

    internal Spawner Spawner { get; } = new();

    /// <summary>Keeps in the state directory what is learned of the host and would be slow to learn again.</summary>
    internal void KeepState(string prefix)
    {
        _packages.KeepContents(Path.Combine(prefix, "packages"), _writer);
        _mounts.KeepState(Path.Combine(prefix, "mounts"));
    }

    /// <summary>Ends the children and the watches. The runner is disposed before.</summary>
    public async ValueTask DisposeAsync()
    {
        await Spawner.DisposeAsync();
        await _systemBus.DisposeAsync();
        await _userBus.DisposeAsync();
        await Watcher.DisposeAsync();
        _writer.Dispose();
    }
}
