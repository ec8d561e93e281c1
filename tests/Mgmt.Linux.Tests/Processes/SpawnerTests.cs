using Mgmt.Linux.Processes;

namespace Mgmt.Linux.Tests.Processes;

public sealed class SpawnerTests : IAsyncLifetime
{
    private readonly Spawner _spawner = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _spawner.DisposeAsync();

    [Theory]
    [InlineData("exit 0", "ended with exit code 0")]
    [InlineData("exit 3", "ended with exit code 3")]
    [InlineData("exit 255", "ended with exit code 255")]
    [InlineData("kill -9 $$", "was killed by signal 9 (KILL)")]
    [InlineData("kill -PIPE $$", "was killed by signal 13 (PIPE)")]
    [InlineData("kill -40 $$", "was killed by signal 40")]
    public async Task Tells_how_a_child_ended(string script, string expected)
    {
        var status = await _spawner.StartShell(script).Exited.Soon();
        Assert.Equal(expected, status.ToString());
    }

    [Fact]
    public async Task Hands_on_both_streams_whole()
    {
        var (output, errors) = (new OutputCapture(), new OutputCapture());
        var child = _spawner.StartShell("echo out; echo err >&2", output, errors);
        await child.Exited.Soon();
        Assert.Equal(("out\n", "err\n"), (output.ToString(), errors.ToString()));
    }

    [Fact]
    public async Task A_hundred_megabytes_on_both_streams_neither_block_nor_stay()
    {
        var (output, errors) = (new OutputCapture(), new OutputCapture());
        var child = _spawner.StartShell("echo first; head -c 100000000 /dev/zero | tr '\\0' x & head -c 100000000 /dev/zero >&2; wait; echo last", output, errors);
        var status = await child.Exited.Soon();
        Assert.True(status.IsSuccess, status.ToString());
        Assert.Equal((100_000_011, 100_000_000), (output.Length, errors.Length));
        var text = output.ToString();
        Assert.StartsWith("first\nx", text, StringComparison.Ordinal);
        Assert.EndsWith("xlast\n", text, StringComparison.Ordinal);
        Assert.True(text.Length < 17_000, $"{text.Length} characters were kept");
    }

    [Fact]
    public async Task A_child_has_no_descriptor_of_ours()
    {
        // The agent's own: pipes of other children, and a file that somebody opened without close-on-exec.
        const int F_DUPFD = 0;
        using var file = File.OpenHandle("/dev/null");
        using var careless = new Microsoft.Win32.SafeHandles.SafeFileHandle(ProcessNative.Fcntl(file, F_DUPFD, 100), ownsHandle: true);
        var others = Enumerable.Range(0, 5).Select(_ => _spawner.StartShell("sleep 100", new OutputCapture(), new OutputCapture())).ToList();
        var output = new OutputCapture();
        await _spawner.Start(new CommandSpec(["ls", "/proc/self/fd"]) { Output = output }).Exited.Soon();
        await Task.WhenAll(others.Select(child => child.EndAsync(TimeSpan.FromSeconds(1)))).Soon();

        // ls itself opens the directory that it lists.
        Assert.Equal("0\n1\n2\n3\n", output.ToString());
    }

    [Fact]
    public async Task A_child_leads_a_group_and_session_reads_nothing_and_ignores_no_signal()
    {
        var (group, signals) = (new OutputCapture(), new OutputCapture());
        var child = _spawner.Start(new CommandSpec(["cut", "-d ", "-f1,5,6", "/proc/self/stat"]) { Output = group });
        await child.Exited.Soon();
        Assert.Equal($"{child.Id} {child.Id} {child.Id}\n", group.ToString());
        await _spawner.Start(new CommandSpec(["grep", "-E", "SigBlk|SigIgn", "/proc/self/status"]) { Output = signals }).Exited.Soon();
        Assert.Equal($"SigBlk:\t{0:x16}\nSigIgn:\t{0:x16}\n", signals.ToString());
        Assert.Equal(0, (await _spawner.Start(new CommandSpec(["cat"])).Exited.Soon()).Code);
    }

    [Fact]
    public async Task Variables_come_on_top_of_the_agents_own()
    {
        var output = new OutputCapture();
        var spec = new CommandSpec(["/bin/sh", "-c", "echo \"$HOME $ONE $TWO\""]) { Output = output, Environment = [new("ONE", "1"), new("TWO", "zwei=2"), new("ONE", "eins")] };
        await _spawner.Start(spec).Exited.Soon();
        Assert.Equal($"{Environment.GetEnvironmentVariable("HOME")} eins zwei=2\n", output.ToString());
    }

    [Fact]
    public async Task Runs_in_the_directory_and_counts_relative_programs_from_there()
    {
        using var place = new Place();
        place.Script("tool", "#!/bin/sh\npwd");
        var output = new OutputCapture();
        await _spawner.Start(new CommandSpec(["./tool"]) { Output = output, Directory = place.Path }).Exited.Soon();
        await _spawner.Start(new CommandSpec(["tool"]) { Output = output, Directory = place.Path, Environment = [new("PATH", "/nowhere:" + place.Path)] }).Exited.Soon();
        Assert.Equal($"{place.Path}\n{place.Path}\n", output.ToString());
    }

    [Fact]
    public async Task Ends_are_not_lost_to_the_runtimes_own_child_processes()
    {
        for (var i = 0; i < 20; i++)
        {
            using var theirs = System.Diagnostics.Process.Start("/bin/sh", ["-c", "exit 7"]);
            var ours = _spawner.StartShell("exit 5");
            await theirs.WaitForExitAsync().WaitAsync(Deadline.Time);
            Assert.Equal((5, 7), ((await ours.Exited.Soon()).Code, theirs.ExitCode));
        }
    }

    [Fact]
    public async Task Disposing_ends_what_runs()
    {
        var spawner = new Spawner();
        var lines = new Lines();
        var child = spawner.StartShell("trap '' TERM; echo deaf; sleep 1000", lines);
        await lines.NextAsync();
        await spawner.DisposeAsync();
        Assert.Equal(9, (await child.Exited.Soon()).Signal);
        Assert.Throws<ObjectDisposedException>(() => spawner.StartShell("true"));
    }
}
