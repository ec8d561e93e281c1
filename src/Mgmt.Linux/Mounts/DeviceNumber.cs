using System.Globalization;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Mounts;

/// <summary>A device's number: the upper half is the major number, the lower half the minor one.</summary>
public static class DeviceNumber
{
    /// <summary>Reads <c>253:0</c>.</summary>
    public static bool TryParse(string text, out ulong number)
    {
        number = 0;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !uint.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !uint.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)) return false;
        number = Of(major, minor);
        return true;
    }

    /// <summary>Writes it as the kernel does: <c>253:0</c>.</summary>
    public static string Say(ulong number) => string.Create(CultureInfo.InvariantCulture, $"{number >> 32}:{(uint)number}");

    /// <summary>The number of the block device at a path, links followed; null when there is none.</summary>
    /// <exception cref="FileException">It cannot be looked at.</exception>
    public static ulong? OfBlockDevice(string path)
    {
        if (FileNative.Statx(OpenFile.None, in new FileName(path).Start, 0, 0xfff, out var raw) != 0)
            return Errno.Last is Errno.NoEntry or Errno.NotFolder ? null : throw FileException.Of($"look at {path}", Errno.Last);
        return (raw.Mode & 0xf000) == 0x6000 ? Of(raw.NamedMajor, raw.NamedMinor) : null;
    }

    private static ulong Of(uint major, uint minor) => ((ulong)major << 32) | minor;
}
