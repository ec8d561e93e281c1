using System.Diagnostics;
using Mgmt.Linux.Processes;

namespace Mgmt.Linux.Tests.Processes;

public sealed class EndingTests : IAsyncLifetime
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    // Where something may be forked just after the first look, which is then killed only when the grace is over.
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private readonly Spawner _spawner = new();
    private readonly Lines _lines = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _spawner.DisposeAsync();

    [Fact]
    public async Task Ends_the_group_and_who_left_it()
    {
        var child = _spawner.StartShell("sleep 1000 & echo $!; setsid sleep 1000 & echo $!; (sleep 1000 & echo $!; wait) & echo $!; wait", _lines);
        int[] pids = [await _lines.NextPidAsync(), await _lines.NextPidAsync(), await _lines.NextPidAsync(), await _lines.NextPidAsync()];
        Assert.All(pids, pid => Assert.True(Pids.IsAlive(pid)));
        Assert.True(await child.EndAsync(Short).Soon());
        Assert.Equal(15, (await child.Exited.Soon()).Signal);
        Assert.All(pids, pid => Assert.False(Pids.IsAlive(pid), $"{pid} is alive"));
    }

    [Fact]
    public async Task Ends_who_left_the_group_and_lost_its_parent()
    {
        var child = _spawner.StartShell("(setsid sleep 1000 & echo $!); (setsid sh -c 'sleep 1000; :' & echo $!); sleep 1000", _lines);
        int[] pids = [await _lines.NextPidAsync(), await _lines.NextPidAsync()];
        Assert.True(await child.EndAsync(Short).Soon());
        Assert.All(pids, pid => Assert.False(Pids.IsAlive(pid), $"{pid} is alive"));
    }

    [Fact]
    public async Task Ends_who_left_the_group_and_dropped_its_environment()
    {
        var child = _spawner.StartShell("setsid env -i sleep 1000 & echo $!; wait", _lines);
        var pid = await _lines.NextPidAsync();
        Assert.True(await child.EndAsync(Short).Soon());
        Assert.False(Pids.IsAlive(pid), $"{pid} is alive");
    }

    [Fact]
    public async Task Kills_what_is_deaf_when_the_grace_is_over()
    {
        var child = _spawner.StartShell("trap '' TERM; setsid sh -c 'trap \"\" TERM; echo $$; sleep 1000; sleep 1000' & while true; do sleep 1000; done", _lines);
        var pid = await _lines.NextPidAsync();
        var begun = Stopwatch.GetTimestamp();
        Assert.True(await child.EndAsync(TimeSpan.FromMilliseconds(300)).Soon());
        Assert.InRange(Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 300, 2000);
        Assert.Equal(9, (await child.Exited.Soon()).Signal);
        Assert.False(Pids.IsAlive(pid), $"{pid} is alive");
    }

    [Fact]
    public async Task Who_ends_well_on_a_signal_is_let_to()
    {
        var child = _spawner.StartShell("trap 'echo tidied; exit 42' TERM; echo ready; while true; do sleep 1000 & wait; done", _lines);
        Assert.Equal("ready", await _lines.NextAsync());
        Assert.True(await child.EndAsync(Grace).Soon());
        Assert.Equal("tidied", await _lines.NextAsync());
        Assert.Equal(42, (await child.Exited.Soon()).Code);
    }

    [Fact]
    public async Task Ends_what_is_stopped()
    {
        var child = _spawner.StartShell("echo ready; kill -STOP $$", _lines);
        await _lines.NextAsync();
        Assert.True(await child.EndAsync(Grace).Soon());
        Assert.Equal(15, (await child.Exited.Soon()).Signal);
    }

    [Fact]
    public async Task Ending_many_times_is_ending_once()
    {
        var child = _spawner.StartShell("sleep 1000");
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => child.EndAsync(Grace))).Soon();
        Assert.DoesNotContain(false, answers);
        Assert.False(Directory.Exists($"/proc/{child.Id}"));
    }

    [Fact]
    public async Task A_daemon_that_a_finished_command_left_lives_on_and_may_write()
    {
        using var place = new Place();
        var script = "mkfifo go result; setsid sh -c 'read line <go; echo late; echo late >&2; echo alive >result' & echo $!";
        var spec = new CommandSpec(["/bin/sh", "-c", script]) { Directory = place.Path, Output = _lines, Errors = new OutputCapture() };
        var child = _spawner.Start(spec);
        var daemon = await _lines.NextPidAsync();
        Assert.Equal(0, (await child.Exited.Soon()).Code);
        Assert.True(await child.EndAsync(Grace).Soon());
        Assert.True(Pids.IsAlive(daemon));

        var result = Task.Run(() => File.ReadAllText(place["result"]));
        await Task.Run(() => File.WriteAllText(place["go"], "go\n")).WaitAsync(Deadline.Time);
        Assert.Equal("alive\n", await result.Soon());
    }
}
