using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Grpc.Core;

namespace Mgmt.Robustness.Mesh;

/// <summary>Writes a new key every 10 ms, through one host after another, and notes which writes were acknowledged and how long it had to wait for any.</summary>
internal sealed class SteadyWriter(MeshOfHosts mesh)
{
    /// <summary>What all its keys begin with: each host writes below its own, as others are not its to write.</summary>
    public const string Prefix = "mgmt/converged/";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10), Patience = TimeSpan.FromSeconds(1), Notable = TimeSpan.FromSeconds(0.2);

    private readonly ConcurrentQueue<string> _acknowledged = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private long _longest;

    /// <summary>What is in the store for certain.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>What was said of those that failed.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>The longest time between two acknowledgements.</summary>
    public TimeSpan LongestGap => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

    /// <summary>Begins to measure the longest gap anew.</summary>
    public void ForgetGaps() => Interlocked.Exchange(ref _longest, 0);

    public async Task RunAsync(CancellationToken cancel)
    {
        var last = Stopwatch.GetTimestamp();
        for (var (n, at) = (0, 0); !cancel.IsCancellationRequested; n++)
        {
            var host = mesh.Hosts[at % mesh.Hosts.Count];
            var key = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{host.Name}/steady/{n:000000}");
            try
            {
                await host.Client.PutAsync(key, key, Patience);
                _acknowledged.Enqueue(key);
                var gap = Stopwatch.GetElapsedTime(last);
                if (gap > Notable) mesh.Note($"no write was acknowledged for {gap.TotalSeconds:0.00} s, the one before {key}");
                if (gap.Ticks > Interlocked.Read(ref _longest)) Interlocked.Exchange(ref _longest, gap.Ticks);
                last = Stopwatch.GetTimestamp();
            }
            catch (RpcException e)
            {
                _failures.Enqueue($"{host.Name}: {e.Status.StatusCode} {e.Status.Detail}");
                mesh.Note($"a write by {host.Name} failed: {e.Status.StatusCode} {e.Status.Detail}");
                at++;
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
