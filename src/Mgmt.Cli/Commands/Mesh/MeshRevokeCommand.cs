using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Trust;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh revoke</c>.</summary>
internal sealed class MeshRevokeCommand(Surroundings surroundings) : ICommand
{
    private readonly Operand _host = new("HOST", "the name in its certificate");
    private readonly StoreConnection _store = new(surroundings, hasPrefix: true);

    public string Name => "mesh revoke";

    public string Summary => "refuse a host's certificates from now on";

    public IReadOnlyList<Operand> Operands => [_host];

    public IReadOnlyList<Flag> Flags => _store.Flags;

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt mesh revoke web1", "its connections are cut, and it votes no more"),
        new("mgmt mesh revoke operator", "the operator's certificate that mgmt mesh init made"),
    ];

    public string Notes => "To let the host in again, make it a token: mgmt mesh token.\nExit codes: 0 revoked, 1 refused or no such host, 64 wrong flags, 69 no store.\n";

    public Func<Task<int>> Read(Given given)
    {
        given.TryGet<string>(_host, Parse.Hostname, out var host);
        var connection = _store.Read(given);
        return () => _store.RunAsync(connection, client => RevokeAsync(client, host, connection.IsJson));
    }

    private async Task<int> RevokeAsync(StoreClient client, string host, bool isJson)
    {
        var (revoked, failure) = await new TrustDesk(client, surroundings.Time).RevokeAsync(host, CancellationToken.None);
        if (revoked is null) return _store.Fail(failure!, $"revoke {host}");
        if (!isJson)
        {
            var leaving = revoked.Members.Count > 0 ? $"; its member {string.Join(", ", revoked.Members.Select(JsonView.Id))} is to leave" : "";
            surroundings.Say($"revoked {host}: {revoked.Serials.Count} certificate{(revoked.Serials.Count == 1 ? "" : "s")}{leaving}\n");
            return ExitCode.InOrder;
        }

        surroundings.Answers.Write(JsonView.Object(json =>
        {
            json.WriteString("host", host);
            json.WriteStartArray("serials");
            foreach (var serial in revoked.Serials) json.WriteStringValue(serial);
            json.WriteEndArray();
            json.WriteStartArray("members");
            foreach (var member in revoked.Members) json.WriteStringValue(JsonView.Id(member));
            json.WriteEndArray();
        }));
        return ExitCode.InOrder;
    }
}
