using System.Text;
using Mgmt.Cli.Commands;
using Mgmt.Cli.Flags;

namespace Mgmt.Cli.Help;

/// <summary>The help of mgmt and of its commands.</summary>
internal static class HelpView
{
    /// <summary>What <c>mgmt</c> alone and <c>mgmt --help</c> print.</summary>
    public static string OfMgmt(CommandTree tree)
    {
        var help = new StringBuilder("mgmt keeps a host as a graph of resources describes it.\n\nUsage: mgmt COMMAND [flags]\n\nCommands:\n");
        AppendColumns(help, [.. tree.Shown.Select(static command => (command.Name, command.Summary)), .. tree.Families.Select(static family => (family.Name, family.Summary))]);
        help.Append("\nFlags:\n");
        AppendColumns(help, [("--help", "this text; after a command, its own"), ("--version", "the version")]);
        AppendExamples(help, [.. tree.Shown.Select(static command => command.Examples[0]), .. tree.Families.Select(static family => family.Example)]);
        return help.ToString();
    }

    /// <summary>What the first words of several commands print, alone or with <c>--help</c>.</summary>
    public static string OfFamily(string path, IReadOnlyList<ICommand> commands)
    {
        var help = new StringBuilder($"Usage: mgmt {path} COMMAND\n\nCommands:\n");
        AppendColumns(help, [.. commands.Select(command => (command.Name[(path.Length + 1)..], command.Summary))]);
        AppendExamples(help, [.. commands.Select(static command => command.Examples[0])]);
        return help.ToString();
    }

    /// <summary>What <c>mgmt COMMAND --help</c> prints.</summary>
    public static string Of(ICommand command)
    {
        var isFree = command.Flags.Count == 0;
        var help = new StringBuilder($"mgmt {command.Name}: {command.Summary}\n\nUsage: {UsageOf(command)}\n");
        if (command.Operands.Count > 0)
        {
            help.Append('\n');
            AppendColumns(help, [.. command.Operands.Select(static operand => (operand.Name, operand.Summary))]);
        }

        if (!isFree)
        {
            help.Append("\nFlags:\n");
            AppendColumns(help, [.. command.Flags.Select(flag => (Syntax(flag), flag.Summary))]);
            AppendVariables(help, command.Flags);
        }

        if (command.Notes.Length > 0) help.Append('\n').Append(command.Notes);
        AppendExamples(help, command.Examples);
        return help.ToString();
    }

    /// <summary>How a command is written: <c>mgmt kv get KEY [flags]</c>.</summary>
    public static string UsageOf(ICommand command)
    {
        var needsFile = command.Flags.Any(flag => flag.Name == CommonFlags.FileName);
        var operands = string.Concat(command.Operands.Select(static operand => " " + operand.Syntax));
        return $"mgmt {command.Name}{operands}{(needsFile ? " --file FILE" : "")}{(command.Flags.Count == 0 ? "" : " [flags]")}";
    }

    /// <summary>How a flag is written: <c>-o, --output FORMAT</c>.</summary>
    public static string Syntax(Flag flag)
    {
        var name = flag.Short.Length > 0 ? $"{flag.Short}, {flag.Name}" : flag.Name;
        return flag.IsSwitch ? name : $"{name} {flag.ValueName}";
    }

    private static void AppendVariables(StringBuilder help, IReadOnlyList<Flag> flags)
    {
        var general = flags.Where(static flag => !flag.IsOfRequest).ToList();
        if (general.Count == 0) return;
        if (general.Count < flags.Count)
        {
            help.Append($"\nIn the environment too; the flag wins:\n  {string.Join(' ', general.Select(static flag => flag.Variable))}\n");
            return;
        }

        var example = flags.FirstOrDefault(flag => !flag.IsRepeatable && flag.Name.LastIndexOf('-') > 1) ?? flags[^1];
        help.Append($"\nEach flag can be set in the environment too, such as {example.Name} as {example.Variable}; the flag wins.\n");
        foreach (var flag in flags.Where(flag => flag.IsRepeatable)) help.Append($"Several values in {flag.Variable} are separated by \":\".\n");
    }

    private static void AppendExamples(StringBuilder help, IReadOnlyList<Example> examples)
    {
        help.Append("\nExamples:\n");
        foreach (var example in examples) help.Append($"  {example.CommandLine}\n      {example.Explanation}\n");
    }

    private static void AppendColumns(StringBuilder help, IReadOnlyList<(string Left, string Right)> rows)
    {
        var width = rows.Max(row => row.Left.Length);
        foreach (var (left, right) in rows) help.Append($"  {left.PadRight(width)}  {right}\n");
    }
}
