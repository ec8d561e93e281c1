using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Tests.Exec;

// The tests of the file kind live in a namespace of that name.
using File = System.IO.File;

public sealed class ExecCheckTests : ExecFixture
{
    private const string Logging = "echo ran >> log";

    [Fact]
    public async Task Runs_without_a_shell()
    {
        var result = await CheckAsync(Make(("cmd", "touch 'a b' $HOME")));
        Assert.Equal((Outcome.Changed, "it has not run since it was defined"), (result.Outcome, result.Wrong));
        Assert.Matches("^ran in [0-9]+ ms$", result.Done);
        Assert.True(File.Exists(InPlace("a b")) && File.Exists(InPlace("$HOME")));
    }

    [Fact]
    public async Task Runs_in_a_shell_with_its_words()
    {
        var result = await CheckAsync(Make(("cmd", "false\necho late >> log"), ("shell", "/bin/sh -e")));
        Assert.Equal((Outcome.Failed, "cannot run \"false…\": it ended with exit code 1"), (result.Outcome, result.Wrong));
        Assert.Empty(Log());
    }

    [Fact]
    public async Task A_failure_tells_what_was_printed()
    {
        var result = await CheckAsync(Make(("cmd", "echo out; echo err >&2; exit 3"), ("shell", "sh")));
        Assert.Equal("cannot run \"echo out; echo err >&2; exit 3\": it ended with exit code 3", result.Wrong);
        Assert.Equal("out\nerr\n", result.Output);
    }

    [Theory]
    [InlineData("kill -9 $$", "it was killed by signal 9 (KILL)")]
    [InlineData("kill -SEGV $$", "it was killed by signal 11 (SEGV)")]
    public async Task A_signal_is_a_failure(string command, string expected) =>
        Assert.Equal($"cannot run \"{command}\": {expected}", (await CheckAsync(Make(("cmd", command), ("shell", "sh")))).Wrong);

    [Fact]
    public async Task A_program_that_is_missing_is_a_failure_of_the_check_not_of_the_definition() =>
        Assert.Equal("cannot run \"/no/such x\": there is no file /no/such", (await CheckAsync(Make(("cmd", "/no/such x")))).Wrong);

    [Theory]
    [InlineData(CheckReasons.Definition, 1)]
    [InlineData(CheckReasons.Predecessor, 1)]
    [InlineData(CheckReasons.Refresh, 1)]
    [InlineData(CheckReasons.Poll, 1)]
    [InlineData(CheckReasons.Retry, 1)]
    [InlineData(CheckReasons.Watch, 0)]
    public async Task Unguarded_it_runs_on_every_occasion(CheckReasons reason, int runs)
    {
        var result = await CheckAsync(Make(("cmd", Logging), ("shell", "sh")), reason);
        Assert.Equal((runs, runs == 1 ? Outcome.Changed : Outcome.InOrder), (Log().Length, result.Outcome));
    }

    [Fact]
    public async Task With_a_watch_command_an_event_is_an_occasion()
    {
        var result = await CheckAsync(Make(("cmd", Logging), ("shell", "sh"), ("watchcmd", "sleep 1000")), CheckReasons.Watch);
        Assert.Equal((Outcome.Changed, "watchcmd printed a line"), (result.Outcome, result.Wrong));
        Assert.Single(Log());
    }

    [Theory]
    [InlineData("true", CheckReasons.Definition, 1)]
    [InlineData("true", CheckReasons.Watch, 1)]
    [InlineData("true", CheckReasons.Poll, 1)]
    [InlineData("false", CheckReasons.Definition, 0)]
    [InlineData("false", CheckReasons.Predecessor, 0)]
    [InlineData("false", CheckReasons.Refresh | CheckReasons.Predecessor, 1)]
    public async Task Ifcmd_decides_unless_there_is_a_refresh(string ifCommand, CheckReasons reasons, int runs)
    {
        var result = await CheckAsync(Make(("cmd", Logging), ("shell", "sh"), ("ifcmd", ifCommand)), reasons);
        Assert.Equal((runs, runs == 1 ? Outcome.Changed : Outcome.InOrder), (Log().Length, result.Outcome));
    }

    [Fact]
    public async Task An_ifcmd_that_cannot_run_is_a_failure()
    {
        var result = await CheckAsync(Make(("cmd", Logging), ("shell", "sh"), ("ifcmd", "/no/such")));
        Assert.Equal((Outcome.Failed, "cannot run ifcmd \"/no/such\": there is no file /no/such"), (result.Outcome, result.Wrong));
        Assert.Empty(Log());
    }

    [Fact]
    public async Task What_it_creates_decides_unless_there_is_a_refresh()
    {
        var exec = Make(("cmd", "ln -s nowhere made; " + Logging), ("shell", "sh"), ("creates", InPlace("made")));
        Assert.Equal(("would run \"ln -s nowhere made; echo ran >> log\"", $"{InPlace("made")} is missing"), Words(await CheckAsync(exec, apply: false)));
        Assert.Equal(Outcome.Changed, (await CheckAsync(exec)).Outcome);
        Assert.Equal(Outcome.InOrder, (await CheckAsync(exec)).Outcome);
        Assert.Single(Log());
        await CheckAsync(exec, CheckReasons.Refresh);
        Assert.Equal(2, Log().Length);
    }

    [Fact]
    public async Task Noop_runs_ifcmd_and_never_cmd()
    {
        var exec = Make(("cmd", Logging), ("shell", "sh"), ("ifcmd", "echo asked >> log"), ("ifshell", "sh"));
        var all = CheckReasons.Definition | CheckReasons.Watch | CheckReasons.Predecessor | CheckReasons.Poll | CheckReasons.Retry;
        var result = await CheckAsync(exec, all, apply: false);
        Assert.Equal((Outcome.WouldChange, "would run \"echo ran >> log\""), (result.Outcome, result.Done));
        Assert.Equal(Outcome.WouldChange, (await CheckAsync(exec, CheckReasons.Refresh, apply: false)).Outcome);
        Assert.Equal(["asked"], Log());
    }

    [Fact]
    public async Task Variables_reach_all_commands_and_no_message()
    {
        var env = new TextMap([new("SECRET", "xyzzy")]);
        var result = await CheckAsync(Make(("cmd", "test $SECRET = xyzzy && exit 9"), ("shell", "sh"), ("ifcmd", "test $SECRET = xyzzy"), ("ifshell", "sh"), ("env", env)));
        Assert.EndsWith("it ended with exit code 9", result.Wrong, StringComparison.Ordinal);
        Assert.Equal("", result.Output);
    }

    private static (string Done, string Wrong) Words(CheckResult result) => (result.Done, result.Wrong);
}
