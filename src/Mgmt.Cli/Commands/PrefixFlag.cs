using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Commands;

/// <summary>The flag that names the agent's state directory, for commands that open it themselves.</summary>
internal sealed class PrefixFlag(string summary)
{
    private readonly Flag<string> _prefix = new("--prefix", "DIR", summary, Parse.Text);

    public Flag Flag => _prefix;

    /// <summary>The directory; where there is none <paramref name="given"/> has a mistake.</summary>
    public string Read(Given given, Surroundings surroundings)
    {
        var prefix = given.Get(_prefix, "") is { Length: > 0 } named ? named : StateDirectory.Usual(surroundings) ?? "";
        if (prefix.Length > 0) return Path.GetFullPath(prefix);
        given.Refuse($"cannot find the agent's state directory: HOME is not set; name it with {_prefix.Name}");
        return "";
    }
}
