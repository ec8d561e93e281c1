using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Trust;
using Mgmt.Store;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh token</c>.</summary>
internal sealed class MeshTokenCommand(Surroundings surroundings) : ICommand
{
    private static readonly TimeSpan UsualLife = TimeSpan.FromHours(1), LongestLife = TimeSpan.FromDays(30);

    private readonly StoreConnection _store = new(surroundings, hasPrefix: true);
    private readonly Flag<string> _role = CommonFlags.OfRequest("--role", "ROLE", "what the host may do: agent, voter (the default) or operator", Parse.OneOf([.. RoleWords.All]), [.. RoleWords.All]);
    private readonly Flag<string> _host = CommonFlags.OfRequest<string>("--host", "NAME", "only the host of this name may use it, even if one of that name is in the mesh", Parse.Hostname);
    private readonly Flag<TimeSpan> _life = CommonFlags.OfRequest<TimeSpan>("--ttl", "TIME", "how long it may be used, such as 15m; 1h by default", Life);

    public string Name => "mesh token";

    public string Summary => "make a token that lets one host into the mesh";

    public IReadOnlyList<Flag> Flags => [_role, _host, _life, .. _store.Flags];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt mesh token", "then on the host to be let in: mgmt run --peers HOST --token TOKEN"),
        new("mgmt mesh token --host web1 --role agent --ttl 10m", "for the host web1 alone, which will not vote"),
        new("mgmt mesh token | ssh root@web1 'umask 77; cat > /run/token; mgmt run --peers a --token-file /run/token'", "without the token in anybody's list of processes"),
    ];

    public string Notes =>
        """
        A token is secret: it is used once, and within its time. The mesh keeps its hash, and the token the hash of the mesh's
          authority, so that a host cannot be made to join another mesh.
        Exit codes: 0 made, 1 refused, 64 wrong flags, 69 no store.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var (connection, role, host, life) = (_store.Read(given), given.Get(_role, "voter"), given.Get(_host, ""), given.Get(_life, UsualLife));
        return () => _store.RunAsync(connection, client => MakeAsync(client, role, host, life, connection.IsJson));
    }

    private async Task<int> MakeAsync(StoreClient client, string role, string host, TimeSpan life, bool isJson)
    {
        var (token, failure) = await new TrustDesk(client, surroundings.Time).MakeTokenAsync(role, host, life, CancellationToken.None);
        if (token is null) return _store.Fail(failure!, "make a token");
        if (!isJson)
        {
            surroundings.Say(token.Text + "\n");
            return ExitCode.InOrder;
        }

        surroundings.Answers.Write(JsonView.Object(json =>
        {
            json.WriteString("token", token.Text);
            json.WriteString("role", role);
            if (host.Length > 0) json.WriteString("host", host);
            json.WriteNumber("ttl", (long)life.TotalSeconds);
        }));
        return ExitCode.InOrder;
    }

    private static string? Life(string text, out TimeSpan value)
    {
        if (Parse.Span(text, out value) is { } why) return why;
        if (value.TotalSeconds < Limits.MinLeaseSeconds) return $"it is less than {Limits.MinLeaseSeconds} s, which no lease can be";
        return value > LongestLife ? "it is more than 30 days" : null;
    }
}
