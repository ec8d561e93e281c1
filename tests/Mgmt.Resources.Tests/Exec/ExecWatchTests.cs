using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Tests.Exec;

public sealed class ExecWatchTests : ExecFixture
{
    [Fact]
    public async Task Without_a_watch_command_there_is_nothing_to_watch() =>
        Assert.Null(await Make(("cmd", "true")).WatchAsync(new Sink(), default));

    [Fact]
    public async Task Each_line_is_an_event_and_the_end_is_told()
    {
        var sink = new Sink();
        await using var watch = await Make(("cmd", "true"), ("watchcmd", "echo one; echo two; printf three; echo why >&2; exit 3"), ("watchshell", "sh")).WatchAsync(sink, default);
        Assert.Equal(["changed", "changed", "changed"], [await sink.NextAsync(), await sink.NextAsync(), await sink.NextAsync()]);
        Assert.Equal(
            "cannot watch with \"echo one; echo two; printf three; echo why >&2; exit 3\": the command ended with exit code 3 (it printed: why)",
            await sink.NextAsync());
    }

    [Fact]
    public async Task Disposing_ends_it_in_silence()
    {
        var sink = new Sink();
        var watch = await Make(("cmd", "true"), ("watchcmd", "trap 'echo bye; exit' TERM; echo $$ > pid; echo ready; while true; do sleep 1000 & wait; done"), ("watchshell", "sh"))
            .WatchAsync(sink, default);
        Assert.Equal("changed", await sink.NextAsync());
        Assert.True(Directory.Exists($"/proc/{Log("pid")[0]}"));
        await watch!.DisposeAsync().AsTask().WaitAsync(Deadline);
        Assert.Equal(0, sink.Count);
        Assert.False(Directory.Exists($"/proc/{Log("pid")[0]}"));
    }

    [Fact]
    public async Task A_command_that_cannot_start_is_a_watch_that_cannot_open()
    {
        var error = await Assert.ThrowsAsync<ResourceException>(async () => await Make(("cmd", "true"), ("watchcmd", "/no/such")).WatchAsync(new Sink(), default));
        Assert.Equal("cannot watch with \"/no/such\": there is no file /no/such", error.Message);
    }
}
