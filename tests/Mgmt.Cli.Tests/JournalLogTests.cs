using System.Text;
using Mgmt.Agent;
using Mgmt.Cli.Logs;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Tests;

public sealed class JournalLogTests
{
    private readonly List<string> _sent = [];

    [Fact]
    public void Every_line_is_an_entry_with_its_fields()
    {
        Assert.Equal("", Log().Show(
            Logged.Check(Logged.F2, CheckResult.Changed("missing", "wrote 8 bytes")),
            new StoreReport("promote b: b is up to date") { Peer = "b" },
            new WarningReport("late"),
            Logged.Converged(changed: 2, failed: 1, new BlockedResource(Logged.B, [Logged.E1])),
            new ActiveReport()));
        Assert.Equal(
            [
                "MESSAGE=File[f2]: missing; wrote 8 bytes\nPRIORITY=5\nSYSLOG_IDENTIFIER=mgmt\nEVENT=changed\nRESOURCE=File[f2]\nRESOURCE_KIND=file\nRESOURCE_NAME=f2\n",
                "MESSAGE=store: promote b: b is up to date\nPRIORITY=6\nSYSLOG_IDENTIFIER=mgmt\nEVENT=store\nPEER=b\n",
                "MESSAGE=warning: late\nPRIORITY=4\nSYSLOG_IDENTIFIER=mgmt\nEVENT=warning\n",
                "MESSAGE=File[b]: blocked by Exec[e1]\nPRIORITY=4\nSYSLOG_IDENTIFIER=mgmt\nEVENT=blocked\nRESOURCE=File[b]\nRESOURCE_KIND=file\nRESOURCE_NAME=b\n",
                "MESSAGE=converged: 4 checked, 2 changed, 1 failed, 1 blocked in 0.05 s\nPRIORITY=3\nSYSLOG_IDENTIFIER=mgmt\nEVENT=converged\n",
            ],
            _sent);
    }

    [Fact]
    public void What_a_command_printed_belongs_to_its_entry_and_steers_no_terminal()
    {
        Log().Show(Logged.Check(Logged.E1, CheckResult.Failed("cannot run", "a\u001b[2J\nPRIORITY=0")));
        var entry = Assert.Single(_sent);
        Assert.StartsWith("MESSAGE\n", entry, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', entry);
        Assert.Contains("PRIORITY=0\nPRIORITY=3\n", entry, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_journal_the_log_goes_to_the_output() =>
        Assert.Equal("warning: late\n", new JournalLog(static _ => false, Logged.Text()).Show(new WarningReport("late")));

    [Fact]
    public async Task A_service_logs_to_the_journal_unless_it_is_told_otherwise()
    {
        // There is none here, so that the log is on the output: but only as what ends the agent is for the journal too, and not for standard error.
        Assert.Equal(("cannot start\n", ""), await FatalAsync(isJournal: true));
        Assert.Equal(("cannot start\n", ""), await FatalAsync(isJournal: false, "--log-format", "journal"));
        Assert.Equal(("", "cannot start\n"), await FatalAsync(isJournal: true, "--log-format", "text"));
        Assert.Equal(("", "cannot start\n"), await FatalAsync(isJournal: false));
    }

    private static async Task<(string Output, string Error)> FatalAsync(bool isJournal, params string[] flags)
    {
        var mgmt = new TestSurroundings { OutputIsJournal = isJournal, Reports = [new FatalReport("cannot start")] };
        await mgmt.RunAsync(["run", "--file", "x", .. flags]);
        return (mgmt.Output.Replace("12:00:01.123 ", "", StringComparison.Ordinal), mgmt.Error);
    }

    private JournalLog Log() => new(
        entry =>
        {
            _sent.Add(Encoding.UTF8.GetString(entry.Bytes));
            return true;
        },
        Logged.Text());
}
