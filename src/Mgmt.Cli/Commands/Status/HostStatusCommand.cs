using System.Text;
using Mgmt.Agent;
using Mgmt.Cli.Commands.Mesh;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;

namespace Mgmt.Cli.Commands.Status;

/// <summary><c>mgmt status</c>.</summary>
internal sealed class HostStatusCommand(Surroundings surroundings) : ICommand
{
    private const string ToTopAndClear = "\u001b[H\u001b[J";

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly StoreConnection _store = new(surroundings, hasPrefix: true);
    private readonly Flag<bool> _watch = CommonFlags.Mark("--watch", "show it again whenever it changes, until Ctrl-C");

    public string Name => "status";

    public string Summary => "how this host's graph is, and its mesh";

    public IReadOnlyList<Flag> Flags => [_watch, .. _store.Flags];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt status", "the graph by state, the mesh, and what is not in order"),
        new("mgmt status --watch", "the same, kept up to date"),
        new("mgmt status -o json | jq -e .graph.converged", "let a script wait for it"),
    ];

    public string Notes =>
        """
        The agent is asked over its socket, which it has with --store, in a mesh, and when its graph has encrypted disks.
          What a host collects stays as it was last known while the mesh has no quorum, and so it is said. An agent without
          a socket tells by SIGQUIT, in its log.
        Exit codes: 0 told, also of what is not in order, 64 wrong flags, 69 no agent answers.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var connection = _store.Read(given);
        var watch = given.Get(_watch, false);
        return () => _store.RunAsync(connection, client =>
        {
            var reader = new MeshReader(client, new(connection.Address, surroundings.Time));
            return watch ? WatchAsync(client, reader, connection.IsJson) : TellAsync(client, reader, connection.IsJson);
        });
    }

    private async Task<int> TellAsync(StoreClient client, MeshReader reader, bool isJson)
    {
        var facts = await HostFacts.ReadAsync(client, reader, CancellationToken.None);
        if (facts is { Self: null, Mesh: null }) return Fail(client, facts.Failure!);
        surroundings.Answers.Write(Show(facts, isJson));
        return ExitCode.InOrder;
    }

    private async Task<int> WatchAsync(StoreClient client, MeshReader reader, bool isJson)
    {
        using var stop = new CancellationTokenSource();
        using var signals = surroundings.WhenStopped(stop.Cancel);
        var told = Array.Empty<byte>();
        try
        {
            while (true)
            {
                var facts = await HostFacts.ReadAsync(client, reader, stop.Token);
                if (facts is { Self: null, Mesh: null } && told.Length == 0) return Fail(client, facts.Failure!);
                var news = Show(facts.Timeless(), isJson);
                if (surroundings.OutputIsTerminal && !isJson) surroundings.Answers.Write([.. Encoding.UTF8.GetBytes(ToTopAndClear), .. Show(facts, isJson)]);
                else if (!news.AsSpan().SequenceEqual(told)) surroundings.Answers.Write(told.Length == 0 || isJson ? Show(facts, isJson) : [(byte)'\n', .. Show(facts, isJson)]);
                told = news;
                await Task.Delay(LookAgainAfter, surroundings.Time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.InOrder;
        }
    }

    private byte[] Show(HostFacts facts, bool isJson) =>
        isJson ? JsonView.Object(json => HostJson.Write(json, facts)) : Encoding.UTF8.GetBytes(new HostText(surroundings.Time.LocalTimeZone).Of(facts));

    private int Fail(StoreClient client, StoreFailure failure)
    {
        if (failure.Kind != FailureKind.Unreachable) return _store.Fail(failure, "tell how this host is");
        surroundings.Complain($"cannot tell how this host is: no agent answers at {string.Join(", ", client.Endpoints)}; start it with mgmt run --store or in a mesh, or name its state directory with --prefix\n");
        return ExitCode.Unavailable;
    }
}
