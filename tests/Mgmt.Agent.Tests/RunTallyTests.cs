using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Running;

namespace Mgmt.Agent.Tests;

public sealed class RunTallyTests
{
    private static readonly Address One = new("test", "one");

    [Theory]
    [InlineData(false, false, 0, 0)]
    [InlineData(true, false, 0, 2)]
    [InlineData(false, true, 1, 4)]
    [InlineData(true, true, 1, 6)]
    public void TheExitCodeTellsChangesAndFailuresApart(bool changed, bool failed, int plain, int detailed)
    {
        var tally = new RunTally();
        if (changed) tally.See(new CheckReport(One, CheckResult.Changed("wrong", "done"), CheckReasons.Definition, TimeSpan.Zero, null));
        var status = new RunnerStatus("g", true, 0, [new VertexStatus(One, VertexState.InOrder, TimeSpan.Zero, [], failed ? "cannot" : "", "")]);
        Assert.Equal(plain, tally.ExitCodeFor(status, detailed: false));
        Assert.Equal(detailed, tally.ExitCodeFor(status, detailed: true));
    }

    [Fact]
    public void WhatWaitsIsNotInOrder()
    {
        var status = new RunnerStatus("g", true, 0, [new VertexStatus(One, VertexState.Waiting, TimeSpan.Zero, ["needs a key"], "", "")]);
        Assert.Equal(ExitCode.CannotRun, new RunTally().ExitCodeFor(status, detailed: false));
        Assert.Equal(ExitCode.Failed, new RunTally().ExitCodeFor(status, detailed: true));
    }

    [Fact]
    public void WhatWouldBeChangedCountsAsChanged()
    {
        var tally = new RunTally();
        tally.See(new CheckReport(One, CheckResult.WouldChange("wrong", "would"), CheckReasons.Definition, TimeSpan.Zero, null));
        Assert.Equal(ExitCode.Changed, tally.ExitCodeFor(new RunnerStatus("g", true, 0, []), detailed: true));
    }
}
