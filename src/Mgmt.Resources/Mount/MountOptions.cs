using System.Globalization;
using Mgmt.Linux.Mounts;

namespace Mgmt.Resources.Mount;

/// <summary>Options of mounts: as people write them, and as the kernel shows them. Pure.</summary>
internal static class MountOptions
{
    private const int LongestText = 4095;

    // Each undoes the other. Of the second the kernel shows nothing: it is the rule.
    private static readonly (string Shown, string Rule)[] Pairs =
    [
        ("ro", "rw"), ("nosuid", "suid"), ("nodev", "dev"), ("noexec", "exec"), ("noatime", "atime"), ("nodiratime", "diratime"), ("nosymfollow", "symfollow"), ("sync", "async"), ("dirsync", ""),
        ("relatime", "norelatime"),
    ];

    /// <summary>Why options are none that a mount can be kept with; null when they are.</summary>
    internal static string? Check(string options)
    {
        if (options.Length > LongestText) return $"they are longer than {LongestText} characters";
        if (options.Any(static one => char.IsControl(one) || one == ' ')) return "there is a blank or a control character in them; put commas between options";
        return Split(options).FirstOrDefault(static one => one.Length == 0 || one is "remount" or "move" || one.StartsWith("make-", StringComparison.Ordinal)) switch
        {
            null => null,
            "" => "there is an empty option; put one comma between two",
            var other => $"{other} is a thing to do, not a way to be mounted; leave it out",
        };
    }

    /// <summary>The options one by one; a comma between quotes belongs to its option.</summary>
    internal static IReadOnlyList<string> Split(string options)
    {
        if (options.Length == 0) return [];
        var (found, start, isQuoted) = (new List<string>(), 0, false);
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i] == '"') isQuoted = !isQuoted;
            if (options[i] != ',' || isQuoted) continue;
            found.Add(options[start..i]);
            start = i + 1;
        }

        found.Add(options[start..]);
        return found;
    }

    /// <summary>The wished options that the kernel shows otherwise, as <c>ro instead of rw</c>. What it does not show cannot be compared.</summary>
    internal static IReadOnlyList<string> Differing(string wished, MountEntry entry)
    {
        var own = Split(entry.Options).ToHashSet(StringComparer.Ordinal);
        var shown = own.Concat(Split(entry.SuperOptions)).Distinct(StringComparer.Ordinal).ToList();
        var isReadOnly = own.Contains("ro") || Split(entry.SuperOptions).Contains("ro");
        return [.. LastOfEach(Split(wished)).Select(option => Differs(option, own, shown, isReadOnly)).OfType<string>()];
    }

    private static string? Differs(string option, HashSet<string> own, List<string> shown, bool isReadOnly)
    {
        if (option is "ro" or "rw") return isReadOnly == (option == "ro") ? null : option == "ro" ? "rw instead of ro" : "ro instead of rw";
        if (option.IndexOf('=', StringComparison.Ordinal) is > 0 and var at) return ValueDiffers(option, option[..(at + 1)], shown);
        foreach (var (flag, rule) in Pairs)
        {
            if (option == flag) return own.Contains(flag) || shown.Contains(flag) ? null : $"no {flag}";
            if (option == rule) return own.Contains(flag) ? $"{flag} instead of {rule}" : null;
        }

        if (option == "strictatime") return own.Contains("relatime") || own.Contains("noatime") ? "no strictatime" : null;
        return shown.Contains("no" + option) ? $"no{option} instead of {option}" : null;
    }

    private static string? ValueDiffers(string option, string key, List<string> shown)
    {
        if (shown.FirstOrDefault(one => one.StartsWith(key, StringComparison.Ordinal)) is not { } other) return null;
        var (wanted, seen) = (option[key.Length..], other[key.Length..]);

        // A share of something else, or a name that the kernel shows as a number.
        if (wanted == seen || wanted.Contains('%', StringComparison.Ordinal)) return null;
        return (NumberOf(key, wanted), NumberOf(key, seen)) switch
        {
            ({ } one, { } two) => one == two ? null : $"{other} instead of {option}",
            (null, { }) or ({ }, null) => null,
            _ => wanted.Trim('"') == seen.Trim('"') ? null : $"{other} instead of {option}",
        };
    }

    // Modes are octal, with and without zeros before them; sizes may have a unit.
    private static long? NumberOf(string key, string text)
    {
        if (text.Length is 0 or > 19) return null;
        if (key is "mode=" or "umask=" or "fmask=" or "dmask=") return text.All(static one => one is >= '0' and <= '7') ? Convert.ToInt64(text, 8) : null;
        var shift = char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, 't' => 40, _ => 0 };
        return long.TryParse(shift == 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> shift ? number << shift : null;
    }

    // As mount(8) reads them: of two that undo each other, or have one key, the last one holds.
    private static IEnumerable<string> LastOfEach(IReadOnlyList<string> options) =>
        options.Where(static one => one != "defaults").Reverse().DistinctBy(ThemeOf).Reverse();

    private static string ThemeOf(string option) =>
        option.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? option[..at]
        : Pairs.FirstOrDefault(one => one.Shown == option || one.Rule == option).Shown ?? option;
}
