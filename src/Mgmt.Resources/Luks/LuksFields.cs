using System.Buffers;
using Mgmt.Engine.Kinds;
using Mgmt.Resources.File;

namespace Mgmt.Resources.Luks;

/// <summary>The fields of an encrypted disk, and what each allows.</summary>
internal static class LuksFields
{
    internal const string Open = "open", Closed = "closed";

    private const int LongestName = 127;

    // What device-mapper puts into a path as it is.
    private static readonly SearchValues<char> OfNames = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789#+-.:=@_");

    internal static readonly Field<string> Device = new("device", FieldType.Text, "The encrypted device or image: its path, or UUID=… of its LUKS header; required.", "") { Rule = CheckDevice };

    internal static readonly Field<string> State = new("state", FieldType.Text, "Whether it shall be open, at /dev/mapper/ with the resource's name.", Open) { OneOf = [Open, Closed] };

    internal static readonly Field<string> KeyFile = new(
        "keyfile", FieldType.Text, "A file with the key, such as one on a stick, that it is opened with. Without one it waits for mgmt unlock, and nothing on this host can open it.", "") { Rule = PathText.CheckAbsolute };

    internal static FieldSet All { get; } = new(Device, State, KeyFile);

    /// <summary>Why a name is none for a mapping; null when it is one.</summary>
    internal static string? CheckName(string name) =>
        name.Length is 0 or > LongestName ? $"it has not 1 to {LongestName} characters"
        : name is "." or ".." or "control" || name[0] == '-' ? "it means something else"
        : name.AsSpan().ContainsAnyExcept(OfNames) ? "there are other characters in it than letters, digits and #+-.:=@_"
        : null;

    private static string? CheckDevice(string device)
    {
        if (device.Any(char.IsControl)) return "it has a control character in it";
        if (device.StartsWith('/')) return PathText.CheckAbsolute(device);
        return LuksWish.UuidOf(device) is null ? "it is neither an absolute path nor UUID=… with the UUID that cryptsetup luksUUID prints" : null;
    }
}
