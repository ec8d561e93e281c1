using Mgmt.Linux.Files;
using Mgmt.Linux.Mounts;

namespace Mgmt.Resources.Luks;

/// <summary>A mapping that is there under a name.</summary>
/// <param name="Number">Its device number.</param>
/// <param name="Other">What it is instead of the disk that is meant, as words; empty when it is that, or when the kernel does not say.</param>
internal sealed record Mapping(ulong Number, string Other)
{
    private const string OfCrypt = "CRYPT-";

    /// <summary>Looks at a mapping; null when there is none.</summary>
    /// <exception cref="FileException">It cannot be looked at.</exception>
    internal static Mapping? Look(LuksWish wish, LuksPlaces places) =>
        DeviceNumber.OfBlockDevice(places.MappingOf(wish)) is { } number ? new(number, OtherThan(places.DeviceOf(wish), $"{places.Sys}/dev/block/{DeviceNumber.Say(number)}")) : null;

    private static string OtherThan(string device, string folder)
    {
        if (ReadLine($"{folder}/dm/uuid") is not { } uuid) return "";
        if (!uuid.StartsWith(OfCrypt, StringComparison.Ordinal)) return uuid.Length == 0 ? "a mapping that is not encrypted" : $"the mapping {uuid}";
        if (!Directory.Exists($"{folder}/slaves") || FileStatus.Look(new FileName(device), follow: true) is not { } wanted) return "";
        var below = Directory.GetDirectories($"{folder}/slaves");
        var isMeant = wanted.Type == FileType.BlockDevice
            ? DeviceNumber.OfBlockDevice(device) is { } number && below.Any(one => ReadLine($"{one}/dev") == DeviceNumber.Say(number))
            : below.Any(one => ReadLine($"{one}/loop/backing_file") is { } file && FileStatus.Look(new FileName(file)) is { } backing && backing.Identity == wanted.Identity);
        return isMeant ? "" : $"a mapping of {string.Join(", ", below.Select(Path.GetFileName))}";
    }

    private static string? ReadLine(string path)
    {
        try
        {
            return System.IO.File.ReadAllText(path).TrimEnd('\n');
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
