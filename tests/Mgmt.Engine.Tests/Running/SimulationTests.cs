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
            var host = new SimulatedHost(random, new TestKind());
            for (var steps = random.Next(400); steps > 0; steps--) host.Disturb();
            var calm = 0;
            while (host.Calm() && calm < CalmSteps && !(calm > 1000 && host.IsConverged)) calm++;
            Assert.Empty(host.Unseen());
            if (host.Checks > 0) Assert.True(host.IsConverged, $"not converged after {calm} steps: {string.Join(", ", host.NotInOrder())}");
            Assert.DoesNotContain(host.NotInOrder(), one => one.Contains("Waiting", StringComparison.Ordinal) || one.Contains("Running", StringComparison.Ordinal));
        },
        iter: 1000,
        threads: 1);
}
