using Mgmt.Linux.Files;
using Mgmt.Linux.Mounts;

namespace Mgmt.Resources.Mount;

/// <summary>Whether what is mounted is what was meant.</summary>
internal static class MountSource
{
    private static readonly (string Tag, string Folder)[] Tags =
    [
        ("UUID=", "/dev/disk/by-uuid/"), ("PARTUUID=", "/dev/disk/by-partuuid/"), ("LABEL=", "/dev/disk/by-label/"), ("PARTLABEL=", "/dev/disk/by-partlabel/"), ("ID=", "/dev/disk/by-id/"),
    ];

    /// <summary>The path by which a device is found; null when it is none of this host's: a server's directory, or a name that means nothing.</summary>
    internal static string? PathOf(string device)
    {
        if (device.StartsWith('/')) return device.StartsWith("//", StringComparison.Ordinal) ? null : device;
        foreach (var (tag, folder) in Tags)
        {
            if (device.StartsWith(tag, StringComparison.Ordinal)) return folder + device[tag.Length..].Trim('"');
        }

        return null;
    }

    /// <summary>Whether an entry is what a wish means; true also where that cannot be told.</summary>
    /// <exception cref="FileException">The device cannot be looked at.</exception>
    internal static bool IsMeant(MountWish wish, MountEntry entry)
    {
        if (!IsOfType(wish.Type, entry.Type)) return false;
        if (PathOf(wish.Device) is not { } path) return wish.Device.Length == 0 || wish.Device.TrimEnd('/') == entry.Source.TrimEnd('/');
        if (entry.Source == path) return true;
        if (FileStatus.Look(new FileName(path), follow: true) is not { } there) return !wish.Device.StartsWith('/');
        return there.Type switch
        {
            FileType.BlockDevice => DeviceNumber.OfBlockDevice(path) is { } number && (number == entry.Device || (entry.Source.StartsWith('/') && number == DeviceNumber.OfBlockDevice(entry.Source))),
            FileType.Regular when !wish.IsBind => BackingFileOf(entry.Device) is { } file && IsSame(there, file),
            _ => IsSame(there, entry.Point),
        };
    }

    private static bool IsSame(FileStatus one, string path) => FileStatus.Look(new FileName(path), follow: true) is { } other && other.Identity == one.Identity;

    private static string? BackingFileOf(ulong device)
    {
        try
        {
            return System.IO.File.ReadAllText($"/sys/dev/block/{DeviceNumber.Say(device)}/loop/backing_file").TrimEnd('\n');
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Helpers of mount(8) show other types than those that they are called by.
    private static bool IsOfType(string wished, string shown) => wished is "" or "auto" or "none" || wished.Split(',').Any(one =>
        one == shown || shown == "fuse." + one || (shown == "fuseblk" && one is not ("ext2" or "ext3" or "ext4" or "xfs" or "btrfs")) || (one == "nfs" && shown == "nfs4"));
}
