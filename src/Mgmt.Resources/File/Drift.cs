using Mgmt.Engine.Kinds;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>What is wrong with a file, and what is done about it, in words for the log. Costs nothing while all is in order.</summary>
internal sealed class Drift
{
    private readonly List<string> _wrong = [];
    private readonly List<(string Would, string Did)> _done = [];

    internal bool IsNone => _wrong.Count == 0;

    internal void Wrong(string words) => _wrong.Add(words);

    /// <summary>Something done: "write 8 bytes" before, "wrote 8 bytes" after.</summary>
    internal void Step(string would, string did) => _done.Add((would, did));

    /// <summary>Compares rights, of anything that is there.</summary>
    internal void Compare(FileStatus seen, FileRights wanted, RightsWish words)
    {
        if (wanted.Mode is { } mode && mode != seen.Mode && seen.Type != FileType.Link)
        {
            Wrong($"mode is {Octal(seen.Mode)}, wanted {Octal(mode)}");
            Step($"set mode {Octal(mode)}", $"set mode {Octal(mode)}");
        }

        if (wanted.Uid is { } uid && uid != seen.Uid)
        {
            Wrong($"owner is {seen.Uid}, wanted {Name(words.Owner, uid)}");
            Step($"set owner {words.Owner}", $"set owner {words.Owner}");
        }

        if (wanted.Gid is { } gid && gid != seen.Gid)
        {
            Wrong($"group is {seen.Gid}, wanted {Name(words.Group, gid)}");
            Step($"set group {words.Group}", $"set group {words.Group}");
        }
    }

    internal CheckResult Would() => CheckResult.WouldChange(string.Join(", ", _wrong), string.Join(", ", _done.Select(step => step.Would)));

    internal CheckResult Did() => CheckResult.Changed(string.Join(", ", _wrong), string.Join(", ", _done.Select(step => step.Did)));

    internal static string Octal(int mode) => "0" + Convert.ToString(mode, 8).PadLeft(3, '0');

    internal static string Bytes(long count) => count == 1 ? "1 byte" : $"{count} bytes";

    internal static string Parents(int count) => count == 1 ? "1 missing parent directory" : $"{count} missing parent directories";

    private static string Name(string? text, uint number) => text == number.ToString() ? text : $"{text} ({number})";
}
