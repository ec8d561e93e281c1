using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Luks;

/// <summary>What is wanted of one encrypted disk.</summary>
/// <param name="Name">That of the resource and of the mapping.</param>
/// <param name="Device">The encrypted device, as written.</param>
/// <param name="IsOpen">Whether it is to be open.</param>
/// <param name="KeyFile">Where its key is; empty where people have it.</param>
internal sealed record LuksWish(string Name, string Device, bool IsOpen, string KeyFile)
{
    private const string Tag = "UUID=";

    internal static LuksWish From(string name, FieldValues values) =>
        new(name, values.Get(LuksFields.Device), values.Get(LuksFields.State) == LuksFields.Open, values.Get(LuksFields.KeyFile));

    /// <summary>The UUID that a device is named by, in lower case; null when it is named otherwise.</summary>
    internal static string? UuidOf(string device) =>
        Guid.TryParseExact(device.StartsWith(Tag, StringComparison.Ordinal) ? device[Tag.Length..] : device, "D", out var uuid) ? uuid.ToString("D") : null;
}

/// <summary>Where encrypted disks and their mappings are found.</summary>
internal sealed record LuksPlaces
{
    /// <summary>Where the mappings are.</summary>
    internal string Mapper { get; init; } = "/dev/mapper";

    /// <summary>Where devices are by the UUIDs of what they hold.</summary>
    internal string ByUuid { get; init; } = "/dev/disk/by-uuid";

    /// <summary>Where the kernel tells of devices.</summary>
    internal string Sys { get; init; } = "/sys";

    /// <summary>cryptsetup(8).</summary>
    internal string Program { get; init; } = "cryptsetup";

    internal string MappingOf(LuksWish wish) => $"{Mapper}/{wish.Name}";

    internal string DeviceOf(LuksWish wish) => LuksWish.UuidOf(wish.Device) is { } uuid ? $"{ByUuid}/{uuid}" : wish.Device;
}
