using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Bus;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;
using Mgmt.Linux.Processes;
using Mgmt.Resources.Svc;

namespace Mgmt.Resources.Pkg;

/// <summary>Packages of the distribution: whether they are installed, and in which version. Making the kind opens nothing.</summary>
public sealed class PkgKind : Kind, IEventSource, ISurveyor
{
    private readonly PackageHost _host;

    /// <summary>Takes what all packages share; it belongs to the caller, who disposes it after the last resource.</summary>
    /// <param name="system">The bus of the host.</param>
    /// <param name="watcher">Watches the package database.</param>
    /// <param name="spawner">Starts dpkg where a run of it was interrupted.</param>
    /// <param name="time">Measures how long things take.</param>
    public PkgKind(IBusConnection system, PathWatcher watcher, Spawner spawner, TimeProvider time)
        : this(system, watcher, spawner, time, PackagePlace.Here)
    {
    }

    /// <summary>As the public one, for a host whose files and programs are elsewhere.</summary>
    internal PkgKind(IBusConnection system, PathWatcher watcher, Spawner spawner, TimeProvider time, PackagePlace place)
    {
        _host = new PackageHost(new PackageKit(system, new PackageSignals(system)), watcher, spawner, time, place);
        UnitPackages = new UnitPackages(_host);
        _host.Surveyor.Outdated += () => Outdated?.Invoke(this, EventArgs.Empty);
    }

    /// <inheritdoc/>
    public event EventHandler? Outdated;

    /// <summary>The packages that units came with.</summary>
    public IUnitPackages UnitPackages { get; }

    /// <summary>What all packages share.</summary>
    internal PackageHost Host => _host;

    /// <inheritdoc/>
    public override string Name => "pkg";

    /// <inheritdoc/>
    public override string Summary => "A package of the distribution: whether it is installed, and in which version.";

    /// <inheritdoc/>
    public override bool NameIsTheThing => true;

    /// <inheritdoc/>
    public override FieldSet Fields => PkgFields.All;

    /// <inheritdoc/>
    public override IEnumerable<FieldProblem> Check(string name, FieldValues values)
    {
        if (PackageName.Check(name) is { } wrong) yield return new FieldProblem(null, $"cannot use the name \"{name}\" for a package: {wrong}");
    }

    /// <inheritdoc/>
    public override bool CanGroup(ResourceSpec one, ResourceSpec other) => PkgDecision.CanGroup(WishOf(one), WishOf(other));

    /// <inheritdoc/>
    public override IResource Create(ResourceSpec spec) => new PkgResource(WishOf(spec), _host);

    /// <summary>Keeps what is learned of packages' contents in a directory, which is made with the first of them. Without it, each run learns it anew.</summary>
    /// <param name="folder">Its absolute path.</param>
    /// <param name="writer">Writes the files; it belongs to the caller.</param>
    public void KeepContents(string folder, FileWriter writer) => _host.Surveyor.Cache = new PackageCache(folder, writer);

    /// <inheritdoc/>
    public ValueTask<Survey> SurveyAsync(IReadOnlyList<ResourceSpec> own, CancellationToken cancel) =>
        _host.Surveyor.SurveyAsync([.. own.Select(static spec => (spec.Address, WishOf(spec)))], cancel);

    /// <inheritdoc/>
    public bool TiesOthersOnly => true;

    /// <inheritdoc/>
    public async ValueTask DrainAsync(CancellationToken cancel)
    {
        await _host.Watcher.DrainAsync(cancel);
        await _host.Events.DrainAsync(cancel);
    }

    private static PkgWish WishOf(ResourceSpec spec) => PkgWish.From(spec.Address.Name, spec.Values);
}
