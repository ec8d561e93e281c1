using System.Globalization;
using Mgmt.Engine.Kinds;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Resources.Tests.Exec;

// The tests of the file kind live in a namespace of that name.
using File = System.IO.File;

public sealed class ExecEndingTests : ExecFixture
{
    // Tells the ids of the shell and of what it started, through a pipe that the test reads, and goes on for ever.
    private const string Endless = "setsid sleep 1000 & sleep 1000 & echo $$ $! > pids; wait";

    [Fact]
    public async Task What_takes_too_long_is_ended_with_all_that_it_started()
    {
        var time = new FakeTimeProvider();
        Time = time;
        await MakeFifoAsync();
        var pids = PidsAsync();
        var check = CheckAsync(Make(("cmd", Endless), ("shell", "sh"), ("timeout", 500)));
        var started = await pids;
        time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.All(started, pid => Assert.True(IsAlive(pid)));
        time.Advance(TimeSpan.FromMilliseconds(1));
        var result = await check;
        Assert.Equal($"cannot run \"{Endless}\": it took longer than 500 ms and was ended", result.Wrong);
        Assert.All(started, pid => Assert.False(IsAlive(pid), $"{pid} is alive"));
    }

    [Fact]
    public async Task Cancelling_ends_the_command_before_the_check_is_over()
    {
        using var cancel = new CancellationTokenSource();
        await MakeFifoAsync();
        var pids = PidsAsync();
        var check = CheckAsync(Make(("cmd", Endless), ("shell", "sh")), cancel: cancel.Token);
        var started = await pids;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => check);
        Assert.All(started, pid => Assert.False(IsAlive(pid), $"{pid} is alive"));
    }

    [Fact]
    public async Task An_ifcmd_has_the_same_time()
    {
        var result = await CheckAsync(Make(("cmd", "true"), ("ifcmd", "sleep 1000"), ("timeout", 50)));
        Assert.Equal((Outcome.Failed, "cannot run ifcmd \"sleep 1000\": it took longer than 50 ms and was ended"), (result.Outcome, result.Wrong));
    }

    private async Task<int[]> PidsAsync()
    {
        var text = await Task.Run(() => File.ReadAllText(InPlace("pids"))).WaitAsync(Deadline);
        return [.. text.Split(' ').Select(pid => int.Parse(pid, CultureInfo.InvariantCulture))];
    }

    // Before the command starts, which would make a plain file of that name.
    private async Task MakeFifoAsync()
    {
        Assert.True(Spawner.TryStart(new(["mkfifo", InPlace("pids")]), out var child, out var error), error);
        Assert.Equal(0, (await child.Exited.WaitAsync(Deadline)).Code);
    }

    private static bool IsAlive(int pid) => Directory.Exists($"/proc/{pid}") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
}
