using System.Diagnostics;

namespace Mgmt.Bench;

/// <summary>From the unlink of a managed file until it is back, seen by another process that does nothing but look.</summary>
internal static class HealBench
{
    private const int Rounds = 1_000;

    public static void Run(Place place)
    {
        Figures.Title($"heal: unlink of a managed file until it is back, {Rounds} times");
        foreach (var count in new[] { 1, 10_000 })
        {
            var target = place[$"t{count}"];
            var agent = place.StartConverged(place.Write($"{count}.yaml", FilesBench.Graph(target, count)));
            var times = new double[Rounds];
            for (var round = 0; round < Rounds; round++)
            {
                var file = $"{target}/f{round * 7919 % count}";
                var start = Stopwatch.GetTimestamp();
                File.Delete(file);
                while (!File.Exists(file)) Thread.SpinWait(1);
                times[round] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                Settle(agent);
            }

            Figures.Row($"{count} managed files", $"median {Figures.Median(times),6:0} µs   p99 {Figures.Quantile(times, 0.99),6:0} µs   worst {times.Max(),6:0} µs");
            if (count == 1) RemoveAndRead($"{target}/f0");
            ChildProcess.Terminate(agent);
        }
    }

    // The agent is at rest again when it has used no more processor time for a moment.
    private static void Settle(int agent)
    {
        for (var before = IdleBench.CpuTicks(agent); ; before = IdleBench.CpuTicks(agent))
        {
            Thread.Sleep(2);
            if (IdleBench.CpuTicks(agent) == before) return;
        }
    }

    private static void RemoveAndRead(string file)
    {
        var right = 0;
        var text = File.ReadAllText(file);
        for (var round = 0; round < Rounds; round++)
        {
            using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"rm -f {file} && cat {file}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            if (shell.StandardOutput.ReadToEnd() == text) right++;
            shell.WaitForExit();
            while (!File.Exists(file)) Thread.SpinWait(1);
        }

        Figures.Row("rm -f f && cat f", $"printed the restored content {right} times of {Rounds}");
    }
}
