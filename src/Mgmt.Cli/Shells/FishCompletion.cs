using System.Text;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Shells;

/// <summary>Completions for fish.</summary>
internal static class FishCompletion
{
    /// <summary>The script, to be sourced or put where fish looks.</summary>
    public static string Of(IReadOnlyList<CompletionLevel> levels)
    {
        var script = new StringBuilder(
            """
            # Completions of mgmt for fish; made by: mgmt completion fish
            function __mgmt_at
              set -l at ''
              for word in (commandline -opc)[2..-1]

            """);
        script.Append("    switch \"$at $word\"\n      case ").AppendJoin(' ', levels.Skip(1).Select(static level => Quote(" " + level.Path))).Append("\n        set at \"$at $word\"\n    end\n  end\n  test \"$at\" = \"$argv[1]\"\nend\ncomplete -c mgmt -f\n");
        foreach (var level in levels) Append(script, level);
        return script.ToString();
    }

    private static void Append(StringBuilder script, CompletionLevel level)
    {
        var at = level.Path.Length == 0 ? "__mgmt_at ''" : $"__mgmt_at ' {level.Path}'";
        foreach (var (word, summary) in level.Words) script.Append($"complete -c mgmt -n {Quote(at)} -a {Quote(word)}{(summary.Length > 0 ? " -d " + Quote(summary) : "")}\n");
        if (level.TakesFiles) script.Append($"complete -c mgmt -n {Quote(at)} -F\n");
        foreach (var flag in level.Flags) script.Append($"complete -c mgmt -n {Quote(at)} -l {flag.Name[2..]}{(flag.Short.Length > 0 ? " -s " + flag.Short[1..] : "")}{Value(flag)} -d {Quote(flag.Summary)}\n");
        if (level.Path.Length > 0) script.Append($"complete -c mgmt -n {Quote(at)} -l help -s h -d 'how to use it'\n");
    }

    private static string Value(Flag flag)
    {
        if (flag.IsSwitch) return "";
        if (flag.Choices.Count > 0) return $" -x -a {Quote(string.Join(' ', flag.Choices))}";
        return CompletionLevel.IsFile(flag.ValueName) ? " -r -F" : " -x";
    }

    private static string Quote(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
