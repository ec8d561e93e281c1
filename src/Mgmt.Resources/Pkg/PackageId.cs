namespace Mgmt.Resources.Pkg;

/// <summary>One version of a package as PackageKit names it: <c>name;version;architecture;source</c>.</summary>
/// <param name="Name">The package.</param>
/// <param name="Version">Its version.</param>
/// <param name="Architecture">Its architecture; empty where there is no such thing.</param>
/// <param name="Source">Where it comes from, in the backend's words.</param>
internal readonly record struct PackageId(string Name, string Version, string Architecture, string Source)
{
    /// <summary>As PackageKit wants it.</summary>
    internal string Text => $"{Name};{Version};{Architecture};{Source}";

    /// <summary>As people read it.</summary>
    internal string Words => $"{Name} {Version}";

    internal static PackageId? Parse(string text)
    {
        var parts = text.Split(';', 5);
        return parts.Length == 4 && parts[0].Length > 0 ? new PackageId(parts[0], parts[1], parts[2], parts[3]) : null;
    }
}

/// <summary>What PackageKit says about one version of a package. The numbers are PackageKit's own (pk-enum.h, PkInfoEnum).</summary>
internal enum PackageInfo
{
    Unknown = 0,
    Installed = 1,
    Available = 2,
    FirstUpdate = 3,
    LastUpdate = 8,
    Blocked = 9,
    Removing = 13,
    Obsoleting = 15,
    CriticalUpdate = 26,
}

/// <summary>One line of PackageKit's answer.</summary>
/// <param name="Info">What it says about the package.</param>
/// <param name="Id">The package.</param>
/// <param name="IsUpdate">Whether an installed one can be updated to it now.</param>
internal readonly record struct PackageLine(PackageInfo Info, PackageId Id, bool IsUpdate)
{
    /// <summary>Since 1.2.4 the upper half of the number says how urgent an update is; before, that stood in place of the lower.</summary>
    internal static PackageLine From(uint number, PackageId id)
    {
        var (info, urgency) = ((PackageInfo)(number & 0xffff), (PackageInfo)(number >> 16));
        return new(info, id, IsUrgency(info) || (IsUrgency(urgency) && info is (PackageInfo.Available or PackageInfo.Unknown)));
    }

    private static bool IsUrgency(PackageInfo info) => info is (>= PackageInfo.FirstUpdate and <= PackageInfo.LastUpdate) or PackageInfo.CriticalUpdate;
}
