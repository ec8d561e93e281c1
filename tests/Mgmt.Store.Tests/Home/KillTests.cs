using System.Diagnostics;
using System.Globalization;
using Mgmt.Store.Home;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Home;

/// <summary>A process that writes is killed, again and again. What is there then is a state that once was, and not before what was promised safe.</summary>
public sealed class KillTests
{
    private const int Kills = 12;

    [Fact]
    public async Task After_any_kill_the_state_is_one_that_was()
    {
        using var place = new Place();
        var random = new Random(1);
        var machine = new StoreMachine(StoreView.Empty(7));
        for (var kill = 0; kill < Kills; kill++)
        {
            var safe = await RunAndKill(place.Path, lines: random.Next(5, 60), extra: TimeSpan.FromMilliseconds(random.Next(0, 20)));
            using var home = place.Reopen();
            Assert.InRange(home.View.Index, safe, long.MaxValue);

            // Play the same commands up to there: the state must be the same in every bit.
            Assert.InRange(home.View.Index, machine.View.Index, machine.View.Index + 1_000_000);
            for (var index = machine.View.Index + 1; index <= home.View.Index; index++) machine.Apply(index, WritingChild.CommandAt(index, machine.View));
            Assert.Equal(machine.View.HashAll(), home.View.HashAll());
            Assert.Empty(home.Scrub().Problems);
        }

        Assert.True(machine.View.Index > Kills * 50, $"only {machine.View.Index} commands were written");
    }

    // Answers the last index that the child called safe before it was killed.
    private static async Task<long> RunAndKill(string path, int lines, TimeSpan extra)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "exec", typeof(KillTests).Assembly.Location, "write", path }) start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var seen = new List<string>();
        try
        {
            while (seen.Count < lines)
            {
                var line = await child.StandardOutput.ReadLineAsync(deadline.Token);
                if (line is null) Assert.Fail($"the child ended: {await child.StandardError.ReadToEndAsync(deadline.Token)}");
                seen.Add(line);
            }

            // A moment more, so that the kill does not always come just after a flush.
            await Task.Delay(extra, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the child wrote {seen.Count} of {lines} lines in time, the last: {seen.LastOrDefault()}");
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
        }

        return seen.Where(one => one.StartsWith("safe ", StringComparison.Ordinal)).Select(one => long.Parse(one[5..], CultureInfo.InvariantCulture)).LastOrDefault();
    }
}
