using CsCheck;

namespace Mgmt.Engine.Tests.Running;

/// <summary>
/// The runner's guarantees over random graphs, events, failures and exchanges of plans. A failure names its seed: the same seed plays the same storm.
/// </summary>
public sealed class SimulationTests
{
    private const int CalmSteps = 20_000;

    [Fact]
    public void AfterAnyStormAllIsInOrderAndNothingWasLost() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            var host = new SimulatedHost(random, TestKind.WithJoint());
            for (var steps = random.Next(400); steps > 0; steps--) host.Disturb();
            var calm = 0;
            while (host.Calm() && calm < CalmSteps && !(calm > 1000 && host.IsConverged)) calm++;
            Assert.Empty(host.Unseen());
            if (host.Checks > 0) Assert.True(host.IsConverged, $"not converged after {calm} steps: {string.Join(", ", host.NotInOrder())}");
            Assert.DoesNotContain(host.NotInOrder(), one => one.Contains("Waiting", StringComparison.Ordinal) || one.Contains("Running", StringComparison.Ordinal));
        },
        iter: 1000,
        threads: 1);

    [Fact]
    public void WithoutATroubleEachGroupIsCheckedOnceAndTogether() => Gen.Int.Sample(
        seed =>
        {
            var host = new SimulatedHost(new Random(seed), TestKind.WithJoint());
            var groups = host.Begin();
            var calm = 0;
            while (!host.IsConverged && calm < CalmSteps && host.Calm()) calm++;
            Assert.True(host.IsConverged, string.Join(", ", host.NotInOrder()));
            Assert.Empty(host.NotInOrder());
            Assert.Equal(groups.OrderBy(one => one, StringComparer.Ordinal), host.Commands.OrderBy(one => one, StringComparer.Ordinal));
        },
        iter: 1000,
        threads: 1);
}
