using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Svc;

/// <summary>Where unit files and their drop-ins are (systemd.unit(5)), and which unit a path belongs to.</summary>
public static class UnitFiles
{
    private const string DropIn = ".d";

    // Those that people and packages write to; generators and systemd itself have others.
    private static readonly string[] Folders =
    [
        "/etc/systemd/system/", "/run/systemd/system/", "/usr/local/lib/systemd/system/", "/usr/lib/systemd/system/", "/lib/systemd/system/",
    ];

    /// <summary>By what a unit finds its file.</summary>
    internal static Identity File(string unit) => new("unit-file", unit);

    /// <summary>By what a unit finds the drop-ins of a name: its own, or one that stands for several units, such as <c>service</c>.</summary>
    internal static Identity DropIns(string name) => new("unit-drop-in", name);

    /// <summary>What a file is to units of the host, beside its path: a unit's file, or a drop-in of units.</summary>
    /// <param name="path">Absolute and with single slashes; a directory's ends in "/".</param>
    public static IEnumerable<Identity> Of(string path)
    {
        if (Array.Find(Folders, folder => path.StartsWith(folder, StringComparison.Ordinal)) is not { } root) yield break;
        var parts = path[root.Length..].Split('/');
        if (parts.Length == 1 && UnitName.HasSuffix(parts[0])) yield return File(parts[0]);
        else if (parts.Length == 2 && IsDropIn(parts[1]) && parts[0].EndsWith(DropIn, StringComparison.Ordinal) && UnitName.HasSuffix(parts[0][..^DropIn.Length])) yield return DropIns(parts[0][..^DropIn.Length]);
    }

    /// <summary>The names of a unit's own file and of the template that it is made of.</summary>
    internal static IEnumerable<string> Names(string unit)
    {
        yield return unit;
        if (UnitName.TemplateOf(unit) is { } template) yield return template;
    }

    /// <summary>
    /// The names below which there may be drop-ins of the unit: its own, its template's, each part of the name that ends in a dash, and its type.
    /// </summary>
    internal static IEnumerable<string> DropInNames(string unit)
    {
        foreach (var name in Names(unit)) yield return name;
        var suffix = unit[unit.LastIndexOf('.')..];
        var stem = unit[..^suffix.Length];
        for (var dash = stem.LastIndexOf('-'); dash > 0; dash = stem.LastIndexOf('-', dash - 1)) yield return stem[..(dash + 1)] + suffix;
        yield return suffix[1..];
    }

    /// <summary>The names of the directories for <see cref="DropInNames"/>.</summary>
    internal static IEnumerable<string> DropInFolders(string unit) => DropInNames(unit).Select(static name => name + DropIn);

    // The directory itself, or what is read of it.
    private static bool IsDropIn(string name) => name.Length == 0 || name.EndsWith(".conf", StringComparison.Ordinal);
}
