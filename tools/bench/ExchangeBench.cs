using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mgmt.Bench;

/// <summary>Three agents of one mesh on this machine, two files exported by each: how long a change and a host's coming take to reach all disks.</summary>
internal static class ExchangeBench
{
    private const string Hosts = "abc";
    private const int Changes = 100, Comings = 7;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static void Run(Place place)
    {
        Figures.Title("exchange: three hosts on one machine, founded together, each exporting two files and collecting those of all");
        var ports = FreePorts(6);
        foreach (var host in Hosts) place.Write($"{host}.yaml", Graph(place, host, 0));
        var agents = Hosts.Select(host => Start(place, ports, host)).ToArray();
        Await("24 files", () => Files(place) == 24);
        Measure(place);
        Print("the third host's graph until the last of 24 files", Enumerable.Range(0, Comings).Select(_ => ComeByGraph(place)));
        Print("the third host's start until the last of 24 files", Enumerable.Range(0, Comings).Select(_ => ComeByStart(place, ports, agents)));
        foreach (var agent in agents) ChildProcess.Terminate(agent);
    }

    private static void Measure(Place place)
    {
        var (own, others) = (new List<double>(), new List<double>());
        for (var version = -5; version < Changes; version++)
        {
            var start = Replace(place, 'a', Graph(place, 'a', version + 10));
            var left = Hosts.ToList();
            while (left.Count > 0)
            {
                foreach (var host in left.Where(host => Text(place[$"mgmt{host}/f3a"]) == $"version {version + 10}\n").ToList())
                {
                    if (version >= 0) (host == 'a' ? own : others).Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    left.Remove(host);
                }

                Check(start, "a change");
                Thread.Sleep(0);
            }
        }

        Figures.Row("a saved change, to the own disk", $"median {Figures.Median(own),6:0.0} ms   p99 {Figures.Quantile(own, 0.99),6:0.0} ms");
        Figures.Row("a saved change, to another's disk", $"median {Figures.Median(others),6:0.0} ms   p99 {Figures.Quantile(others, 0.99),6:0.0} ms");
    }

    private static double ComeByGraph(Place place)
    {
        Leave(place);
        var start = Replace(place, 'c', Graph(place, 'c', 0));
        Await("24 files", () => Files(place) == 24);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double ComeByStart(Place place, int[] ports, int[] agents)
    {
        Leave(place);
        ChildProcess.Terminate(agents[2]);
        Clean(place);
        File.Delete(place["pc/collected.json"]);
        Replace(place, 'c', Graph(place, 'c', 0));
        var start = Stopwatch.GetTimestamp();
        agents[2] = Start(place, ports, 'c');
        Await("24 files", () => Files(place) == 24);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // The third host takes back its exports and its wishes, and everything that came of them is removed.
    private static void Leave(Place place)
    {
        var before = Text(place["c.log"]).Split("took back all exports").Length;
        Replace(place, 'c', "graph: mygraph\n");
        Await("taking back", () => Text(place["c.log"]).Split("took back all exports").Length > before);
        Await("the others to know", () => Hosts.Take(2).All(host => Text(place[$"{host}.log"]).Split('\n').Last(static line => line.Contains(" graph mygraph", StringComparison.Ordinal)).Contains("2 removed", StringComparison.Ordinal)));
        Clean(place);
    }

    private static void Clean(Place place)
    {
        foreach (var host in Hosts.Take(2))
        {
            foreach (var file in new[] { "f3c", "f4c" }) File.Delete(place[$"mgmt{host}/{file}"]);
        }

        if (Directory.Exists(place["mgmtc"])) Directory.Delete(place["mgmtc"], recursive: true);
    }

    private static void Print(string name, IEnumerable<double> seconds)
    {
        var all = seconds.ToList();
        Figures.Row(name, $"median {Figures.Median(all),6:0.000} s    worst {all.Max(),6:0.000} s");
    }

    private static int Start(Place place, int[] ports, char host)
    {
        var at = host - 'a';
        var peers = string.Join(',', ports.Take(3).Select(static port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")));
        var mesh = string.Create(CultureInfo.InvariantCulture, $"--insecure --peers {peers} --listen 127.0.0.1:{ports[at]} --raft-listen 127.0.0.1:{ports[at + 3]}");
        return ChildProcess.Start($"sh -c 'exec \"{Place.Mgmt}\" run --file \"{place[$"{host}.yaml"]}\" --hostname host{host} --prefix \"{place[$"p{host}"]}\" {mesh} >>\"{place[$"{host}.log"]}\" 2>&1'");
    }

    private static long Replace(Place place, char host, string graph)
    {
        var next = place.Write($"next.{host}", graph);
        var start = Stopwatch.GetTimestamp();
        File.Move(next, place[$"{host}.yaml"], overwrite: true);
        return start;
    }

    private static string Graph(Place place, char host, int version) => "graph: mygraph\nresources:\n  file:\n" + string.Concat(Enumerable.Range(1, 4).Select(i =>
        $"  - name: \"{(i > 2 ? "@@" : "")}file{i}{host}\"\n    path: {place[$"mgmt{host}/f{i}{host}"]}\n    content: \"version {(i == 3 ? version : 0)}\\n\"\n")) + $"collect:\n- {{kind: file, pattern: {place[$"mgmt{host}/"]}}}\n";

    private static int Files(Place place) => Hosts.Sum(host => Directory.Exists(place[$"mgmt{host}"]) ? Directory.EnumerateFiles(place[$"mgmt{host}"], "f??").Count() : 0);

    private static void Await(string what, Func<bool> isThere)
    {
        for (var start = Stopwatch.GetTimestamp(); !isThere(); Thread.Sleep(1)) Check(start, what);
    }

    private static void Check(long start, string what)
    {
        if (Stopwatch.GetElapsedTime(start) > Deadline) throw new TimeoutException($"cannot measure the exchange: {what} did not come within {Deadline.TotalSeconds} s");
    }

    private static string Text(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static int[] FreePorts(int count)
    {
        var held = Enumerable.Range(0, count).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var one in held) one.Start();
        int[] ports = [.. held.Select(static one => ((IPEndPoint)one.LocalEndpoint).Port)];
        foreach (var one in held) one.Dispose();
        return ports;
    }
}
