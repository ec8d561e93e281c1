using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Mgmt.Cli.Tests.Stores;

/// <summary>A real etcd on free ports of this host, with a directory of its own: the judge of what our commands send and print.</summary>
public sealed class EtcdServer : IAsyncLifetime
{
    public const string Program = "/usr/bin/etcd", Control = "/usr/bin/etcdctl";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("mgmt-etcd-").FullName;
    private readonly List<string> _log = [];
    private readonly TestCertificates? _certificates;
    private Process? _process;

    public EtcdServer()
    {
    }

    internal EtcdServer(TestCertificates certificates) => _certificates = certificates;

    public string Endpoint { get; private set; } = "";

    public static string? Missing => File.Exists(Program) && File.Exists(Control) ? null : $"needs {Program} and {Control}";

    /// <summary>Whoever needs a server that can be compacted and stopped starts one of its own.</summary>
    public static async Task<EtcdServer> StartAsync()
    {
        var server = new EtcdServer();
        await server.InitializeAsync();
        return server;
    }

    public async Task InitializeAsync()
    {
        if (Missing is not null) return;
        var scheme = _certificates is null ? "http" : "https";
        var (client, peer) = (FreePort(), FreePort());
        Endpoint = $"127.0.0.1:{client}";
        var start = new ProcessStartInfo(Program) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])
        [
            .. _certificates?.ServerArguments ?? [],
            "--data-dir", _folder, "--name", "judge", "--listen-client-urls", $"{scheme}://{Endpoint}", "--advertise-client-urls", $"{scheme}://{Endpoint}",
            "--listen-peer-urls", $"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{peer}", "--initial-cluster", $"judge=http://127.0.0.1:{peer}",
        ]) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        var isReady = new TaskCompletionSource();
        _process.ErrorDataReceived += (_, line) => See(line.Data, isReady);
        _process.OutputDataReceived += (_, line) => See(line.Data, isReady);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        if (await Task.WhenAny(isReady.Task, Task.Delay(Deadline)) != isReady.Task) throw new TimeoutException($"etcd did not serve within {Deadline.TotalSeconds} s; seen:\n{string.Join('\n', _log)}");
    }

    public async Task DisposeAsync()
    {
        if (_process is not null) await StopAsync();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public async Task StopAsync()
    {
        if (!_process!.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>What etcdctl prints.</summary>
    public async Task<string> ControlAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Control) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["ETCDCTL_API"] = "3" } };
        foreach (var argument in (string[])["--endpoints", Endpoint, .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Deadline);
        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void See(string? line, TaskCompletionSource isReady)
    {
        if (line is null) return;
        lock (_log) _log.Add(line);
        if (line.Contains("ready to serve client requests", StringComparison.Ordinal) || line.Contains("serving client traffic", StringComparison.Ordinal)) isReady.TrySetResult();
    }
}

/// <summary>A test that asks a real etcd.</summary>
public sealed class EtcdFactAttribute : FactAttribute
{
    public EtcdFactAttribute() => Skip = EtcdServer.Missing;
}

/// <summary>A test with rows that asks a real etcd.</summary>
public sealed class EtcdTheoryAttribute : TheoryAttribute
{
    public EtcdTheoryAttribute() => Skip = EtcdServer.Missing;
}
