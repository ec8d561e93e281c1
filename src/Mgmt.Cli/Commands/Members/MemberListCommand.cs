using System.Text;
using System.Text.Json;
using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Members;

/// <summary><c>mgmt member list</c>.</summary>
internal sealed class MemberListCommand(Surroundings surroundings) : ICommand
{
    private readonly StoreConnection _store = new(surroundings, hasPrefix: true);

    public string Name => "member list";

    public string Summary => "list the members of the store";

    public IReadOnlyList<Flag> Flags => _store.Flags;

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt member list", "the members of the mesh's store"),
        new("mgmt member list -o json | jq -r '.members[].clients[]'", "where their APIs are"),
    ];

    public string Notes => "Exit codes: 0 listed, 1 refused, 64 wrong flags, 69 no store.\n";

    public Func<Task<int>> Read(Given given)
    {
        var connection = _store.Read(given);
        return () => _store.RunAsync(connection, client => ListAsync(client, connection.IsJson));
    }

    private async Task<int> ListAsync(StoreClient client, bool isJson)
    {
        var answer = await client.MembersAsync(CancellationToken.None);
        if (!answer.IsThere) return _store.Fail(answer.Failure, "list the members");
        var members = answer.Value.Members.OrderBy(static member => member.Name, StringComparer.Ordinal).ThenBy(static member => member.ID).ToList();
        surroundings.Answers.Write(isJson ? JsonView.Object(json => Write(json, members)) : Encoding.UTF8.GetBytes(TableText.Of(["ID", "NAME", "STATUS", "PEERS", "CLIENTS"], members.Select(Row))));
        return ExitCode.InOrder;
    }

    private static string[] Row(Member member) =>
        [JsonView.Id(member.ID), member.Name, StatusOf(member), string.Join(',', member.PeerURLs), string.Join(',', member.ClientURLs)];

    // A member that was added and has not come yet has no name.
    private static string StatusOf(Member member) => member.Name.Length == 0 ? "unstarted" : member.IsLearner ? "learner" : "voter";

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Member> members)
    {
        json.WriteStartArray("members");
        foreach (var member in members)
        {
            json.WriteStartObject();
            json.WriteString("id", JsonView.Id(member.ID));
            json.WriteString("name", member.Name);
            json.WriteString("status", StatusOf(member));
            Write(json, "peers", member.PeerURLs);
            Write(json, "clients", member.ClientURLs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
