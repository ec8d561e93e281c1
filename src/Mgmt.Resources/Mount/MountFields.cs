using System.Buffers;
using Mgmt.Engine.Kinds;
using Mgmt.Resources.File;

namespace Mgmt.Resources.Mount;

/// <summary>The fields of a mount, and what each allows.</summary>
internal static class MountFields
{
    internal const string Mounted = "mounted", Unmounted = "unmounted";

    private const int LongestText = 4095;

    private static readonly SearchValues<char> OfTypes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-,");

    internal static readonly Field<string> Device = new(
        "device", FieldType.Text, "What is mounted, as fstab has it: a device's path, UUID=… or LABEL=…, an image file, a directory to bind, tmpfs, host:/path. Needed for mounting.", "") { Rule = CheckDevice };

    internal static readonly Field<string> Path = new("path", FieldType.Text, "The directory that it is mounted at; the default is the name. One that is missing is made, and removed again once it is unmounted.", "") { Rule = CheckPath };

    internal static readonly Field<string> Type = new("fstype", FieldType.Text, "The file system's type, such as ext4; by default mount(8) finds it out.", "") { Rule = CheckType };

    internal static readonly Field<string> Options = new(
        "options", FieldType.Text, "Options with commas between them, as in \"ro,noatime\". Those that the kernel shows are compared, and where they differ it is mounted again with them.", "") { Rule = MountOptions.Check };

    internal static readonly Field<string> State = new("state", FieldType.Text, "Whether it shall be mounted.", Mounted) { OneOf = [Mounted, Unmounted] };

    internal static FieldSet All { get; } = new(Device, Path, Type, Options, State);

    /// <summary>Why a path is none to mount at; null when it is one.</summary>
    internal static string? CheckPath(string path)
    {
        if (PathText.CheckAbsolute(path) is { } wrong) return wrong;
        if (path.Any(char.IsControl)) return "it has a control character in it";
        return SystemFolders.Holds(PathText.Join(path, "", "")) ? "the system itself lives there: what is in it would be out of sight" : null;
    }

    private static string? CheckDevice(string device) =>
        device.Length == 0 ? "it is empty" : device.Length > LongestText ? $"it is longer than {LongestText} characters" : device.Any(char.IsControl) ? "it has a control character in it" : null;

    private static string? CheckType(string type) => type.Length is 0 or > 255 || type.AsSpan().ContainsAnyExcept(OfTypes) ? "it is no name of a file system's type" : null;
}
