using Mgmt.Agent;
using Mgmt.Cli.Logs;
using Mgmt.Engine;
using Mgmt.Engine.Running;

namespace Mgmt.Cli.Tests;

public sealed class StatusViewTests
{
    [Fact]
    public void What_does_or_wants_something_comes_first() => Assert.Equal(
        """
        status of graph g: not converged, 8 resources; queued: runner 3, log 0
            running                    1.2 s  Exec[e1]
            waiting for semaphore        2 s  Exec[e2] on db:1
            waiting for retry            2 s  File[f]; last error: cannot write /f: no space is left
            failed                 5 min 3 s  File[g]; last error: cannot write /g
            waiting                      2 s  Luks[l]: needs a key; run: mgmt unlock l
            blocked                      2 s  File[b] on File[g]
            in order               2 h 5 min  File[w]; watch lost: cannot watch /w
            in order               2 h 5 min  File[a]

        """,
        Logged.Text().Show(new StatusReport(
            new RunnerStatus(
                "g",
                false,
                3,
                [
                    new(new("exec", "e1"), VertexState.Running, TimeSpan.FromSeconds(1.2), [], "", ""),
                    new(new("exec", "e2"), VertexState.WaitingForSemaphore, TimeSpan.FromSeconds(2), ["db:1"], "", ""),
                    new(new("file", "a"), VertexState.InOrder, TimeSpan.FromSeconds(7500), [], "", ""),
                    new(new("file", "b"), VertexState.Blocked, TimeSpan.FromSeconds(2), ["File[g]"], "", ""),
                    new(new("file", "f"), VertexState.WaitingForRetry, TimeSpan.FromSeconds(2), [], "cannot write /f: no space is left", ""),
                    new(new("file", "g"), VertexState.Failed, TimeSpan.FromSeconds(303), [], "cannot write /g", ""),
                    new(new("luks", "l"), VertexState.Waiting, TimeSpan.FromSeconds(2), ["needs a key; run: mgmt unlock l"], "", ""),
                    new(new("file", "w"), VertexState.InOrder, TimeSpan.FromSeconds(7500), [], "", "cannot watch /w"),
                ]),
            [("log", 0)])));

    [Theory]
    [InlineData(VertexState.InOrder, 50, 50, null)]
    [InlineData(VertexState.InOrder, 173, 51, "and 123 more in order")]
    [InlineData(VertexState.Failed, 1002, 1001, "and 2 more that are not in order")]
    public void The_table_is_bounded(VertexState state, int vertices, int lines, string? last)
    {
        var table = StatusView.Table(new RunnerStatus("g", true, 0, [.. Enumerable.Range(0, vertices).Select(i => new VertexStatus(new Address("test", $"{i:d4}"), state, TimeSpan.Zero, [], "", ""))]));
        Assert.Equal(lines, table.Count);
        if (last is not null) Assert.Equal(last, table[^1]);
    }

    [Fact]
    public void Every_state_has_words_of_its_own() =>
        Assert.Equal(Enum.GetValues<VertexState>().Length, Enum.GetValues<VertexState>().Select(StatusView.Words).Distinct().Count());
}
