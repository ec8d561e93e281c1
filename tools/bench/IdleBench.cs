using System.Globalization;

namespace Mgmt.Bench;

/// <summary>What an agent costs that has nothing to do.</summary>
internal static class IdleBench
{
    private const double TicksPerSecond = 100;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(60);

    public static void Run(Place place)
    {
        Figures.Title($"idle for {Time.TotalSeconds} s after convergence");
        foreach (var count in new[] { 1, 100, 10_000 })
        {
            var agent = place.StartConverged(place.Write($"{count}.yaml", FilesBench.Graph(place[$"t{count}"], count)));
            Thread.Sleep(TimeSpan.FromSeconds(1));
            var before = CpuTicks(agent);
            Thread.Sleep(Time);
            var used = (CpuTicks(agent) - before) / TicksPerSecond;
            Figures.Row($"{count} managed files", $"cpu {used:0.00} s   resident {ResidentMiB(agent):0.0} MiB");
            ChildProcess.Terminate(agent);
        }
    }

    public static long CpuTicks(int id)
    {
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    public static double ResidentMiB(int id)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/status")).First(one => one.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }
}
