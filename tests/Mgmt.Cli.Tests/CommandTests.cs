using Mgmt.Agent;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;

namespace Mgmt.Cli.Tests;

public sealed class CommandTests
{
    [Fact]
    public async Task Mgmt_alone_prints_help_and_is_a_mistake()
    {
        var mgmt = new TestSurroundings();
        Assert.Equal((64, ""), (await mgmt.RunAsync(), mgmt.Error));
        Assert.StartsWith("mgmt keeps a host as a graph of resources describes it.\n\nUsage: mgmt COMMAND [flags]\n", mgmt.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("graph")]
    [InlineData("kinds")]
    [InlineData("schema")]
    [InlineData("kv get")]
    [InlineData("kv put")]
    [InlineData("kv del")]
    [InlineData("kv ls")]
    [InlineData("kv watch")]
    [InlineData("kv txn")]
    [InlineData("member list")]
    [InlineData("mesh init")]
    [InlineData("mesh token")]
    [InlineData("mesh revoke")]
    [InlineData("mesh operator")]
    [InlineData("mesh recover")]
    [InlineData("store status")]
    [InlineData("store compact")]
    [InlineData("store alarm list")]
    [InlineData("store alarm disarm")]
    [InlineData("store snapshot save")]
    [InlineData("store snapshot inspect")]
    [InlineData("store snapshot restore")]
    [InlineData("store scrub")]
    [InlineData("status")]
    [InlineData("unlock")]
    [InlineData("lock")]
    [InlineData("mesh members")]
    [InlineData("mesh size")]
    [InlineData("mesh drain")]
    [InlineData("mesh undrain")]
    [InlineData("mesh promote")]
    [InlineData("mesh demote")]
    [InlineData("mesh transfer")]
    [InlineData("mesh remove")]
    public async Task Every_command_has_help_with_an_example(string command)
    {
        var mgmt = new TestSurroundings();
        Assert.Equal(0, await mgmt.RunAsync([.. command.Split(' '), "--help"]));
        Assert.StartsWith($"mgmt {command}: ", mgmt.Output, StringComparison.Ordinal);
        Assert.Contains($"mgmt {command}", mgmt.Output[mgmt.Output.IndexOf("\nExamples:\n", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain(mgmt.Output.Split('\n'), line => line.Length > 120);
    }

    [Theory]
    [InlineData("kv", "get    ")]
    [InlineData("member", "list  ")]
    [InlineData("mesh", "members   ")]
    [InlineData("store", "snapshot save     ")]
    [InlineData("store snapshot", "save     ")]
    [InlineData("store alarm", "disarm  ")]
    public async Task The_first_words_of_commands_list_them(string words, string line)
    {
        var (asked, left) = (new TestSurroundings(), new TestSurroundings());
        Assert.Equal((0, ""), (await asked.RunAsync([.. words.Split(' '), "--help"]), asked.Error));
        Assert.StartsWith($"Usage: mgmt {words} COMMAND\n\nCommands:\n", asked.Output, StringComparison.Ordinal);
        Assert.Contains("\n  " + line, asked.Output, StringComparison.Ordinal);
        Assert.Equal((64, asked.Output), (await left.RunAsync(words.Split(' ')), left.Output));
    }

    [Theory]
    [InlineData("run --no", "--no-color\n--no-vote\n--no-watch\n--noop\n")]
    [InlineData("graph --file x --format ", "dot\njson\nmermaid\nwatches\n")]
    [InlineData("", "--help\n--version\n-h\ncompletion\ngraph\nkinds\nkv\nlock\nmember\nmesh\nrun\nschema\nstatus\nstore\nunlock\n")]
    [InlineData("kv ", "--help\n-h\ndel\nget\nls\nput\ntxn\nwatch\n")]
    [InlineData("kv get a --sort ", "create\nkey\nmod\nvalue\nversion\n")]
    [InlineData("store snapshot ", "--help\n-h\ninspect\nrestore\nsave\n")]
    [InlineData("store alarm ", "--help\n-h\ndisarm\nlist\n")]
    public async Task Shells_can_ask_for_completions(string typed, string words)
    {
        var mgmt = new TestSurroundings();
        Assert.Equal(0, await mgmt.RunAsync($"[suggest:{typed.Length}]", typed));
        Assert.Equal(words, mgmt.Output);
    }

    [Fact]
    public async Task Kinds_and_schema_print_what_they_are_given()
    {
        var mgmt = new TestSurroundings();
        Assert.Equal(0, await mgmt.RunAsync("kinds"));
        Assert.Equal(0, await mgmt.RunAsync("schema"));
        Assert.Equal("the kinds\n{}\n", mgmt.Output);
    }

    [Theory]
    [InlineData("dot", "digraph \"g\" {\n")]
    [InlineData("json", "{\n  \"vertices\": [\n")]
    [InlineData("mermaid", "flowchart TD\n")]
    [InlineData("watches", "BY       PATHS  DIRECTORIES  FILE SYSTEM\ninotify  2      1            / (ext4)\n")]
    public async Task Graph_prints_the_plan(string format, string beginning)
    {
        var mgmt = new TestSurroundings { Compiled = (SomePlan(), "") };
        Assert.Equal((0, ""), (await mgmt.RunAsync("graph", "--file", "x", "--format", format), mgmt.Error));
        Assert.StartsWith(beginning, mgmt.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_graph_is_not_printed()
    {
        var mgmt = new TestSurroundings { Compiled = (null, "x:1:1: cannot read it\n") };
        Assert.Equal(65, await mgmt.RunAsync("graph", "--file", "x"));
        Assert.Equal(("", "x:1:1: cannot read it\n"), (mgmt.Output, mgmt.Error));
    }

    [Fact]
    public async Task Run_logs_on_output_and_ends_with_the_code_of_the_agent()
    {
        var mgmt = new TestSurroundings { Reports = [new WarningReport("it is late")], ExitCode = 6 };
        Assert.Equal(6, await mgmt.RunAsync("run", "--file", "x"));
        Assert.Equal(("12:00:01.123 warning: it is late\n", ""), (mgmt.Output, mgmt.Error));
    }

    [Theory]
    [InlineData("text", "")]
    [InlineData("json", "{\"time\":\"2026-03-04T12:00:01.123Z\",\"host\":\"machine\",\"event\":\"fatal\",\"message\":\"cannot use \\u001B[31m\"}\n")]
    public async Task What_ends_the_agent_is_said_on_standard_error(string format, string output)
    {
        var mgmt = new TestSurroundings { Reports = [new FatalReport("cannot use \u001b[31m")], ExitCode = 1 };
        Assert.Equal(1, await mgmt.RunAsync("run", "--file", "x", "--log-format", format));
        Assert.Equal((output, "cannot use \\x1b[31m\n"), (mgmt.Output, mgmt.Error));
    }

    [Fact]
    public async Task A_graph_refused_at_the_start_is_said_on_standard_error()
    {
        var mgmt = new TestSurroundings { Reports = [new RefusedReport("x:1:1: cannot a\nx:2:1: cannot \u001b\n", 2, KeepsOld: false)], ExitCode = 65 };
        Assert.Equal(65, await mgmt.RunAsync("run", "--file", "x"));
        Assert.Equal(("", "x:1:1: cannot a\nx:2:1: cannot \\x1b\n"), (mgmt.Output, mgmt.Error));
    }

    [Fact]
    public async Task What_was_told_before_the_agent_broke_is_still_shown()
    {
        var mgmt = new TestSurroundings { Reports = [new WarningReport("it is late")], AgentThrows = new InvalidOperationException() };
        await Assert.ThrowsAsync<InvalidOperationException>(() => mgmt.RunAsync("run", "--file", "x"));
        Assert.Equal("12:00:01.123 warning: it is late\n", mgmt.Output);
    }

    [Theory]
    [InlineData(true, "", "", "", true)]
    [InlineData(false, "", "", "", false)]
    [InlineData(true, "--no-color", "", "", false)]
    [InlineData(true, "", "NO_COLOR", "1", false)]
    [InlineData(true, "", "MGMT_NO_COLOR", "true", false)]
    [InlineData(true, "", "TERM", "dumb", false)]
    public async Task Colours_are_for_terminals(bool isTerminal, string flag, string variable, string value, bool hasColors)
    {
        var mgmt = new TestSurroundings { OutputIsTerminal = isTerminal, Reports = [new WarningReport("it is late")] };
        if (variable.Length > 0) mgmt.Environment[variable] = value;
        Assert.Equal(0, await mgmt.RunAsync(["run", "--file", "x", .. flag.Length > 0 ? [flag] : Array.Empty<string>()]));
        Assert.Equal(hasColors ? "\u001b[2m12:00:01.123\u001b[0m \u001b[33mwarning: it is late\u001b[0m\n" : "12:00:01.123 warning: it is late\n", mgmt.Output);
    }

    private static Plan SomePlan()
    {
        var spec = new ResourceSpec(new Address("test", "a"), new PlainKind(), new FieldValues(new FieldSet()), Meta.Default, default);
        return Compiler.Compile(new Definition("g", [spec], [], [], []));
    }

    private sealed class PlainKind : Kind
    {
        public override string Name => "test";

        public override string Summary => "";

        public override FieldSet Fields { get; } = new();

        public override IResource Create(ResourceSpec spec) => throw new NotSupportedException();
    }
}
