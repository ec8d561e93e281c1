using Mgmt.Agent;
using Mgmt.Linux.Inotify;

namespace Mgmt.Cli.Tests;

public sealed class RunFlagTests
{
    private static readonly AgentOptions Least = new() { Files = ["x"], Hostname = "machine", Prefix = "/var/lib/mgmt" };

    [Fact]
    public async Task Without_flags_the_defaults_hold() => Same(Least, await AskedAsync(new(), "run", "--file", "x"));

    [Fact]
    public async Task All_flags_reach_the_agent() => Same(
        new AgentOptions
        {
            Files = ["a", "b"],
            ConvergedTimeout = TimeSpan.FromSeconds(0.5),
            ConvergedCluster = true,
            MaxRuntime = TimeSpan.FromSeconds(60),
            Noop = true,
            NoWatch = true,
            Hostname = "web-1.example",
            Graphviz = "g.dot",
            GraphvizFilter = "neato",
            Prefix = "p",
            Parallel = 4,
            Watcher = WatcherChoice.Fanotify,
            DetailedExitCodes = true,
        },
        await AskedAsync(
            new(), "run", "--file", "a", "--file=b", "--converged-timeout", "0.5", "--converged-cluster", "--max-runtime=60", "--noop", "--no-watch=true", "--hostname", "web-1.example",
            "--graphviz", "g.dot", "--graphviz-filter", "neato", "--prefix", "p", "--sema", "4", "--watcher", "fanotify", "--detailed-exitcodes"));

    [Fact]
    public async Task All_variables_reach_the_agent() => Same(
        new AgentOptions
        {
            Files = ["a", "b"],
            ConvergedTimeout = TimeSpan.Zero,
            ConvergedCluster = true,
            MaxRuntime = TimeSpan.FromSeconds(60),
            Noop = true,
            NoWatch = true,
            Hostname = "web",
            Graphviz = "g.dot",
            GraphvizFilter = "neato",
            Prefix = "",
            TmpPrefix = true,
            Parallel = 4,
            Watcher = WatcherChoice.Fanotify,
            DetailedExitCodes = true,
        },
        await AskedAsync(
            new()
            {
                Environment =
                {
                    ["MGMT_FILE"] = "a:b", ["MGMT_CONVERGED_TIMEOUT"] = "0", ["MGMT_CONVERGED_CLUSTER"] = "1", ["MGMT_MAX_RUNTIME"] = "60", ["MGMT_NOOP"] = "1", ["MGMT_NO_WATCH"] = "true", ["MGMT_HOSTNAME"] = "web",
                    ["MGMT_GRAPHVIZ"] = "g.dot", ["MGMT_GRAPHVIZ_FILTER"] = "neato", ["MGMT_TMP_PREFIX"] = "TRUE", ["MGMT_SEMA"] = "4", ["MGMT_WATCHER"] = "fanotify", ["MGMT_DETAILED_EXITCODES"] = "1",
                },
            },
            "run"));

    [Theory]
    [InlineData("MGMT_NOOP", "1", "--noop=false")]
    [InlineData("MGMT_HOSTNAME", "other", "--hostname=machine")]
    [InlineData("MGMT_FILE", "other", "--sema=0")]
    [InlineData("MGMT_TMP_PREFIX", "1", "--prefix=/var/lib/mgmt")]
    [InlineData("MGMT_MAX_RUNTIME", "", "--sema=0")]
    [InlineData("MGMT_SEMA", "wrong", "--sema=0")]
    public async Task A_flag_wins_over_a_variable_and_an_empty_one_is_none(string variable, string value, string flag) =>
        Same(Least, await AskedAsync(new() { Environment = { [variable] = value } }, "run", "--file", "x", flag));

