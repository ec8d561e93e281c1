using System.Text;
using Mgmt.Cli.Commands;

namespace Mgmt.Cli.Help;

/// <summary>The man page: what help says of every command, as man(7) reads it.</summary>
internal static class ManPage
{
    private const string Heading = "mgmt keeps a host as a graph of resources describes it: files, services, packages, commands, timers, and the order between them. It watches what it manages and repairs it as it changes. Agents on several hosts make a mesh, which keeps a store and exchanges resources.";

    private static readonly (string Term, string Text)[] Files =
    [
        ("/etc/mgmt/*.yaml", "the graph that mgmt.service keeps"),
        ("/etc/default/mgmt", "variables of both services, such as MGMT_PEERS"),
        ("/var/lib/mgmt", "the state of root's agent; of others ~/.local/state/mgmt, or what --prefix names"),
        ("/run/mgmt/agent.sock", "the socket of the agent with /var/lib/mgmt; of others agent.sock in their state directory"),
    ];

    private static readonly (string Term, string Text)[] ExitCodes =
    [
        ("0", "all is in order"),
        ("1", "it cannot run, or it ended with failed resources; the store refused what was asked"),
        ("64", "the command line is wrong"),
        ("65", "the graph is wrong, or what mgmt kv txn reads"),
        ("66", "the history that was asked of the store is compacted"),
        ("69", "the store cannot be reached, has no leader, or did not answer in time"),
        ("2, 4, 6", "with --detailed-exitcodes: something changed, something failed, both"),
    ];

    /// <summary>The page of all commands that people are told of.</summary>
    public static string Of(CommandTree tree, string version)
    {
        var page = new StringBuilder($".\\\" Made by: mgmt man\n.TH MGMT 1 \"\" \"mgmt {version}\" \"User Commands\"\n");
        page.Append(".SH NAME\nmgmt \\- keep hosts as a graph of resources describes them\n.SH SYNOPSIS\n.B mgmt\n.I COMMAND\n[flags]\n");
        page.Append($".SH DESCRIPTION\n{Text(Heading)}\n.PP\nEach command has its own help:\n.BR \"mgmt COMMAND \\-\\-help\" .\n.SH COMMANDS\n");
        foreach (var command in tree.All.Where(static one => !one.IsHidden)) Append(page, command);
        AppendTerms(page, "FILES", Files);
        AppendTerms(page, "EXIT STATUS", ExitCodes);
        page.Append(".SH SEE ALSO\n.BR systemctl (1),\n.BR journalctl (1)\n");
        return page.ToString();
    }

    private static void Append(StringBuilder page, ICommand command)
    {
        page.Append($".SS \"{Text(HelpView.UsageOf(command))}\"\n{Text(Capital(command.Summary))}.\n");
        foreach (var operand in command.Operands) AppendTerm(page, operand.Name, operand.Summary);
        foreach (var flag in command.Flags) AppendTerm(page, HelpView.Syntax(flag), flag.IsOfRequest ? flag.Summary : $"{flag.Summary} ({flag.Variable})");
        if (command.Notes.Length > 0) page.Append($".PP\n.nf\n{Lines(command.Notes.TrimEnd())}\n.fi\n");
        page.Append(".PP\nExamples:\n");
        foreach (var example in command.Examples) AppendTerm(page, example.CommandLine, example.Explanation);
    }

    private static void AppendTerms(StringBuilder page, string heading, (string Term, string Text)[] terms)
    {
        page.Append($".SH {(heading.Contains(' ', StringComparison.Ordinal) ? $"\"{heading}\"" : heading)}\n");
        foreach (var (term, text) in terms) AppendTerm(page, term, text);
    }

    private static void AppendTerm(StringBuilder page, string term, string text) => page.Append($".TP\n\\fB{Text(term)}\\fR\n{Text(text)}\n");

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Lines(string text) => string.Join('\n', text.Split('\n').Select(Text));

    // What roff would take for its own; and a line that begins with one of its requests.
    private static string Text(string text)
    {
        var escaped = new StringBuilder(text.Length);
        if (text.StartsWith('.') || text.StartsWith('\'')) escaped.Append("\\&");
        foreach (var letter in text.EnumerateRunes())
        {
            escaped.Append((char)letter.Value switch
            {
                _ when !letter.IsAscii => $"\\[u{letter.Value:X4}]",
                '\\' => "\\e",
                '-' => "\\-",
                '\'' => "\\(aq",
                '"' => "\\(dq",
                '`' => "\\(ga",
                '^' => "\\(ha",
                '~' => "\\(ti",
                _ => letter.ToString(),
            });
        }

        return escaped.ToString();
    }
}
