using System.Text;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Shells;

/// <summary>Completions for bash.</summary>
internal static class BashCompletion
{
    /// <summary>The script, to be sourced or put where bash-completion looks.</summary>
    public static string Of(IReadOnlyList<CompletionLevel> levels)
    {
        var script = new StringBuilder(
            """
            # Completions of mgmt for bash; made by: mgmt completion bash
            _mgmt() {
              local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= words= i
              COMPREPLY=()
              # Bash takes --flag=value for three words.
              if [ "$cur" = = ]; then cur=; elif [ "$prev" = = ]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
              for ((i = 1; i < COMP_CWORD; i++)); do

            """);
        script.Append("    case \"$path ${COMP_WORDS[i]}\" in ").AppendJoin('|', levels.Skip(1).Select(static level => Quote(" " + level.Path))).Append(") path=\"$path ${COMP_WORDS[i]}\" ;; esac\n  done\n");
        script.Append("  case \"$path $prev\" in\n");
        foreach (var level in levels) AppendValues(script, level);
        script.Append("  esac\n  case \"$path\" in\n");
        foreach (var level in levels) AppendWords(script, level);
        script.Append("  esac\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\ncomplete -F _mgmt mgmt\n");
        return script.ToString();
    }

    private static void AppendValues(StringBuilder script, CompletionLevel level)
    {
        foreach (var flag in level.Flags.Where(static flag => !flag.IsSwitch))
        {
            var does = flag.Choices.Count > 0 ? $"mapfile -t COMPREPLY < <(compgen -W {Quote(string.Join(' ', flag.Choices))} -- \"$cur\")"
                : CompletionLevel.IsFile(flag.ValueName) ? Files(flag.ValueName) : ":";
            script.Append($"    {string.Join('|', NamesOf(flag).Select(name => Quote($" {level.Path} {name}")))}) {does}; return ;;\n");
        }
    }

    private static void AppendWords(StringBuilder script, CompletionLevel level)
    {
        IEnumerable<string> flags = level.Path.Length == 0 ? [] : [.. level.Flags.SelectMany(NamesOf), "--help"];
        var path = level.Path.Length == 0 ? "" : " " + level.Path;
        script.Append($"    {Quote(path)}) words={Quote(string.Join(' ', level.Words.Select(static one => one.Word).Concat(flags)))}");
        script.Append(level.TakesFiles ? $"; if [[ $cur != -* ]]; then {Files("FILE")}; return; fi ;;\n" : " ;;\n");
    }

    private static string Files(string valueName) => $"compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen {(valueName == "DIR" ? "-d" : "-f")} -- \"$cur\")";

    private static IEnumerable<string> NamesOf(Flag flag) => flag.Short.Length > 0 ? [flag.Name, flag.Short] : [flag.Name];

    private static string Quote(string text) => $"'{text}'";
}
