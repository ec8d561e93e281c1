using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Bus;
using Mgmt.Linux.Inotify;

namespace Mgmt.Resources.Svc;

/// <summary>Units of systemd: whether they run, and whether they start with the host. Making the kind opens nothing.</summary>
public sealed partial class SvcKind : Kind, IEventSource
{
    private readonly Systemd _ofHost, _ofUser;
    private readonly IUnitPackages? _packages;

    /// <summary>Takes what all units share; it belongs to the caller, who disposes it after the last resource.</summary>
    /// <param name="system">The bus of the host.</param>
    /// <param name="user">The bus of the user that this process runs as.</param>
    /// <param name="watcher">Watches the directories of unit files.</param>
    /// <param name="time">Measures how long a unit may take.</param>
    /// <param name="packages">Knows what came with the units.</param>
    public SvcKind(IBusConnection system, IBusConnection user, PathWatcher watcher, TimeProvider time, IUnitPackages packages)
        : this(system, user, watcher, time, packages, "")
    {
    }

    /// <summary>As the public one, for a host whose files are seen below a prefix.</summary>
    internal SvcKind(IBusConnection system, IBusConnection user, PathWatcher watcher, TimeProvider time, IUnitPackages? packages, string prefix)
    {
        _packages = packages;
        (_ofHost, _ofUser) = (On(system, watcher, time, prefix), On(user, watcher, time, prefix));
        (_surveyOfHost, _surveyOfUser) = (new SvcSurvey(_ofHost, OnOutdated), new SvcSurvey(_ofUser, OnOutdated));
    }

    /// <inheritdoc/>
    public override string Name => "svc";

    /// <inheritdoc/>
    public override string Summary => "A unit of systemd: whether it runs now, and whether it starts with the host.";

    /// <inheritdoc/>
    public override bool NameIsTheThing => true;

    /// <inheritdoc/>
    public override FieldSet Fields => SvcFields.All;

    /// <inheritdoc/>
    public override IEnumerable<FieldProblem> Check(string name, FieldValues values)
    {
        if (UnitName.Check(name) is { } wrong) yield return new FieldProblem(null, $"cannot use the name \"{name}\" for a unit: {wrong}");
    }

    /// <inheritdoc/>
    public override string? Claim(ResourceSpec spec) => UnitName.Complete(spec.Address.Name) + (IsOfUser(spec) ? " of the user" : "");

    /// <inheritdoc/>
    public override IResource Create(ResourceSpec spec)
    {
        var side = IsOfUser(spec) ? _ofUser : _ofHost;
        return new SvcResource(SvcWish.From(spec.Address.Name, spec.Values), side);
    }

    /// <inheritdoc/>
    public async ValueTask DrainAsync(CancellationToken cancel)
    {
        await _ofHost.DrainAsync(cancel);
        await _ofUser.DrainAsync(cancel);
    }

    private static bool IsOfUser(ResourceSpec spec) => spec.Values.Get(SvcFields.Session);

    private static Systemd On(IBusConnection bus, PathWatcher watcher, TimeProvider time, string prefix)
    {
        var signals = new UnitSignals(bus, time);
        return new Systemd(bus, signals, new UnitFolders(bus, watcher, signals, prefix), time);
    }
}
