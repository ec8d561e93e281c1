using System.Globalization;
using System.Text;

namespace Mgmt.Resources.Svc;

/// <summary>The rules for names of units (systemd.unit(5), and bus_label_escape of systemd).</summary>
internal static class UnitName
{
    private const int Longest = 255;

    private static readonly string[] Suffixes =
        [".service", ".socket", ".device", ".mount", ".automount", ".swap", ".target", ".path", ".timer", ".slice", ".scope"];

    /// <summary>The name with a suffix: <c>.service</c> where none is written.</summary>
    internal static string Complete(string name) => Array.Exists(Suffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal)) ? name : name + ".service";

    /// <summary>Whether the name ends as a unit's does, or is such an end without its dot, which stands for all units of the type.</summary>
    internal static bool HasSuffix(string name) => Array.Exists(Suffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal) || name == suffix[1..]);

    /// <summary>The template of an instance: of <c>a@b.service</c> it is <c>a@.service</c>; null where there is none.</summary>
    internal static string? TemplateOf(string unit)
    {
        var (at, dot) = (unit.IndexOf('@', StringComparison.Ordinal), unit.LastIndexOf('.'));
        return at > 0 && dot > at + 1 ? unit[..(at + 1)] + unit[dot..] : null;
    }

    /// <summary>Why it cannot be a unit's name, or null.</summary>
    internal static string? Check(string name)
    {
        if (Complete(name).Length > Longest) return $"it is longer than {Longest} characters";
        if (name.Length == 0 || Array.IndexOf(Suffixes, name) >= 0) return "it is empty";
        foreach (var one in name)
        {
            if (!char.IsAsciiLetterOrDigit(one) && !":-_.\\@".Contains(one, StringComparison.Ordinal)) return $"'{one}' is not allowed in the name of a unit";
        }

        if (name[0] == '@') return "it begins with \"@\"";
        return Complete(name).Contains("@.", StringComparison.Ordinal) ? "it is a template; write what stands between \"@\" and the suffix too" : null;
    }

    /// <summary>The object path of a unit: every character but letters and digits, and a digit at the start, is written as its code.</summary>
    internal static string PathOf(string unit)
    {
        var path = new StringBuilder(Systemd.UnitFolder);
        for (var i = 0; i < unit.Length; i++)
        {
            if (char.IsAsciiLetter(unit[i]) || (i > 0 && char.IsAsciiDigit(unit[i]))) path.Append(unit[i]);
            else path.Append(CultureInfo.InvariantCulture, $"_{(int)unit[i]:x2}");
        }

        return path.ToString();
    }
}
