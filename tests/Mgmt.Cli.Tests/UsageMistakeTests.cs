namespace Mgmt.Cli.Tests;

public sealed class UsageMistakeTests
{
    [Theory]
    [InlineData("ru", "cannot run command \"ru\": there is no such command; did you mean run?", "")]
    [InlineData("grpah --file x", "cannot run command \"grpah\": there is no such command; did you mean graph?", "")]
    [InlineData("frobnicate", "cannot run command \"frobnicate\": there is no such command", "")]
    [InlineData("--hlp", "cannot use --hlp: mgmt has no such flag; did you mean --help?", "")]
    [InlineData("--file x", "cannot use --file here: it stands after the command, as in mgmt run --file", "")]
    [InlineData("--noop run", "cannot use --noop here: it stands after the command, as in mgmt run --noop", "run ")]
    [InlineData("-- run", "cannot run run here: the command is the first word", "")]
    [InlineData("run", "cannot go on without a graph: name a file with --file FILE or in MGMT_FILE", "run ")]
    [InlineData("graph", "cannot go on without a graph: name a file with --file FILE or in MGMT_FILE", "graph ")]
    [InlineData("run --file x --grafviz y", "cannot use --grafviz: mgmt run has no such flag; did you mean --graphviz?", "run ")]
    [InlineData("run --file x --grafviz=y", "cannot use --grafviz: mgmt run has no such flag; did you mean --graphviz?", "run ")]
    [InlineData("run --file x --convergd-timeout 5", "cannot use --convergd-timeout: mgmt run has no such flag; did you mean --converged-timeout?", "run ")]
    [InlineData("run --file x --conv", "cannot use --conv: mgmt run has no such flag; did you mean --converged-timeout?", "run ")]
    [InlineData("run --file x -x", "cannot use -x: mgmt run has no such flag", "run ")]
    [InlineData("run --file x --version", "cannot use --version: mgmt run has no such flag", "run ")]
    [InlineData("graph --file x --noop", "cannot use --noop: mgmt graph has no such flag", "graph ")]
    [InlineData("run x", "cannot use argument \"x\": mgmt run takes flags alone; did you mean --file x?", "run ")]
    [InlineData("kinds x", "cannot use argument \"x\": mgmt kinds takes flags alone", "kinds ")]
    [InlineData("run @x", "cannot use argument \"@x\": mgmt run takes flags alone; did you mean --file @x?", "run ")]
    [InlineData("run --file", "cannot use --file: it needs a value", "run ")]
    [InlineData("run --file= --noop", "cannot use --file: it needs a value after \"=\"", "run ")]
    [InlineData("run --file --noop", "cannot use --file \"--noop\": it needs a value, and this looks like a flag (write --file=--noop if it is none)", "run ")]
    [InlineData("run --noop=x --file y", "cannot use --noop \"x\": it is neither true nor false", "run ")]
    [InlineData("run --hostname a --hostname b --file x", "cannot use --hostname \"b\": it is there already", "run ")]
    [InlineData("run --file x --prefix y --tmp-prefix", "cannot use --prefix together with --tmp-prefix: the state is kept in one place", "run ")]
    [InlineData("run --file x --converged-timeout abc", "cannot use --converged-timeout \"abc\": it is not a number of seconds such as 30 or 0.5", "run ")]
    [InlineData("run --file x --converged-timeout NaN", "cannot use --converged-timeout \"NaN\": it is not a number of seconds such as 30 or 0.5", "run ")]
    [InlineData("run --file x --converged-timeout -1", "cannot use --converged-timeout \"-1\": it is less than 0 seconds", "run ")]
    [InlineData("run --file x --max-runtime 2147484", "cannot use --max-runtime \"2147484\": it is more than 2147483 seconds", "run ")]
    [InlineData("run --file x --sema 1.5", "cannot use --sema \"1.5\": it is not a whole number from 0 to 2147483647", "run ")]
    [InlineData("run --file x --sema -1", "cannot use --sema \"-1\": it is less than 0", "run ")]
    [InlineData("run --file x --hostname a/b", "cannot use --hostname \"a/b\": only letters, digits, \".\", \"-\" and \"_\" can stand in a host's name", "run ")]
    [InlineData("run --file x --log-format xml", "cannot use --log-format \"xml\": it is none of text, json", "run ")]
    [InlineData("run --file x --graphviz-filter dog", "cannot use --graphviz-filter \"dog\": it is none of dot, neato, twopi, circo, fdp, sfdp", "run ")]
    [InlineData("graph --file x --format png", "cannot use --format \"png\": it is none of dot, json, mermaid", "graph ")]
    [InlineData("run --file x --\u001b[31m", "cannot use --\\x1b[31m: mgmt run has no such flag", "run ")]
    [InlineData("[diagram] run --file x", "cannot use argument \"[diagram]\": mgmt run takes flags alone; did you mean --file [diagram]?", "run ")]
    public async Task A_mistake_is_told_in_one_sentence(string arguments, string sentence, string command)
    {
        var mgmt = new TestSurroundings();
        Assert.Equal(64, await mgmt.RunAsync(arguments.Split(' ')));
        Assert.Equal($"{sentence}\nFor help: mgmt {command}--help\n", mgmt.Error);
        Assert.Equal("", mgmt.Output);
        Assert.Null(mgmt.Asked);
    }

    [Theory]
    [InlineData("MGMT_NOOP", "maybe", "cannot use MGMT_NOOP \"maybe\": it is neither true nor false")]
    [InlineData("MGMT_MAX_RUNTIME", "1e9", "cannot use MGMT_MAX_RUNTIME \"1e9\": it is not a number of seconds such as 30 or 0.5")]
    [InlineData("MGMT_LOG_FORMAT", "JSON", "cannot use MGMT_LOG_FORMAT \"JSON\": it is none of text, json")]
    [InlineData("MGMT_SEMA", "many", "cannot use MGMT_SEMA \"many\": it is not a whole number from 0 to 2147483647")]
    public async Task A_mistake_in_the_environment_names_the_variable(string variable, string value, string sentence)
    {
        var mgmt = new TestSurroundings { Environment = { [variable] = value } };
        Assert.Equal(64, await mgmt.RunAsync("run", "--file", "x"));
        Assert.Equal($"{sentence}\nFor help: mgmt run --help\n", mgmt.Error);
    }

    [Fact]
    public async Task All_wrong_values_are_told_at_once()
    {
        var mgmt = new TestSurroundings();
        Assert.Equal(64, await mgmt.RunAsync("run", "--sema", "x", "--file", "", "--max-runtime", "y"));
        Assert.Equal(4, mgmt.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("cannot use --file \"\": it is empty\n", mgmt.Error, StringComparison.Ordinal);
    }
}
