using System.Text;

namespace Mgmt.Cli.Shells;

/// <summary>Completions for zsh.</summary>
internal static class ZshCompletion
{
    /// <summary>The script, to be sourced or put into a directory of fpath as <c>_mgmt</c>.</summary>
    public static string Of(IReadOnlyList<CompletionLevel> levels)
    {
        var script = new StringBuilder(
            """
            #compdef mgmt
            # Completions of mgmt for zsh; made by: mgmt completion zsh
            _mgmt() {
              local at= i
              local -a choices
              for ((i = 2; i < CURRENT; i++)); do

            """);
        script.Append("    case \"$at ${words[i]}\" in (").AppendJoin('|', levels.Skip(1).Select(static level => Quote(" " + level.Path))).Append(") at=\"$at ${words[i]}\" ;; esac\n  done\n");
        script.Append("  case \"$at ${words[CURRENT-1]}\" in\n");
        foreach (var level in levels) AppendValues(script, level);
        script.Append("  esac\n  case \"$at\" in\n");
        foreach (var level in levels) AppendWords(script, level);
        script.Append("  esac\n  _describe -o mgmt choices\n}\nif [ \"${funcstack[1]}\" = _mgmt ]; then _mgmt \"$@\"; else compdef _mgmt mgmt; fi\n");
        return script.ToString();
    }

    private static void AppendValues(StringBuilder script, CompletionLevel level)
    {
        foreach (var flag in level.Flags.Where(static flag => !flag.IsSwitch))
        {
            var does = flag.Choices.Count > 0 ? $"choices=({string.Join(' ', flag.Choices.Select(Quote))}); _describe value choices" : CompletionLevel.IsFile(flag.ValueName) ? Files(flag.ValueName) : ":";
            var names = (IEnumerable<string>)(flag.Short.Length > 0 ? [flag.Name, flag.Short] : [flag.Name]);
            script.Append($"    ({string.Join('|', names.Select(name => Quote($" {level.Path} {name}")))}) {does}; return ;;\n");
        }
    }

    private static void AppendWords(StringBuilder script, CompletionLevel level)
    {
        var path = level.Path.Length == 0 ? "" : " " + level.Path;
        script.Append($"    ({Quote(path)})\n");
        if (level.TakesFiles) script.Append($"      if [[ ${{words[CURRENT]}} != -* ]]; then {Files("FILE")}; return; fi\n");
        script.Append("      choices=(\n");
        foreach (var (word, summary) in level.Words) AppendChoice(script, word, summary);
        foreach (var flag in level.Flags) AppendChoice(script, flag.Name, flag.Summary);
        if (path.Length > 0) AppendChoice(script, "--help", "how to use it");
        script.Append("      ) ;;\n");
    }

    // What stands before the first colon is the word.
    private static void AppendChoice(StringBuilder script, string word, string summary) =>
        script.Append($"        {Quote(summary.Length == 0 ? word : $"{word}:{summary}")}\n");

    private static string Files(string valueName) => valueName == "DIR" ? "_files -/" : "_files";

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