    [Fact]
    public async Task The_flags_of_the_mesh_reach_the_agent()
    {
        var asked = await AskedAsync(
            new() { Environment = { ["MGMT_STORE_QUOTA"] = "3GiB" } },
            "run", "--file", "x", "--listen", "[::1]:2379", "--raft-listen", "127.0.0.1:2380", "--advertise", "LocalHost", "--insecure", "--peers", "127.0.0.2, [::1]:5,localhost:77");
        var store = asked.Store;
        Assert.Equal(("[::1]:2379", "127.0.0.1:2380", "LocalHost", true, 3L << 30), (store.Listen.ToString(), store.RaftListen.ToString(), store.Advertise, store.Insecure, store.Quota));
        Assert.Equal(["127.0.0.2:2379", "[::1]:5", "localhost:77"], store.Peers.Select(static one => one.ToString()));
    }

    [Fact]
    public async Task Without_flags_there_is_no_mesh() =>
        Assert.Equal(new StoreOptions { Quota = 2L << 30 }, (await AskedAsync(new(), "run", "--file", "x")).Store);

    [Theory]
    [InlineData(true, "/state", "/var/lib/mgmt")]
    [InlineData(false, "/state", "/state/mgmt")]
    [InlineData(false, "relative", "/home/me/.local/state/mgmt")]
    [InlineData(false, null, "/home/me/.local/state/mgmt")]
    public async Task State_goes_where_the_user_may_write(bool isRoot, string? state, string prefix)
    {
        var mgmt = new TestSurroundings { IsRoot = isRoot };
        if (state is not null) mgmt.Environment["XDG_STATE_HOME"] = state;
        Same(Least with { Prefix = prefix }, await AskedAsync(mgmt, "run", "--file", "x"));
    }

    [Theory]
    [InlineData("/var/lib/made", "/var/lib/made")]
    [InlineData("/var/lib/made:/var/lib/more", "/var/lib/made")]
    [InlineData("", "/var/lib/mgmt")]
    [InlineData("relative", "/var/lib/mgmt")]
    public async Task State_goes_where_systemd_made_room_for_it(string made, string prefix) =>
        Same(Least with { Prefix = prefix }, await AskedAsync(new() { Environment = { ["STATE_DIRECTORY"] = made } }, "run", "--file", "x"));

    [Theory]
    [InlineData("/run/mgmt/agent.sock")]
    [InlineData("/run/mgmt/agent.sock", "--prefix", "/var/lib/mgmt/")]
    [InlineData("/nowhere/mgmt/agent.sock", "--prefix", "/nowhere/mgmt")]
    [InlineData("/nowhere/s", "--socket", "/nowhere/s")]
    public async Task The_socket_of_the_hosts_own_agent_is_below_run(string socket, params string[] flags)
    {
        if (File.Exists("/run/mgmt/agent.sock")) return; // there is an agent, and this is no test of what it answers
        var mgmt = new TestSurroundings();
        Assert.Equal(69, await mgmt.RunAsync(["status", .. flags]));
        Assert.Contains($"unix:{socket}", mgmt.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_of_the_mesh_are_waited_for_only_with_a_time()
    {
        var mgmt = new TestSurroundings();
        Assert.Equal(64, await mgmt.RunAsync("run", "--file", "x", "--converged-cluster"));
        Assert.StartsWith("cannot use --converged-cluster without --converged-timeout: ", mgmt.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_home_a_prefix_is_needed()
    {
        var mgmt = new TestSurroundings { IsRoot = false };
        mgmt.Environment.Remove("HOME");
        Assert.Equal(64, await mgmt.RunAsync("run", "--file", "x"));
        Assert.StartsWith("cannot find a directory for the agent's state: HOME is not set; name one with --prefix\n", mgmt.Error, StringComparison.Ordinal);
    }

    private static async Task<AgentOptions> AskedAsync(TestSurroundings mgmt, params string[] arguments)
    {
        Assert.Equal((0, ""), (await mgmt.RunAsync(arguments), mgmt.Error));
        return mgmt.Asked!;
    }

    private static void Same(AgentOptions expected, AgentOptions actual)
    {
        Assert.Equal(expected.Files, actual.Files);
        Assert.Equal(expected with { Files = actual.Files }, actual);
    }
}
