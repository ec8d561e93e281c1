using System.Buffers;
using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Svc;

/// <summary>Finds the absolute paths in what a unit's file says: whole arguments, <c>--config=/etc/x</c>, <c>-c/etc/x</c>, and in the text of a shell's <c>-c</c>.</summary>
internal static class UnitPaths
{
    private const int Longest = 4096;

    // What may stand before and after a path that is part of a word.
    private static readonly SearchValues<char> Before = SearchValues.Create("=,:;\"'`<>()|&@ \t\n"), After = SearchValues.Create(",:;\"'`<>()|& \t\n");

    // These are links into /usr where it is merged, and a unit may name either.
    private static readonly string[] Merged = ["/bin/", "/sbin/", "/lib/", "/lib64/"];

    /// <summary>The paths in a word, each once or more often.</summary>
    internal static IEnumerable<string> In(string word)
    {
        if (word.Length > Longest) yield break;
        if (word.StartsWith('/') && Tidy(word) is { } whole) yield return whole;
        for (var i = word.IndexOf('/', StringComparison.Ordinal); i >= 0;)
        {
            var length = word.AsSpan(i).IndexOfAny(After) is var found && found < 0 ? word.Length - i : found;
            if (Begins(word, i) && Tidy(word.Substring(i, length)) is { } part) yield return part;
            i = word.IndexOf('/', i + Math.Max(length, 1)) is var next && next < 0 ? -1 : next;
        }
    }

    /// <summary>All by which a path that is written in a unit may be managed: it may be a directory's, which ends in a slash.</summary>
    internal static IEnumerable<Identity> Alternatives(string path)
    {
        var bare = path.TrimEnd('/');
        foreach (var one in Twins(bare))
        {
            yield return Identity.Path(one);
            yield return Identity.Path(one + '/');
        }
    }

    private static IEnumerable<string> Twins(string path)
    {
        yield return path;
        if (Array.Exists(Merged, folder => path.StartsWith(folder, StringComparison.Ordinal))) yield return "/usr" + path;
        else if (path.StartsWith("/usr/", StringComparison.Ordinal) && Array.Exists(Merged, folder => path.AsSpan(4).StartsWith(folder, StringComparison.Ordinal))) yield return path[4..];
    }

    private static bool Begins(string word, int at) => at == 0 || Before.Contains(word[at - 1]) || (at == 2 && word[0] == '-' && char.IsAsciiLetter(word[1]));

    /// <summary>The path with single slashes, or null when it names nothing that could be managed: it is no path, or only known when the unit runs.</summary>
    private static string? Tidy(string path)
    {
        if (path.StartsWith("//", StringComparison.Ordinal) || path.AsSpan().IndexOfAny("$*?[\0") >= 0) return null;
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || Array.IndexOf(parts, "..") >= 0) return null;
        return "/" + string.Join('/', parts.Where(static part => part != "."));
    }
}
