using System.Diagnostics;
using System.Text;
using Mgmt.Agent;
using Mgmt.Cli.Logs;
using Mgmt.Engine.Kinds;

namespace Mgmt.Cli.Tests;

public sealed class LogWriterTests
{
    [Fact]
    public async Task Lines_come_in_the_order_of_reports()
    {
        var output = new GateStream(isOpen: true);
        await using (var log = new LogWriter(output, Logged.Text(), Logged.Noon()))
        {
            for (var i = 0; i < 1000; i++) log.Tell(new WarningReport($"{i}"));
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"12:00:01.123 warning: {i}"), output.Lines);
    }

    [Fact]
    public async Task A_blocked_output_holds_up_nobody_and_what_was_dropped_is_counted()
    {
        var output = new GateStream(isOpen: false);
        await using (var log = new LogWriter(output, Logged.Text(), Logged.Noon(), mostQueued: 4))
        {
            log.Tell(new WarningReport("first"));
            await output.Waiting;
            for (var i = 0; i < 10; i++) log.Tell(new WarningReport($"{i}"));
            Assert.Equal(4, log.QueueLength);
            output.Open();
        }

        Assert.Equal(
            ["first", "0", "1", "2", "3", "6 lines were dropped: the output did not keep up"],
            output.Lines.Select(line => line.Replace("12:00:01.123 warning: ", "", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_output_that_is_gone_ends_the_log_and_nothing_else()
    {
        var output = new GateStream(isOpen: true) { Fails = true };
        await using var log = new LogWriter(output, Logged.Text(), Logged.Noon(), mostQueued: 4);
        log.Tell(new WarningReport("first"));
        await output.Waiting;
        for (var i = 0; i < 100; i++) log.Tell(new WarningReport($"{i}"));
        await log.DisposeAsync();
        Assert.True(output.Writes <= 2, $"written {output.Writes} times");
    }

    [Fact]
    public async Task The_end_waits_two_seconds_for_a_blocked_output_and_no_longer()
    {
        var time = Logged.Noon();
        var output = new GateStream(isOpen: false);
        var log = new LogWriter(output, Logged.Text(), time);
        log.Tell(new WarningReport("first"));
        await output.Waiting;
        var end = log.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(end.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await end;
        output.Open();
    }

    [Fact]
    public async Task A_mistake_of_the_view_does_not_end_the_log()
    {
        var output = new GateStream(isOpen: true);
        await using (var log = new LogWriter(output, Logged.Text(), Logged.Noon()))
        {
            log.Tell(Logged.Check(Logged.F2, null!));
            log.Tell(new WarningReport("last"));
        }

        Assert.Contains(output.Lines, line => line.Contains("fault of mgmt: cannot show a CheckReport", StringComparison.Ordinal));
        Assert.EndsWith("warning: last", output.Lines[^1], StringComparison.Ordinal);
    }

    /// <summary>A bound far from what is promised, so that a busy machine does not fail it: 100,000 lines take about a tenth of it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Views_are_quick_enough(bool json)
    {
        ILogView view = json ? new JsonLog("web") : Logged.Text();
        var report = Logged.Check(Logged.F2, CheckResult.Changed("content differs", "wrote 8 bytes"));
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 100_000; i++)
        {
            view.Write(DateTimeOffset.UnixEpoch, report, output);
            output.ResetWrittenCount();
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }


    /// <summary>An output that takes nothing until it is opened.</summary>
    private sealed class GateStream : MemoryStream
    {
        private readonly TaskCompletionSource _gate = new();
        private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public GateStream(bool isOpen)
        {
            if (isOpen) Open();
        }

        public bool Fails { get; init; }

        public int Writes { get; private set; }

        /// <summary>Completes when the first write has begun.</summary>
        public Task Waiting => _waiting.Task;

        public string[] Lines => Encoding.UTF8.GetString(ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public void Open() => _gate.TrySetResult();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            _waiting.TrySetResult();
            _gate.Task.Wait();
            if (Fails) throw new IOException("the reader is gone");
            base.Write(buffer);
        }
    }
}
