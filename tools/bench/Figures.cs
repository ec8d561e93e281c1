using System.Globalization;

namespace Mgmt.Bench;

/// <summary>Medians and how they are printed.</summary>
internal static class Figures
{
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    public static double Quantile(IEnumerable<double> values, double at)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * at))];
    }

    public static void Title(string text) => Console.WriteLine($"\n{text}");

    public static void Row(string name, FormattableString figures) => Console.WriteLine($"  {name,-34} {figures.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Runs the commands in turn, five times after a warm-up, and prints for each the medians and what the first one's wall time is of its own.</summary>
    /// <param name="contestants">Names and commands; the first is what the others are compared with.</param>
    /// <param name="before">Called before each run, with the contestant's number.</param>
    /// <param name="isDone">Asked after each run whether the work was done: a contestant that does nothing is quick.</param>
    /// <param name="runs">How many runs of each count.</param>
    public static void Compare(IReadOnlyList<(string Name, string Command)> contestants, Action<int>? before = null, Func<bool>? isDone = null, int runs = 5)
    {
        var costs = contestants.Select(_ => new List<Cost>()).ToList();
        for (var run = 0; run <= runs; run++)
        {
            for (var i = 0; i < contestants.Count; i++)
            {
                before?.Invoke(i);
                var cost = ChildProcess.Run(contestants[i].Command);
                if (isDone?.Invoke() == false) cost = cost with { Status = -1 };
                if (run > 0) costs[i].Add(cost);
            }
        }

        var first = Median(costs[0].Select(cost => cost.Wall));
        for (var i = 0; i < contestants.Count; i++)
        {
            var wall = Median(costs[i].Select(cost => cost.Wall));
            var failed = costs[i].Count(cost => cost.Status != 0);
            var note = (i == 0 ? "" : $"   mgmt takes {first / wall:0.00} of it") + (failed == 0 ? "" : $"   {failed} of {runs} failed");

            // A process that is started from here counts the memory of its starter, until it uses more itself.
            Row(contestants[i].Name, $"wall {wall,7:0.000} s   cpu {Median(costs[i].Select(cost => cost.Cpu)),7:0.000} s   peak {Median(costs[i].Select(cost => cost.PeakMiB)),6:0.0} MiB{note}");
        }
    }
}
