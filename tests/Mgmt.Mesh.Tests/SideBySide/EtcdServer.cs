using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>A real etcd of one member with a throw-away directory.</summary>
internal sealed class EtcdServer : IAsyncDisposable
{
    private const string Server = "/usr/bin/etcd", Control = "/usr/bin/etcdctl";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly Process _process;

    private EtcdServer(string folder, Process process, int port) => (_folder, _process, Port) = (folder, process, port);

    /// <summary>What a test that needs it has to be skipped for.</summary>
    public static string? Missing { get; } = File.Exists(Server) && File.Exists(Control) ? null : $"needs {Server} and {Control} (packages etcd-server, etcd-client)";

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    public static async Task<EtcdServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mgmt-etcd-").FullName;
        var (port, peer) = FreePorts();
        var (client, peers) = ($"http://127.0.0.1:{port}", $"http://127.0.0.1:{peer}");
        string[] arguments =
        [
            "--data-dir", Path.Combine(folder, "data"), "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peers,
            "--initial-advertise-peer-urls", peers, "--initial-cluster", $"default={peers}", "--logger", "zap", "--log-level", "error", "--log-outputs", Path.Combine(folder, "log"),
        ];
        var process = Process.Start(new ProcessStartInfo(Server, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = folder })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new EtcdServer(folder, process, port);
        await server.WaitAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitAsync()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var clock = Stopwatch.StartNew();
        var last = "";
        while (clock.Elapsed < Patience && !_process.HasExited)
        {
            try
            {
                last = await http.GetStringAsync(new Uri(Url + "/health"));
                if (last.Contains("true", StringComparison.Ordinal)) return;
            }
            catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException)
            {
                last = failure.Message;
            }

            // There is no event to wait for: the port opens when it opens.
            await Task.Delay(20);
        }

        throw new InvalidOperationException($"etcd did not come up on {Url}: {last}");
    }

    /// <summary>Two ports that nobody listens on.</summary>
    public static (int Client, int Peer) FreePorts()
    {
        using var one = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        one.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (((IPEndPoint)one.LocalEndPoint!).Port, ((IPEndPoint)other.LocalEndPoint!).Port);
    }
}
