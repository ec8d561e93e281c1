using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Pkg;

/// <summary>The fields of a package, and what each allows.</summary>
internal static class PkgFields
{
    internal const string Installed = "installed", Uninstalled = "uninstalled", Newest = "newest";
    private const int LongestVersion = 255;

    internal static readonly Field<string> State = new(
        "state", FieldType.Text, "Whether it shall be there: installed, uninstalled, newest (the newest version that the repositories offer), or the one version that it shall have.", Installed)
    { Rule = CheckState };

    internal static readonly Field<bool> AllowUntrusted = new("allowuntrusted", FieldType.Boolean, "Whether it may come from a repository that is not signed.", false);

    internal static readonly Field<bool> AllowNonFree = new("allownonfree", FieldType.Boolean, "Whether it may be one that the distribution does not count as free.", false);

    internal static readonly Field<bool> AllowUnsupported = new(
        "allowunsupported", FieldType.Boolean, "Whether it may be one that the distribution itself does not keep, such as one of a repository of somebody else.", false);

    internal static FieldSet All { get; } = new(State, AllowUntrusted, AllowNonFree, AllowUnsupported);

    // Both dpkg's and rpm's versions begin with a digit or a letter; at least one digit tells one from a misspelt word.
    private static string? CheckState(string state)
    {
        if (state is Installed or Uninstalled or Newest) return null;
        if (state.Length > LongestVersion) return $"a version has no more than {LongestVersion} characters";
        var isVersion = state.Length > 0 && char.IsAsciiLetterOrDigit(state[0]) && state.Any(char.IsAsciiDigit)
            && state.All(static one => char.IsAsciiLetterOrDigit(one) || ".+-:~^_".Contains(one, StringComparison.Ordinal));
        return isVersion ? null : $"it is none of {Installed}, {Uninstalled}, {Newest}, nor a version such as 2.14-1";
    }
}

/// <summary>What is wanted of one package.</summary>
/// <param name="Package">Which.</param>
/// <param name="State">One of <see cref="PkgFields"/>'s words, or a version.</param>
/// <param name="Allowed">What it may be.</param>
internal sealed record PkgWish(PackageName Package, string State, PkgAllowed Allowed)
{
    /// <summary>The one version that is wanted; empty when any is right.</summary>
    internal string Version => State is PkgFields.Installed or PkgFields.Uninstalled or PkgFields.Newest ? "" : State;

    internal static PkgWish From(string name, FieldValues values) => new(
        PackageName.Parse(name),
        values.Get(PkgFields.State),
        new PkgAllowed(values.Get(PkgFields.AllowUntrusted), values.Get(PkgFields.AllowNonFree), values.Get(PkgFields.AllowUnsupported)));
}

/// <summary>What a package may be that by default it may not.</summary>
/// <param name="Untrusted">From a repository without a signature.</param>
/// <param name="NonFree">Not free by the distribution's rules.</param>
/// <param name="Unsupported">Not kept by the distribution.</param>
internal readonly record struct PkgAllowed(bool Untrusted, bool NonFree, bool Unsupported);
