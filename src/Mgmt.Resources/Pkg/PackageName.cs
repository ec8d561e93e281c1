namespace Mgmt.Resources.Pkg;

/// <summary>The name of a package, and the architecture where one is asked for: <c>libc6:i386</c>.</summary>
/// <param name="Name">The name alone.</param>
/// <param name="Architecture">The architecture; empty is the host's own.</param>
internal readonly record struct PackageName(string Name, string Architecture)
{
    private const int Longest = 255;

    /// <summary>As people and PackageKit write it.</summary>
    internal string Text => Architecture.Length > 0 ? $"{Name}:{Architecture}" : Name;

    internal static PackageName Parse(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? new(text[..colon], text[(colon + 1)..]) : new(text, "");

    /// <summary>Why it cannot be a package's name, or null. dpkg and rpm together: what one of them allows is allowed.</summary>
    internal static string? Check(string text)
    {
        if (text.Length > Longest) return $"it is longer than {Longest} characters";
        var (name, architecture) = Parse(text);
        if (name.Length == 0) return "it is empty";
        if (!char.IsAsciiLetterOrDigit(name[0])) return $"it begins with '{name[0]}'";
        foreach (var one in name)
        {
            if (!char.IsAsciiLetterOrDigit(one) && !"+-._~".Contains(one, StringComparison.Ordinal)) return $"'{one}' is not allowed in the name of a package";
        }

        if (text.EndsWith(':')) return "it ends with \":\"; leave that out, or write an architecture after it";
        foreach (var one in architecture)
        {
            if (!char.IsAsciiLetterOrDigit(one) && one is not ('-' or '_')) return $"'{one}' is not allowed in the name of an architecture";
        }

        return null;
    }
}
