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
    private readonly Flag<IReadOnlyList<Founder>> _founders = new("--founders", "NAME[=HOST],…", "the other hosts that found the mesh, and how each is reached", FounderList.Read);
    private readonly Flag<string> _output = InitView.Output();

    public string Name => "mesh init";

    public string Summary => "make a mesh's authority, and this host's identity";

    public IReadOnlyList<Flag> Flags => [_output, _prefix.Flag, _hostname, _advertise, _founders];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt mesh init --advertise a.example.org", "then mgmt run --peers a.example.org on this host, and mgmt mesh token for each other"),
        new("mgmt mesh init --advertise 10.0.0.1 --founders b=10.0.0.2,c=10.0.0.3", "three hosts found the mesh together"),
        new("mgmt mesh init --prefix /srv/mgmt -o json", "name the files that are made to a program"),
    ];

    public string Notes =>
        """
        Makes ca.pem and ca.key (10 years), an operator's certificate for etcdctl and --endpoints (a year), and this host's own
          (90 days, renewed by the agent). What is there is never replaced. Whoever has ca.key can make anybody a member.
        For each of --founders, PREFIX/founders/NAME/tls is what that host is to have as tls in its own state directory; remove
          it here once the mesh runs. All founders are started with the same list in --peers.
        Exit codes: 0 made, 1 not made, 64 wrong flags.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var (prefix, host, isJson) = (_prefix.Read(given, surroundings), given.Get(_hostname, surroundings.MachineName), given.Get(_output, "text") == "json");
        var (advertise, founders) = (given.Get(_advertise, ""), given.Get(_founders, []));
        return () => Task.FromResult(Make(new(host, HostNames.Of(advertise)), advertise, founders, prefix, isJson));
    }

    private int Make(Founder first, string advertise, IReadOnlyList<Founder> others, string prefix, bool isJson)
    {
        var result = new MeshInit(prefix, new(), surroundings.Time).Run(first, others);
        var steps = others.Count == 0 ? StepsAlone(first.Host, advertise, prefix) : StepsTogether(advertise.Length > 0 ? advertise : first.Host, others, prefix);
        return InitView.Tell(surroundings, result, isJson, prefix, [.. steps.Select(static step => step.Command)],
            $"Next:\n{string.Concat(steps.Select(static (step, i) => $"  {i + 1}. {step.Where,-24} {step.Command}\n"))}Keep a copy of {new TlsFolder(prefix).AuthorityKey} in a safe place.\n");
    }

    private IReadOnlyList<(string Where, string Command)> StepsAlone(string host, string advertise, string prefix)
    {
        var peers = Quoted(InBrackets(advertise.Length > 0 ? advertise : host));
        return
        [
            ("on this host:", $"mgmt run --peers {peers}{(advertise.Length > 0 ? $" --advertise {advertise}" : "")}{At(prefix)}"),
            ("for each other host:", $"mgmt mesh token{At(prefix)}"),
            ("there, with the token:", $"mgmt run --peers {peers} --token-file FILE"),
        ];
    }

    private IReadOnlyList<(string Where, string Command)> StepsTogether(string place, IReadOnlyList<Founder> others, string prefix)
    {
        var places = others.Select(static one => one.Names[0]).Prepend(place).ToArray();
        var peers = Quoted(string.Join(',', places.Select(InBrackets)));
        return
        [
            .. others.Select(one => ($"for {one.Host}:", $"scp -rp {new TlsFolder(prefix).OfFounder(one.Host).Folder} {Quoted($"{InBrackets(one.Names[0])}:/var/lib/mgmt/")}")),
            .. places.Select((one, i) => ($"on {(i == 0 ? "this host" : others[i - 1].Host)}:", $"mgmt run --peers {peers} --advertise {one}{(i == 0 ? At(prefix) : "")}")),
            ("when the mesh runs:", $"rm -r {Path.Combine(prefix, "founders")}"),
        ];
    }

    // An address of IPv6 before a colon or a comma.
    private static string InBrackets(string place) => place.Contains(':', StringComparison.Ordinal) ? $"[{place}]" : place;

    // Brackets are a pattern to a shell.
    private static string Quoted(string word) => word.Contains('[', StringComparison.Ordinal) ? $"'{word}'" : word;

    // What is meant anyway is not written.
    private string At(string prefix) => prefix == StateDirectory.Usual(surroundings) ? "" : $" --prefix {prefix}";
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
