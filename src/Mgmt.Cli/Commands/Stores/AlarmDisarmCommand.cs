using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Stores;

/// <summary><c>mgmt store alarm disarm</c>.</summary>
internal sealed class AlarmDisarmCommand(Surroundings surroundings) : ICommand
{
    private readonly StoreConnection _store = new(surroundings, hasPrefix: true);

    public string Name => "store alarm disarm";

    public string Summary => "take all alarms back, and list them";

    public IReadOnlyList<Flag> Flags => _store.Flags;

    public IReadOnlyList<Example> Examples { get; } = [new("mgmt store alarm disarm", "once there is room again")];

    public string Notes =>
        """
        After NOSPACE first delete keys and forget their history (mgmt store compact), or raise the quota
          (mgmt run --store-quota); otherwise the next write raises it again.
        Exit codes: 0 none is raised any more, 1 refused, 64 wrong flags, 69 no store.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var connection = _store.Read(given);
        return () => _store.RunAsync(connection, client => DisarmAsync(client, connection.IsJson));
    }

    private async Task<int> DisarmAsync(StoreClient client, bool isJson)
    {
        var raised = await client.AlarmsAsync(CancellationToken.None);
        if (!raised.IsThere) return _store.Fail(raised.Failure, "list the alarms");
        var disarmed = new List<AlarmMember>();
        foreach (var alarm in raised.Value.Alarms)
        {
            var answer = await client.DisarmAsync(alarm, CancellationToken.None);
            if (!answer.IsThere) return _store.Fail(answer.Failure, $"disarm {AlarmView.NameOf(alarm)}");
            disarmed.AddRange(answer.Value.Alarms);
        }

        surroundings.Answers.Write(AlarmView.Of(disarmed, isJson));
        return ExitCode.InOrder;
    }
}
