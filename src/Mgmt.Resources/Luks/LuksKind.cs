using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Inotify;
using Mgmt.Linux.Processes;
using Mgmt.Resources.Mount;

namespace Mgmt.Resources.Luks;

/// <summary>Encrypted disks, whose passphrases this host does not have. Making the kind opens nothing.</summary>
public sealed class LuksKind : Kind
{
    private static readonly string[] Programs = ["/usr/sbin/cryptsetup", "/sbin/cryptsetup"];

    private readonly LuksServices _services;

    /// <summary>Takes what all disks share; it belongs to the caller, who disposes it after the last resource.</summary>
    /// <param name="watcher">Watches devices and mappings.</param>
    /// <param name="spawner">Starts cryptsetup(8).</param>
    /// <param name="time">Measures the rest after a failure.</param>
    public LuksKind(PathWatcher watcher, Spawner spawner, TimeProvider time)
        : this(watcher, spawner, time, new LuksPlaces())
    {
    }

    /// <summary>As the public one, for a host whose devices are elsewhere.</summary>
    internal LuksKind(PathWatcher watcher, Spawner spawner, TimeProvider time, LuksPlaces places) => _services = new(watcher, spawner, time, places, new LuksDesk(time));

    /// <summary>Where people unlock and lock.</summary>
    public LuksDesk Desk => _services.Desk;

    /// <inheritdoc/>
    public override string Name => "luks";

    /// <inheritdoc/>
    public override string Summary => "An encrypted disk (LUKS): open at /dev/mapper/NAME, or closed. Its passphrase is never kept: mgmt unlock asks for it.";

    /// <inheritdoc/>
    public override bool NameIsTheThing => true;

    /// <inheritdoc/>
    public override FieldSet Fields => LuksFields.All;

    /// <inheritdoc/>
    public override IEnumerable<FieldProblem> Check(string name, FieldValues values)
    {
        if (LuksFields.CheckName(name) is { } wrong) yield return new FieldProblem(null, $"cannot use the name \"{name}\" for a mapping: {wrong}");
        if (!values.Has(LuksFields.Device)) yield return new FieldProblem(null, "cannot do without device: write the encrypted device");
    }

    /// <inheritdoc/>
    public override string? Claim(ResourceSpec spec) => _services.Places.MappingOf(LuksWish.From(spec.Address.Name, spec.Values));

    /// <summary>An open disk comes before what is mounted from it; one that is to be closed comes after what is to be unmounted. Both come after cryptsetup's package.</summary>
    public override Ties Tie(ResourceSpec spec)
    {
        var wish = LuksWish.From(spec.Address.Name, spec.Values);
        var mapping = _services.Places.MappingOf(wish);
        EdgeWish program = new(Programs.Select(Identity.Program));
        if (!wish.IsOpen) return new([], [new([MountTies.Released(mapping)]), program]);
        var device = LuksWish.UuidOf(wish.Device) is { } uuid ? $"UUID={uuid}" : wish.Device;
        return new([MountTies.Device(mapping)], [.. MountTies.OfDevice(device), .. MountTies.OfDevice(wish.KeyFile), program]);
    }

    /// <inheritdoc/>
    public override IResource Create(ResourceSpec spec) => new LuksResource(LuksWish.From(spec.Address.Name, spec.Values), _services);
}

/// <summary>What all encrypted disks share.</summary>
internal sealed record LuksServices(PathWatcher Watcher, Spawner Spawner, TimeProvider Time, LuksPlaces Places, LuksDesk Desk);
