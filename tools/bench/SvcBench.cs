using System.Globalization;

namespace Mgmt.Bench;

/// <summary>A service that somebody stops or kills, until it is active again; by the account of systemd itself.</summary>
internal static class SvcBench
{
    private const int Rounds = 25;

    public static void Run(Place place)
    {
        using var host = new BenchHost(place);
        host.Write("/opt/svc.yaml", "graph: services\nresources:\n  svc:\n  - name: hello\n    state: running\n");
        host.Write("/etc/systemd/system/other.service", "[Service]\nExecStart=/bin/sleep 100000\n");
        host.Write("/etc/systemd/system/hello.service", "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/sleep 100000\n");

        // systemd forgets a stopped unit, and when it was stopped, if nobody wants it.
        host.Write("/etc/systemd/system/wanting.service", "[Unit]\nWants=hello.service\n[Service]\nExecStart=/bin/sleep 100000\n");
        host.Ask("systemctl daemon-reload; systemctl start hello wanting");
        var agent = ChildProcess.Start(host.Inside($"{BenchHost.Mgmt} run --file /opt/svc.yaml --tmp-prefix"));
        Figures.Title("a service until it is active again");
        Figures.Row("systemctl start, the whole command", $"median {Figures.Median(Starts(host)),6:0.0} ms");
        Measure(host, "stopped", "systemctl stop hello");
        Measure(host, "killed with SIGKILL", "systemctl kill --signal=KILL hello");
        ChildProcess.Terminate(agent);
    }

    private static List<double> Starts(BenchHost host)
    {
        var times = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            host.Ask("systemctl stop other");
            times.Add(ChildProcess.Run(host.Inside("systemctl start other")).Wall * 1e3);
        }

        return times;
    }

    private static void Measure(BenchHost host, string name, string disturb)
    {
        var times = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            var before = Stamp(host, "ActiveEnter");
            host.Ask(disturb);
            double after;
            while ((after = Stamp(host, "ActiveEnter")) == before) Thread.Yield();
            times.Add(after - Stamp(host, "ActiveExit"));
        }

        Figures.Row(name, $"median {Figures.Median(times),6:0.0} ms   worst {times.Max(),6:0.0} ms");
    }

    // In milliseconds.
    private static double Stamp(BenchHost host, string what) =>
        double.Parse(host.Ask($"systemctl show --value -p {what}TimestampMonotonic hello"), CultureInfo.InvariantCulture) / 1e3;
}
