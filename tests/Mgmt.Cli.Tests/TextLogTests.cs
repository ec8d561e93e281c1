using Mgmt.Agent;
using Mgmt.Cli.Logs;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Tests;

public sealed class TextLogTests
{
    [Fact]
    public void Every_report_has_its_line() => Assert.Equal(
        """
        mgmt 0.1.0 started on web
        graph mygraph: 4 new, 0 changed, 0 removed, 0 kept
        File[f2]: missing; wrote 8 bytes
        File[f2]: present; would remove
        Exec[e1]: refreshed
        Exec[e1]: failed: cannot run "false": it ended with exit code 1; next try in 2 s
            first line
            second \x1b[31mline
        Exec[e1]: failed: cannot run "false"
        Exec[e1]: failed: cannot run "false"; next try at once
        File[f2]: watch lost: cannot watch /x; next try in 1.5 s
        File[b]: blocked by Exec[e1]
        converged: 4 checked, 2 changed, 1 failed, 1 blocked in 0.05 s
        refused the graph: 2 mistakes; the one before it goes on
            x:1:1: cannot a
            x:2:1: cannot b
        watching 10000 paths in 9000 directories of /srv (ext4) by one fanotify mark; 1 path in 1 directory of /a\x1bb (overlay) by inotify; 2 paths in 1 directory of / (ext4) by looking from time to time
        warning: it is late
        cannot start
        stopping: SIGTERM; 1 check is running
        stopping: converged
        fault of mgmt: cannot handle Tick: boom
               at Here()

        """,
        Logged.Text().Show(
            new StartedReport("0.1.0", "web"),
            new SwapReport("mygraph", 4, 0, 0, 0),
            new SwapReport("", 0, 0, 0, 0),
            Logged.Check(Logged.F2, CheckResult.Changed("missing", "wrote 8 bytes")),
            Logged.Check(Logged.F2, CheckResult.WouldChange("present", "would remove")),
            Logged.Check(Logged.E1, CheckResult.Changed("", "refreshed")),
            Logged.Check(Logged.E1, CheckResult.Failed("cannot run \"false\": it ended with exit code 1", "first line\nsecond \u001b[31mline\n"), retryIn: 2),
            Logged.Check(Logged.E1, CheckResult.Failed("cannot run \"false\"")),
            Logged.Check(Logged.E1, CheckResult.Failed("cannot run \"false\""), retryIn: 0),
            new WatchLostReport(Logged.F2, "cannot watch /x", TimeSpan.FromSeconds(1.5)),
            Logged.Converged(changed: 2, failed: 1, new BlockedResource(Logged.B, [Logged.E1])),
            new RefusedReport("x:1:1: cannot a\nx:2:1: cannot b\n", 2, KeepsOld: true),
            new WatchReport([]),
            new WatchReport(Logged.Groups),
            new WarningReport("it is late"),
            new FatalReport("cannot start"),
            new StoppingReport("SIGTERM", 1),
            new StoppingReport("converged", 0),
            new FaultReport("cannot handle Tick: boom\n   at Here()")));

