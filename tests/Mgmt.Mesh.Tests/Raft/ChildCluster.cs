using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mgmt.Mesh.Tests.Raft;

/// <summary>Members as processes.</summary>
internal sealed class ChildCluster : IAsyncDisposable
{
    private readonly string _ports;
    private readonly int _workers;
    private readonly Child?[] _children;

    public ChildCluster(int members, int workers)
    {
        Folder = Directory.CreateTempSubdirectory("storm").FullName;
        (_children, _workers) = (new Child?[members], workers);
        var listeners = Enumerable.Range(0, members).Select(static _ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var one in listeners) one.Start();
        _ports = string.Join(',', listeners.Select(static one => ((IPEndPoint)one.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)));
        foreach (var one in listeners) one.Dispose();
    }

    public string Folder { get; }

    /// <summary>What members said they had applied of their own.</summary>
    public ConcurrentBag<string> Acknowledged { get; } = [];

    public ConcurrentQueue<string> Said { get; } = new();

    public Child this[int id] => _children[id - 1] ?? throw new InvalidOperationException($"{id} does not run");

    /// <param name="id">Which member.</param>
    /// <param name="disk">The size of a small disk of its own, which goes with the process.</param>
    public void Start(int id, string? disk = null)
    {
        Directory.CreateDirectory(FolderOf(id));
        _children[id - 1] = new Child(id, FolderOf(id), _ports, _workers, disk, Heard);
    }

    public string FolderOf(int id) => Path.Combine(Folder, id.ToString(CultureInfo.InvariantCulture));

    public void Kill(int id)
    {
        _children[id - 1]?.Kill();
        _children[id - 1] = null;
    }

    public async ValueTask DisposeAsync()
    {
        for (var id = 1; id <= _children.Length; id++) Kill(id);
        await Task.Yield();
        Directory.Delete(Folder, recursive: true);
    }

    private void Heard(int id, string line)
    {
        if (line.StartsWith("ack ", StringComparison.Ordinal)) Acknowledged.Add(line[4..]);
        else if (Said.Count < 1000) Said.Enqueue($"{id}: {line}");
    }

    internal sealed class Child
    {
        private readonly Process _process;
        private readonly Channel _heard = new();

        public Child(int id, string folder, string ports, int workers, string? disk, Action<int, string> heard)
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
            string[] mount = ["-m", "sh", "-c", $"mount -t tmpfs -o size={disk} none \"$1\" && shift && exec \"$@\"", "sh", folder, "dotnet"];
            if (disk is not null) start.FileName = "unshare";
            foreach (var argument in disk is null ? [] : mount) start.ArgumentList.Add(argument);
            foreach (var argument in new[] { "exec", typeof(ChildCluster).Assembly.Location, "member", folder, $"{id}", ports, $"{workers}" }) start.ArgumentList.Add(argument);
            _process = new Process { StartInfo = start };
            _process.OutputDataReceived += (_, line) =>
            {
                if (line.Data is null) return;
                heard(id, line.Data);
                _heard.Add(line.Data);
            };
            _process.Start();
            _process.BeginOutputReadLine();
        }

        public int ProcessId => _process.Id;

        public Task<string> HearAsync(Func<string, bool> what, TimeSpan deadline) => _heard.FirstAsync(what, deadline);

        /// <summary>Has it propose one entry, and waits for "ack ENTRY" or "no ENTRY WHY". Acknowledgements are not kept for who listens later: the ear comes before the word.</summary>
        public Task<string> ProposeAsync(string entry, TimeSpan deadline)
        {
            var answer = HearAsync(line => line == $"ack {entry}" || line.StartsWith($"no {entry}", StringComparison.Ordinal), deadline);
            Tell($"one {entry}");
            return answer;
        }

        public void Tell(string line)
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }

        public void Kill()
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    /// <summary>Lines that somebody waits for.</summary>
    private sealed class Channel
    {
        private readonly Lock _gate = new();
        private readonly List<string> _lines = [];
        private readonly List<(Func<string, bool> What, TaskCompletionSource<string> Done)> _waiting = [];

        public void Add(string line)
        {
            lock (_gate)
            {
                if (!line.StartsWith("ack ", StringComparison.Ordinal)) _lines.Add(line);
                foreach (var one in _waiting.ToArray())
                {
                    if (!one.What(line)) continue;
                    one.Done.TrySetResult(line);
                    _waiting.Remove(one);
                }
            }
        }

        public async Task<string> FirstAsync(Func<string, bool> what, TimeSpan deadline)
        {
            var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_gate)
            {
                if (_lines.Find(line => what(line)) is { } there) return there;
                _waiting.Add((what, done));
            }

            try
            {
                return await done.Task.WaitAsync(deadline);
            }
            catch (TimeoutException)
            {
                lock (_gate) throw new TimeoutException($"waited {deadline}; heard {string.Join(" | ", _lines.TakeLast(20))}");
            }
        }
    }
}
