using System.Globalization;
using System.Text;
using System.Text.Json;
using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Stores;

/// <summary><c>mgmt store status</c>.</summary>
internal sealed class StatusCommand(Surroundings surroundings) : ICommand
{
    private static readonly string[] Head = ["ENDPOINT", "MEMBER", "ROLE", "VERSION", "TERM", "INDEX", "APPLIED", "REVISION", "SIZE", "ERRORS"];

    private readonly StoreConnection _store = new(surroundings, hasPrefix: true);

    public string Name => "store status";

    public string Summary => "how the member at each endpoint is";

    public IReadOnlyList<Flag> Flags => _store.Flags;

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt store status", "of the agent on this host"),
        new("mgmt store status --endpoints a,b,c -o json | jq '.endpoints[] | select(.role == \"leader\")'", "who leads"),
    ];

    public string Notes => "Exit codes: 0 all endpoints answered, 64 wrong flags, 69 one did not.\n";

    public Func<Task<int>> Read(Given given)
    {
        var connection = _store.Read(given);
        return () => _store.RunAsync(connection, client => TellAsync(client, connection.IsJson));
    }

    private async Task<int> TellAsync(StoreClient client, bool isJson)
    {
        var answers = await client.StatusAsync(CancellationToken.None);
        var there = answers.Where(static one => one.IsThere).ToList();
        if (isJson) surroundings.Answers.Write(JsonView.Object(json => Write(json, answers)));
        else if (there.Count > 0) surroundings.Answers.Write(Encoding.UTF8.GetBytes(TableText.Of(Head, there.Select(static one => Row(one.Endpoint, one.Value!)))));
        var exitCode = ExitCode.InOrder;
        foreach (var one in answers.Where(static one => !one.IsThere)) exitCode = _store.Fail(one.Failure!, $"ask {one.Endpoint}");
        return exitCode;
    }

    private static string[] Row(Endpoint endpoint, StatusResponse status) =>
    [
        endpoint.ToString(),
        JsonView.Id(status.Header.MemberId),
        RoleOf(status),
        status.Version,
        .. new[] { (long)status.RaftTerm, (long)status.RaftIndex, (long)status.RaftAppliedIndex, status.Header.Revision, status.DbSize }.Select(static one => one.ToString(CultureInfo.InvariantCulture)),
        string.Join("; ", status.Errors),
    ];

    private static string RoleOf(StatusResponse status) =>
        status.IsLearner ? "learner" : status.Leader == 0 ? "no leader" : status.Leader == status.Header.MemberId ? "leader" : "follower";

    private static void Write(Utf8JsonWriter json, IEnumerable<StoreAnswer<StatusResponse>> answers)
    {
        json.WriteStartArray("endpoints");
        foreach (var answer in answers)
        {
            json.WriteStartObject();
            json.WriteString("endpoint", answer.Endpoint.ToString());
            if (answer.Failure is { } failure) json.WriteString("failure", failure.Reason);
            else Write(json, answer.Value!);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, StatusResponse status)
    {
        json.WriteString("cluster", JsonView.Id(status.Header.ClusterId));
        json.WriteString("member", JsonView.Id(status.Header.MemberId));
        json.WriteString("role", RoleOf(status));
        json.WriteString("leader", JsonView.Id(status.Leader));
        json.WriteString("version", status.Version);
        json.WriteNumber("term", status.RaftTerm);
        json.WriteNumber("index", status.RaftIndex);
        json.WriteNumber("applied", status.RaftAppliedIndex);
        json.WriteNumber("revision", status.Header.Revision);
        json.WriteNumber("bytes", status.DbSize);
        json.WriteNumber("bytes_in_use", status.DbSizeInUse);
        json.WriteStartArray("errors");
        foreach (var error in status.Errors) json.WriteStringValue(error);
        json.WriteEndArray();
    }
}
