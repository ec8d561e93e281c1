using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Mesh.Client;

namespace Mgmt.Cli.Commands.Stores;

/// <summary><c>mgmt store alarm list</c>.</summary>
internal sealed class AlarmListCommand(Surroundings surroundings) : ICommand
{
    private readonly StoreConnection _store = new(surroundings, hasPrefix: true);

    public string Name => "store alarm list";

    public string Summary => "list the alarms that keep the store from taking writes";

    public IReadOnlyList<Flag> Flags => _store.Flags;

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt store alarm list", "nothing when all is well"),
        new("mgmt store alarm list -o json | jq -e '.alarms == []'", "for a check"),
    ];

    public string Notes =>
        """
        NOSPACE: the store has as many bytes as the quota of the member allows; it takes only reads and deletes.
        CORRUPT: members found that they differ; the store takes nothing.
        Exit codes: 0 listed, 1 refused, 64 wrong flags, 69 no store.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var connection = _store.Read(given);
        return () => _store.RunAsync(connection, client => ListAsync(client, connection.IsJson));
    }

    private async Task<int> ListAsync(StoreClient client, bool isJson)
    {
        var answer = await client.AlarmsAsync(CancellationToken.None);
        if (!answer.IsThere) return _store.Fail(answer.Failure, "list the alarms");
        surroundings.Answers.Write(AlarmView.Of(answer.Value.Alarms, isJson));
        return ExitCode.InOrder;
    }
}
