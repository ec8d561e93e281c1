using System.Diagnostics;

namespace Mgmt.Bench;

/// <summary>From the rename of a new version of the graph until what it changed is on the disk.</summary>
internal static class SwapBench
{
    private const int Count = 10_000;
    private const int Rounds = 11;

    public static void Run(Place place)
    {
        Figures.Title($"swap: one resource of {Count} changes, from the new graph file in place until its content is on the disk");
        Measure(place, "one file", files: 1);
        Measure(place, "a directory of 100 files", files: 100);
    }

    private static void Measure(Place place, string name, int files)
    {
        var target = place["t" + files];
        var graphs = place["g" + files];
        var each = Count / files;
        for (var i = 0; i < files; i++) place.Write($"g{files}/{i:000}.yaml", Part(target, i, each, version: 0));
        var agent = place.StartConverged(graphs);

        // An agent gives back the memory of its start when all is calm; a new version mostly comes later than that.
        Thread.Sleep(TimeSpan.FromSeconds(4));
        var times = new List<double>();
        for (var round = 1; round <= Rounds; round++)
        {
            var next = place.Write("next", Part(target, 0, each, round));
            var start = Stopwatch.GetTimestamp();
            File.Move(next, $"{graphs}/000.yaml", overwrite: true);
            while (File.ReadAllText($"{target}/f0-0") != $"version {round}\n") Thread.SpinWait(1);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Figures.Row(name, $"median {Figures.Median(times),6:0.0} ms   worst {times.Max(),6:0.0} ms");
        ChildProcess.Terminate(agent);
    }

    // The first resource of each part carries the version.
    private static string Part(string target, int part, int count, int version) => "graph: files\nresources:\n  file:\n" + string.Concat(
        Enumerable.Range(0, count).Select(i => $"  - name: f{part}-{i}\n    path: {target}/f{part}-{i}\n    content: \"{(i == 0 ? $"version {version}" : "the same")}\\n\"\n    mode: \"0644\"\n"));
}
