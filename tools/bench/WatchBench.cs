using System.Diagnostics;
using System.Globalization;

namespace Mgmt.Bench;

/// <summary>10,000 files in 10,000 directories, by inotify and by fanotify; and a storm of files that nobody manages, next to one that is. On a tmpfs of its own; root only.</summary>
internal static class WatchBench
{
    private const int Count = 10_000, Rounds = 1_000, StormPerSecond = 100_000, StormNames = 50_000;
    private static readonly TimeSpan StormTime = TimeSpan.FromSeconds(10);

    public static void Run(Place place)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Console.WriteLine("\nwatches are left out: mounting a file system takes root");
            return;
        }

        foreach (var (watcher, count) in new[] { ("inotify", 1), ("inotify", Count), ("auto", Count) }) Run(place, watcher, count);
    }

    private static void Run(Place place, string watcher, int count)
    {
        var target = Directory.CreateDirectory(place["fs"]).FullName;
        ChildProcess.Run($"mount -t tmpfs -o size=2g,nr_inodes=1m tmpfs {target}");
        try
        {
            Figures.Title($"{count} files in {count} directories, --watcher {watcher}");
            var start = Stopwatch.GetTimestamp();
            var agent = place.StartConverged(place.Write("watch.yaml", Graph(target, count)), $"--watcher {watcher}");
            var setUp = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Thread.Sleep(TimeSpan.FromSeconds(4));
            Figures.Row("made and watched", $"{setUp:0.00} s   {InfoLines(agent, "inotify wd:")} inotify watches   {InfoLines(agent, "fanotify sdev:")} marks   resident {IdleBench.ResidentMiB(agent):0.0} MiB");
            Row("unlink until restored", [.. Enumerable.Range(0, Rounds).Select(round => Heal(target, round * 7919 % count, pause: 2))]);
            Storm(agent, target, count);
            ChildProcess.Terminate(agent);
        }
        finally
        {
            ChildProcess.Run($"umount -l {target}");
        }
    }

    private static void Storm(int agent, string target, int count)
    {
        // Next to a managed file: in the same directory.
        using var ended = new CancellationTokenSource(StormTime);
        var before = IdleBench.CpuTicks(agent);
        var written = Task.Run(() => Write($"{target}/d0", ended.Token));
        Thread.Sleep(500);
        var times = new List<double>();
        while (!ended.IsCancellationRequested) times.Add(Heal(target, times.Count % 2 * (count - 1), pause: 100));
        var rate = written.Result / StormTime.TotalSeconds;
        Figures.Row("storm", $"{rate:0} other files a second   the agent's cpu {(IdleBench.CpuTicks(agent) - before) / StormTime.TotalSeconds:0} %   resident {IdleBench.ResidentMiB(agent):0.0} MiB");
        Row("unlink until restored in the storm", times);
    }

    private static long Write(string folder, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var text = "hello"u8.ToArray();
        var written = 0L;
        while (!cancel.IsCancellationRequested)
        {
            if (written >= Stopwatch.GetElapsedTime(start).TotalSeconds * StormPerSecond)
            {
                Thread.Sleep(1);
                continue;
            }

            File.WriteAllBytes(string.Create(CultureInfo.InvariantCulture, $"{folder}/x{written++ % StormNames}"), text);
        }

        return written;
    }

    private static double Heal(string target, int number, int pause)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"{target}/d{number}/f");
        var start = Stopwatch.GetTimestamp();
        File.Delete(file);
        while (!File.Exists(file)) Thread.SpinWait(1);
        var time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        Thread.Sleep(pause);
        return time;
    }

    private static void Row(string name, IReadOnlyList<double> times) =>
        Figures.Row(name, $"median {Figures.Median(times),6:0} µs   p99 {Figures.Quantile(times, 0.99),6:0} µs   worst {times.Max(),6:0} µs");

    private static int InfoLines(int agent, string start) => Directory.GetFiles(string.Create(CultureInfo.InvariantCulture, $"/proc/{agent}/fdinfo"))
        .Sum(file => File.ReadLines(file).Count(line => line.StartsWith(start, StringComparison.Ordinal)));

    private static string Graph(string target, int count) => "graph: watch\nresources:\n  file:\n" + string.Concat(
        Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"  - {{name: f{i}, path: \"{target}/d{i}/f\", content: \"i am f{i}\\n\"}}\n")));
}