    [Fact]
    public void Time_is_local()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        new TextLog(new Palette(false), TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(2), "x", "x"))
            .Write(Logged.Noon().GetUtcNow(), new WarningReport("late"), output);
        Assert.Equal("14:00:01.123 warning: late\n", System.Text.Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Convergence_is_said_again_only_when_something_is_new()
    {
        var log = Logged.Text();
        var failure = Logged.Check(Logged.E1, CheckResult.Failed("cannot"));
        Assert.Equal("converged: 4 checked, 0 changed, 0 failed, 0 blocked in 0.05 s\n", log.Show(Logged.Converged()));
        Assert.Equal("", log.Show(new ActiveReport(), Logged.Converged()));
        Assert.Contains("converged: 4 checked, 1 changed", log.Show(Logged.Converged(changed: 1)), StringComparison.Ordinal);
        Assert.Contains("1 failed, 0 blocked", log.Show(failure, Logged.Converged(failed: 1)), StringComparison.Ordinal);
        Assert.Equal("", log.Show(Logged.Converged(failed: 1)));
        Assert.Contains("1 failed, 0 blocked", log.Show(failure, Logged.Converged(failed: 1)), StringComparison.Ordinal);
        Assert.Contains("0 failed, 0 blocked", log.Show(Logged.Converged()), StringComparison.Ordinal);
        Assert.Contains("converged", log.Show(new SwapReport("g", 0, 1, 0, 3), Logged.Converged()), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_blocked_is_said_again_only_when_it_is_blocked_by_others()
    {
        var log = Logged.Text();
        var byE1 = Logged.Converged(0, 1, new BlockedResource(Logged.B, [Logged.E1]));
        var byBoth = Logged.Converged(0, 1, new BlockedResource(Logged.B, [Logged.E1, Logged.F2]));
        Assert.StartsWith("File[b]: blocked by Exec[e1]\n", log.Show(byE1), StringComparison.Ordinal);
        Assert.Equal("", log.Show(byE1));
        Assert.Equal("File[b]: blocked by Exec[e1], File[f2]\n", log.Show(byBoth));
        log.Show(Logged.Converged());
        Assert.StartsWith("File[b]: blocked by Exec[e1]\n", log.Show(byE1), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_from_outside_can_steer_the_terminal()
    {
        var steering = "\u001b]0;x\u0007\r\n\u009b2J\u202e";
        var text = Logged.Text(colors: true).Show(
            Logged.Check(new("file", steering), CheckResult.Changed(steering, steering)),
            Logged.Check(Logged.E1, CheckResult.Failed(steering, steering)),
            new SwapReport(steering, 0, 0, 0, 0),
            new RefusedReport(steering, 1, true),
            Logged.Converged(0, 1, new BlockedResource(new("file", steering), [new("file", steering)])),
            new StatusReport(new RunnerStatus(steering, true, 0, [new(new("file", steering), VertexState.Failed, TimeSpan.Zero, [steering], steering, steering)]), []));
        foreach (var color in new[] { "\u001b[0m", "\u001b[2m", "\u001b[31m", "\u001b[32m", "\u001b[33m", "\u001b[36m" }) text = text.Replace(color, "", StringComparison.Ordinal);
        Assert.DoesNotContain(text, c => (char.IsControl(c) && c != '\n') || c == '\u202e');
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.0504, "0.05 s")]
    [InlineData(2, "2 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(303, "5 min 3 s")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(273_600, "3 d 4 h")]
    public void Durations_are_short(double seconds, string words) => Assert.Equal(words, Durations.Say(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(false, false, "CheckReport SwapReport ConvergedReport StartedReport StoppingReport RefusedReport WarningReport FaultReport WatchLostReport StatusReport Failed")]
    [InlineData(true, false, "RefusedReport WarningReport FaultReport WatchLostReport StatusReport Failed")]
    [InlineData(true, true, "RefusedReport WarningReport FaultReport WatchLostReport StatusReport Failed FatalReport Refused")]
    public void Quiet_leaves_what_is_wrong(bool quiet, bool json, string shown)
    {
        (string Name, Report Report)[] all =
        [
            ("InOrder", Logged.Check(Logged.F2, CheckResult.InOrder)),
            ("ActiveReport", new ActiveReport()),
            ("CheckReport", Logged.Check(Logged.F2, CheckResult.Changed("a", "b"))),
            ("SwapReport", new SwapReport("g", 0, 0, 0, 0)),
            ("ConvergedReport", Logged.Converged()),
            ("StartedReport", new StartedReport("1", "h")),
            ("StoppingReport", new StoppingReport("x", 0)),
            ("RefusedReport", new RefusedReport("x", 1, KeepsOld: true)),
            ("WarningReport", new WarningReport("x")),
            ("FaultReport", new FaultReport("x")),
            ("WatchLostReport", new WatchLostReport(Logged.F2, "x", TimeSpan.Zero)),
            ("StatusReport", new StatusReport(new RunnerStatus("g", true, 0, []), [])),
            ("Failed", Logged.Check(Logged.F2, CheckResult.Failed("x"))),
            ("FatalReport", new FatalReport("x")),
            ("Refused", new RefusedReport("x", 1, KeepsOld: false)),
        ];
        var style = new LogStyle(json ? LogFormat.Json : LogFormat.Text, quiet, Color: false);
        Assert.Equal(shown, string.Join(' ', all.Where(one => LogFilter.Shows(one.Report, style)).Select(one => one.Name)));
    }
}
