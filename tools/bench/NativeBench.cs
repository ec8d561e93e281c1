namespace Mgmt.Bench;

/// <summary>What the program as a whole is held to, and whether it is kept.</summary>
internal static class NativeBench
{
    private const double MostVersion = 15, MostRun = 60, MostSize = 30, MostAgent = 40, MostVoter = 80;
    private const int Runs = 25, Resources = 100;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    public static void Run(Place place)
    {
        Figures.Title("the program, and what it is held to");
        Judge("size of the program", "MB", new FileInfo(Place.Mgmt).Length / 1e6, MostSize);
        Judge("print the version", "ms", MillisecondsOf($"{Place.Mgmt} --version"), MostVersion);
        var example = Path.Combine(Environment.GetEnvironmentVariable("MGMT_SOURCE") ?? ".", "examples/file1.yaml");
        Judge("examples/file1.yaml, in order", "ms", MillisecondsOf($"{Place.Mgmt} run --file {example} --converged-timeout 0 --tmp-prefix"), MostRun);
        var graph = place.Write("native.yaml", FilesBench.Graph(place["native"], Resources));
        Judge($"agent with {Resources} resources", "MB", ResidentOf(place, graph), MostAgent);
        Judge($"the same, as a mesh's only voter", "MB", ResidentOf(place, graph, $"--hostname v --insecure --peers 127.0.0.1:{ApiPort} --advertise 127.0.0.1 --listen 127.0.0.1:{ApiPort} --raft-listen 127.0.0.1:{ApiPort + 1}"), MostVoter);
    }

    // Below the ports that the kernel gives away by itself.
    private static int ApiPort => 24_000 + (2 * (Environment.ProcessId % 1000));

    private static void Judge(string name, string unit, double figure, double most) =>
        Figures.Row(name, $"{figure,7:0.0} {unit}   limit {most:0} {unit}: {(figure < most ? "kept" : "missed")}");

    private static double MillisecondsOf(string command)
    {
        ChildProcess.RunDirect(command);
        return Figures.Median(Enumerable.Range(0, Runs).Select(_ => ChildProcess.RunDirect(command)).Select(static cost => cost.Status == 0 ? cost.Wall * 1000 : double.PositiveInfinity));
    }

    /// <summary>Megabytes at rest, once what only the start took is given back.</summary>
    private static double ResidentOf(Place place, string graph, string flags = "")
    {
        var agent = place.StartConverged(graph, flags);
        Thread.Sleep(Rest);
        var resident = IdleBench.ResidentMiB(agent) * 1024 * 1024 / 1e6;
        ChildProcess.Terminate(agent);
        return resident;
    }
}
