using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Inotify;
using Mgmt.Linux.Processes;

namespace Mgmt.Resources.Mount;

/// <summary>File systems that are mounted, or are not. Making the kind opens nothing.</summary>
public sealed class MountKind : Kind, IEventSource
{
    private readonly MountServices _services;

    /// <summary>Takes what all mounts share; it belongs to the caller, who disposes it after the last resource.</summary>
    /// <param name="watcher">Watches the table of mounts, and devices that are to come.</param>
    /// <param name="spawner">Starts mount(8) and umount(8), which know what options mean, and helpers.</param>
    /// <param name="time">Measures the rest after a failure.</param>
    public MountKind(PathWatcher watcher, Spawner spawner, TimeProvider time) => _services = new(watcher, spawner, time, new MountBoard(watcher), new MadeFolders());

    /// <inheritdoc/>
    public override string Name => "mount";

    /// <inheritdoc/>
    public override string Summary => "A file system: whether it is mounted, with which options; its directory is made, and removed again.";

    /// <inheritdoc/>
    public override FieldSet Fields => MountFields.All;

    /// <inheritdoc/>
    public override IEnumerable<FieldProblem> Check(string name, FieldValues values)
    {
        if (!values.Has(MountFields.Path) && MountFields.CheckPath(name) is { } wrong) yield return new FieldProblem(null, $"cannot use the name \"{name}\" as the path: {wrong}; write path");
        if (!values.Has(MountFields.Device) && values.Get(MountFields.State) == MountFields.Mounted) yield return new FieldProblem(null, "cannot do without device: write what is to be mounted");
    }

    /// <inheritdoc/>
    public override string? Claim(ResourceSpec spec) => MountWish.PathOf(spec.Address.Name, spec.Values);

    /// <summary>A mount comes after its device and after what it lies in, and files below its path come after it. When it is undone, the order is the reverse.</summary>
    public override Ties Tie(ResourceSpec spec) => MountTies.Of(MountWish.From(spec.Address.Name, spec.Values));

    /// <inheritdoc/>
    public override IResource Create(ResourceSpec spec) => new MountResource(MountWish.From(spec.Address.Name, spec.Values), _services);

    /// <summary>Remembers in a directory which directories were made to mount at.</summary>
    public void KeepState(string folder) => _services.Made.KeepIn(folder);

    /// <inheritdoc/>
    public ValueTask DrainAsync(CancellationToken cancel) => _services.Watcher.DrainAsync(cancel);
}

/// <summary>What all mounts share.</summary>
internal sealed record MountServices(PathWatcher Watcher, Spawner Spawner, TimeProvider Time, MountBoard Board, MadeFolders Made);
