using Mgmt.Agent;
using Mgmt.Cli.Logs;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Tests;

public sealed class JsonLogTests
{
    [Fact]
    public void Every_report_has_its_event() => Assert.Equal(
        """
        {"event":"started","version":"0.1.0"}
        {"event":"swapped","graph":"g","added":4,"changed":3,"removed":2,"kept":1}
        {"event":"changed","address":"File[f2]","kind":"file","name":"f2","wrong":"missing","done":"wrote 8 bytes","seconds":0.0003}
        {"event":"would-change","address":"File[f2]","kind":"file","name":"f2","wrong":"present","done":"would remove","seconds":0.0003}
        {"event":"failed","address":"Exec[e1]","kind":"exec","name":"e1","error":"cannot run \"false\"","output":"a\nb","retry":2,"seconds":0.0003}
        {"event":"failed","address":"Exec[e1]","kind":"exec","name":"e1","error":"cannot","output":"","retry":null,"seconds":0.0003}
        {"event":"watch-lost","address":"File[f2]","kind":"file","name":"f2","error":"cannot watch /x","retry":1.5}
        {"event":"blocked","address":"File[b]","kind":"file","name":"b","by":["Exec[e1]"]}
        {"event":"converged","checked":4,"changed":2,"failed":1,"blocked":1,"seconds":0.05}
        {"event":"refused","count":2,"text":"x:1:1: cannot a\nx:2:1: cannot b\n","keeps":true}
        {"event":"watching","groups":[{"by":"fanotify","paths":10000,"directories":9000,"filesystem":"/srv (ext4)"},{"by":"inotify","paths":1,"directories":1,"filesystem":"/a\u001Bb (overlay)"},{"by":"looking","paths":2,"directories":1,"filesystem":"/ (ext4)"}]}
        {"event":"warning","message":"<ü> 'late'"}
        {"event":"fatal","message":"cannot start"}
        {"event":"stopping","reason":"SIGTERM","running":1}
        {"event":"status","graph":"g","converged":false,"queues":{"runner":7,"log":3},"vertices":[{"address":"File[f2]","state":"waiting-for-retry","seconds":1,"on":["x"],"error":"e","watch":"w"}]}
        {"event":"fault","error":"boom"}

        """,
        new JsonLog("web").Show(
            new StartedReport("0.1.0", "web"),
            new SwapReport("g", 4, 3, 2, 1),
            Logged.Check(Logged.F2, CheckResult.Changed("missing", "wrote 8 bytes")),
            Logged.Check(Logged.F2, CheckResult.WouldChange("present", "would remove")),
            Logged.Check(Logged.E1, CheckResult.Failed("cannot run \"false\"", "a\nb"), retryIn: 2),
            Logged.Check(Logged.E1, CheckResult.Failed("cannot")),
            new WatchLostReport(Logged.F2, "cannot watch /x", TimeSpan.FromSeconds(1.5)),
            Logged.Converged(changed: 2, failed: 1, new BlockedResource(Logged.B, [Logged.E1])),
            new ActiveReport(),
            new RefusedReport("x:1:1: cannot a\nx:2:1: cannot b\n", 2, KeepsOld: true),
            new WatchReport(Logged.Groups),
            new WarningReport("<ü> 'late'"),
            new FatalReport("cannot start"),
            new StoppingReport("SIGTERM", 1),
            new StatusReport(new RunnerStatus("g", false, 7, [new(Logged.F2, VertexState.WaitingForRetry, TimeSpan.FromSeconds(1), ["x"], "e", "w")]), [("log", 3)]),
            new FaultReport("boom")));

    [Fact]
    public void No_control_character_is_left_and_any_text_can_be_written()
    {
        var text = new JsonLog("web").Show(new WarningReport("\u001b]0;x\u0007\r\n\u007f\u009b2J\ud800"));
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        Assert.Equal(1, text.Count(c => c == '\n'));
    }
}
