using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Trust;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary><c>mgmt mesh init</c>.</summary>
internal sealed class MeshInitCommand(Surroundings surroundings) : ICommand
{
    private readonly PrefixFlag _prefix = new("where the agent keeps its state; certificates are in tls below it");
    private readonly Flag<string> _hostname = new("--hostname", "NAME", "the name of this host; by default its own", Parse.Hostname);
    private readonly Flag<string> _advertise = new("--advertise", "HOST", "the name or address by which peers reach this host", HostPorts.ReadHost);
    private readonly Flag<string> _output = InitView.Output();

    public string Name => "mesh init";

    public string Summary => "make a mesh's authority, and this host's identity";

    public IReadOnlyList<Flag> Flags => [_output, _prefix.Flag, _hostname, _advertise];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt mesh init --advertise a.example.org", "then mgmt run --peers a.example.org on this host, and mgmt mesh token for each other"),
        new("mgmt mesh init --prefix /srv/mgmt -o json", "name the files that are made to a program"),
    ];

    public string Notes =>
        """
        Makes ca.pem and ca.key (10 years), an operator's certificate for etcdctl and --endpoints (a year), and this host's own
          (90 days, renewed by the agent). What is there is never replaced. Whoever has ca.key can make anybody a member.
        Exit codes: 0 made, 1 not made, 64 wrong flags.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var (prefix, host, isJson) = (_prefix.Read(given, surroundings), given.Get(_hostname, surroundings.MachineName), given.Get(_output, "text") == "json");
        var advertise = given.Get(_advertise, "");
        return () => Task.FromResult(Make(prefix, host, advertise, isJson));
    }

    private int Make(string prefix, string host, string advertise, bool isJson)
    {
        var result = new MeshInit(prefix, new(), surroundings.Time).Run(host, HostNames.Of(advertise));
        var place = advertise.Length > 0 ? advertise : host;
        return InitView.Tell(surroundings, result, isJson, prefix, [$"mgmt run --peers {place} --advertise {place}", $"mgmt mesh token --prefix {prefix}", $"mgmt run --peers {place} --token-file FILE"],
            $"""
            Next:
              1. on this host:           mgmt run --peers {place}{(advertise.Length > 0 ? $" --advertise {place}" : "")}
              2. for each other host:    mgmt mesh token
              3. there, with the token:  mgmt run --peers {place} --token-file FILE
            Keep a copy of {new TlsFolder(prefix).AuthorityKey} in a safe place.

            """);
    }
}

/// <summary>What was made, for people and programs.</summary>
internal static class InitView
{
    public static Flag<string> Output() => new("--output", "FORMAT", "text (the default) or json", Parse.OneOf("text", "json"), choices: ["text", "json"]) { Short = "-o", IsOfRequest = true };

    public static int Tell(Surroundings surroundings, InitResult result, bool isJson, string prefix, IReadOnlyList<string> next, string advice)
    {
        if (result.Problem.Length > 0)
        {
            surroundings.Complain(result.Problem + "\n");
            return ExitCode.CannotRun;
        }

        if (isJson)
        {
            surroundings.Answers.Write(JsonView.Object(json =>
            {
                json.WriteString("prefix", prefix);
                json.WriteStartArray("made");
                foreach (var file in result.Made) json.WriteStringValue(file);
                json.WriteEndArray();
                json.WriteStartArray("next");
                foreach (var step in next) json.WriteStringValue(step);
                json.WriteEndArray();
            }));
        }
        else
        {
            surroundings.Say(string.Concat(result.Made.Select(static file => $"made {file}\n")) + advice);
        }

        return ExitCode.InOrder;
    }
}
