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
    [InlineData("run --file x --log-format xml", "cannot use --log-format \"xml\": it is none of text, json, journal", "run ")]
    [InlineData("run --file x --graphviz-filter dog", "cannot use --graphviz-filter \"dog\": it is none of dot, neato, twopi, circo, fdp, sfdp", "run ")]
    [InlineData("graph --file x --format png", "cannot use --format \"png\": it is none of dot, json, mermaid, watches", "graph ")]
    [InlineData("run --file x --\u001b[31m", "cannot use --\\x1b[31m: mgmt run has no such flag", "run ")]
    [InlineData("kv gte a", "cannot run command \"kv gte\": there is no such command; did you mean kv get?", "kv ")]
    [InlineData("get a", "cannot run command \"get\": there is no such command; did you mean kv get?", "")]
    [InlineData("store snapshot sav x", "cannot run command \"store snapshot sav\": there is no such command; did you mean store snapshot save?", "store snapshot ")]
    [InlineData("--endpoints a kv get b", "cannot use --endpoints here: it stands after the command, as in mgmt kv get --endpoints", "kv ")]
    [InlineData("kv --prefix get a", "cannot use --prefix here: it stands after the command, as in mgmt kv get --prefix", "kv get ")]
    [InlineData("kv get", "cannot run mgmt kv get without KEY: the key to read", "kv get ")]
    [InlineData("kv get a b", "cannot use argument \"b\": mgmt kv get takes KEY alone beside flags", "kv get ")]
    [InlineData("kv put a b c", "cannot use argument \"c\": mgmt kv put takes KEY and VALUE alone beside flags", "kv put ")]
    [InlineData("kv get --prefx a", "cannot use --prefx: mgmt kv get has no such flag; did you mean --prefix? (if it is none, write -- before it)", "kv get ")]
    [InlineData("kv put a -5", "cannot use -5: mgmt kv put has no such flag (if it is none, write -- before it)", "kv put ")]
    [InlineData("kv put a --laese 5", "cannot use --laese: mgmt kv put has no such flag; did you mean --lease? (if it is none, write -- before it)", "kv put ")]
    [InlineData("kv get a --prefix=true", "cannot use --prefix \"true\": it takes no value", "kv get ")]
    [InlineData("kv get a --prefix --from-key", "cannot use --prefix, --from-key and --range-end together: each says which keys are meant", "kv get ")]
    [InlineData("kv get b --range-end a", "cannot use --range-end \"a\": it does not come behind KEY", "kv get ")]
    [InlineData("kv get abc --hex", "cannot use KEY \"abc\": it is not pairs of hexadecimal digits, as --hex asks for", "kv get ")]
    [InlineData("kv get a --rev 0", "cannot use --rev \"0\": it is not a revision, which is a whole number from 1 on", "kv get ")]
    [InlineData("kv get a --raw --keys-only", "cannot use --raw together with --keys-only, --count-only or -o json: it writes values alone", "kv get ")]
    [InlineData("kv get a -o xml", "cannot use --output \"xml\": it is none of text, json", "kv get ")]
    [InlineData("kv put a", "cannot put without VALUE: write it, or - for standard input", "kv put ")]
    [InlineData("kv put a b --lease xyz", "cannot use --lease \"xyz\": it is not a lease's id, in hexadecimal digits", "kv put ")]
    [InlineData("kv put a b --ignore-value", "cannot use VALUE together with --ignore-value: the value is to stay", "kv put ")]
    [InlineData("kv get a --timeout 0", "cannot use --timeout 0: nothing answers in no time", "kv get ")]
    [InlineData("kv get a --endpoints h:1 --insecure", "cannot use --insecure with h:1: only what stays on this host may go without TLS", "kv get ")]
    [InlineData("kv get a --endpoints ::1 --insecure", "cannot use --endpoints \"::1\": an address of IPv6 stands in brackets: [::1]", "kv get ")]
    [InlineData("kv get a --endpoints localhost:1 --socket x --insecure", "cannot use --endpoints together with --socket: name one place to ask", "kv get ")]
    [InlineData("member list --endpoints http://h:1 --insecure", "cannot use --endpoints \"http://h:1\": it is a URL; write HOST:PORT", "member list ")]
    [InlineData("run --file x --listen h", "cannot use --listen \"h\": it has no port; write h:2379", "run ")]
    [InlineData("run --file x --listen h:0", "cannot use --listen \"h:0\": \"0\" is not a port from 1 to 65535", "run ")]
    [InlineData("run --file x --listen h:1 --insecure", "cannot use --insecure with --listen h:1: only what stays on this host may go without TLS", "run ")]
    [InlineData("run --file x --raft-listen 0.0.0.0:1 --insecure", "cannot use --insecure with --raft-listen 0.0.0.0:1: only what stays on this host may go without TLS", "run ")]
    [InlineData("run --file x --advertise h --insecure", "cannot use --insecure with --advertise h: only what stays on this host may go without TLS", "run ")]
    [InlineData("run --file x --advertise h:1", "cannot use --advertise \"h:1\": it is neither a host's name nor an address; a port does not belong to it", "run ")]
    [InlineData("run --file x --peers localhost,h --insecure", "cannot use --insecure with --peers h:2379: only what stays on this host may go without TLS", "run ")]
    [InlineData("run --file x --peers a,b:x", "cannot use --peers \"a,b:x\": of \"b:x\", \"x\" is not a port from 1 to 65535", "run ")]
    [InlineData("run --file x --peers a,,b", "cannot use --peers \"a,,b\": of \"\", it is empty", "run ")]
    [InlineData("run --file x --peers a,A:2379", "cannot use --peers \"a,A:2379\": it names a:2379 twice", "run ")]
    [InlineData("run --file x --peers 10.0.0.300", "cannot use --peers \"10.0.0.300\": \"10.0.0.300\" is neither a host's name nor an address", "run ")]
    [InlineData("run --file x --listen h:5 --raft-listen h:5", "cannot use --listen and --raft-listen with h:5 both: give each a port of its own", "run ")]
    [InlineData("run --file x --store-quota 1M", "cannot use --store-quota \"1M\": it is less than 16M", "run ")]
    [InlineData("run --file x --store-quota 9999999999G", "cannot use --store-quota \"9999999999G\": it is more than can be counted", "run ")]
    [InlineData("run --file x --store-quota many", "cannot use --store-quota \"many\": it is not a size such as 512M or 4G", "run ")]
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
    [InlineData("MGMT_LOG_FORMAT", "JSON", "cannot use MGMT_LOG_FORMAT \"JSON\": it is none of text, json, journal")]
    [InlineData("MGMT_SEMA", "many", "cannot use MGMT_SEMA \"many\": it is not a whole number from 0 to 2147483647")]
    public async Task A_mistake_in_the_environment_names_the_variable(string variable, string value, string sentence)
    {
        var mgmt = new TestSurroundings { Environment = { [variable] = value } };
        Assert.Equal(64, await mgmt.RunAsync("run", "--file", "x"));
        Assert.Equal($"{sentence}\nFor help: mgmt run --help\n", mgmt.Error);
    }

    [Fact]
    public async Task Without_certificates_another_host_is_not_asked()
    {
        var mgmt = new TestSurroundings();
        Assert.Equal(64, await mgmt.RunAsync("kv", "get", "a", "--endpoints", "h:1,[::1]:2"));
        Assert.Equal("cannot ask h:1, [::1]:2 without --cacert, --cert and --key: members know each other by certificates; on this host --insecure does without\nFor help: mgmt kv get --help\n", mgmt.Error);
    }

    [Fact]
    public async Task An_empty_key_is_no_key()
    {
        var mgmt = new TestSurroundings();
        Assert.Equal(64, await mgmt.RunAsync("kv", "del", ""));
        Assert.StartsWith("cannot use KEY \"\": a key has at least one byte; all keys are \"\" --prefix\n", mgmt.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MGMT_PREV", "--prev")]
    [InlineData("MGMT_REV", "--rev")]
    public async Task No_variable_stands_for_a_flag_of_one_request(string variable, string flag)
    {
        var mgmt = new TestSurroundings { Environment = { [variable] = "nonsense" } };
        Assert.Equal(69, await mgmt.RunAsync("kv", "watch", "a", "--socket", "/nowhere.sock"));
        Assert.DoesNotContain(flag, mgmt.Error, StringComparison.Ordinal);
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
