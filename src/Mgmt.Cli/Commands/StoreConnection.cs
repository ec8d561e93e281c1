using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Linux.Files;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Place;

namespace Mgmt.Cli.Commands;

/// <summary>The flags by which a command finds the store, and the frame in which it asks.</summary>
/// <param name="surroundings">Of the process.</param>
/// <param name="hasPrefix">Whether --prefix names the agent's directory; with keys it says which are meant.</param>
internal sealed class StoreConnection(Surroundings surroundings, bool hasPrefix)
{
    private readonly Flag<IReadOnlyList<Endpoint>> _endpoints = new("--endpoints", "HOST:PORT,...", "members to ask, in turn, instead of the agent on this host", ReadEndpoints);
    private readonly Flag<string> _socket = new("--socket", "FILE", "the agent's socket; by default /run/mgmt/agent.sock, or agent.sock below the prefix", Parse.Text);
    private readonly Flag<string> _prefix = new("--prefix", "DIR", "the state directory of the agent to ask", Parse.Text);
    private readonly Flag<string> _authority = new("--cacert", "FILE", "PEM: who signs the members' certificates", Parse.Text);
    private readonly Flag<string> _certificate = new("--cert", "FILE", "PEM: the certificate to show", Parse.Text);
    private readonly Flag<string> _key = new("--key", "FILE", "PEM: its private key", Parse.Text);
    private readonly Flag<bool> _insecure = CommonFlags.Switch("--insecure", "no TLS; for endpoints on this host alone");
    private readonly Flag<TimeSpan> _timeout = new("--timeout", "SECONDS", "how long each endpoint may take to answer; 5 by default", Parse.Seconds);
    private readonly Flag<string> _output = new("--output", "FORMAT", "text (the default) or json", Parse.OneOf("text", "json"), choices: ["text", "json"]) { Short = "-o", IsOfRequest = true };

    /// <summary>In the order of help.</summary>
    public IReadOnlyList<Flag> Flags => hasPrefix
        ? [_output, _prefix, _socket, _endpoints, _authority, _certificate, _key, _insecure, _timeout]
        : [_output, _socket, _endpoints, _authority, _certificate, _key, _insecure, _timeout];

    /// <summary>Reads them; where something is wrong <paramref name="given"/> has a mistake, and the answer is of no use.</summary>
    public StoreRequest Read(Given given)
    {
        var timeout = given.Get(_timeout, StoreAddress.UsualTimeout);
        if (timeout <= TimeSpan.Zero) given.Refuse($"cannot use {_timeout.Name} 0: nothing answers in no time");
        var endpoints = ReadPlaces(given);
        var isLocal = endpoints is [Endpoint.Unix];
        var tls = isLocal ? null : ReadTls(given, endpoints);
        return new(new(endpoints, tls, timeout), given.Get(_output, "text") == "json");
    }

    /// <summary>Asks the store, with a client that is closed afterwards.</summary>
    public async Task<int> RunAsync(StoreRequest request, Func<StoreClient, Task<int>> ask)
    {
        using var client = StoreClient.Create(request.Address, surroundings.Time, out var problem);
        if (client is null) return Fail(problem, ExitCode.CannotRun);
        try
        {
            return await ask(client);
        }
        catch (ReaderGoneException)
        {
            // As when head has seen enough.
            return ExitCode.InOrder;
        }
    }

    /// <summary>Says what went wrong, and answers the exit code for it.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="action">What was to be done: <c>put "a"</c>.</param>
    public int Fail(StoreFailure failure, string action) => Fail(failure.Sentence(action), failure.Kind switch
    {
        FailureKind.Refused => ExitCode.CannotRun,
        FailureKind.Compacted => ExitCode.Compacted,
        _ => ExitCode.Unavailable,
    });

    private int Fail(string sentence, int exitCode)
    {
        surroundings.Complain(sentence + "\n");
        return exitCode;
    }

    private IReadOnlyList<Endpoint> ReadPlaces(Given given)
    {
        var endpoints = given.Get(_endpoints, []);
        var socket = given.Get(_socket, "");
        if (endpoints.Count > 0 && socket.Length > 0)
        {
            // Written on the command line, either wins over the other's variable.
            if (given.IsWritten(_endpoints) == given.IsWritten(_socket)) given.Refuse($"cannot use {_endpoints.Name} together with {_socket.Name}: name one place to ask");
            if (given.IsWritten(_socket)) endpoints = [];
        }

        if (endpoints.Count > 0) return endpoints;
        if (socket.Length > 0) return [new Endpoint.Unix(Path.GetFullPath(socket))];
        var prefix = hasPrefix ? given.Get(_prefix, "") : surroundings.Environment(_prefix.Variable) ?? "";
        if (prefix.Length == 0) prefix = StateDirectory.Usual(surroundings) ?? "";
        if (prefix.Length == 0) given.Refuse($"cannot find the agent's socket: HOME is not set; name it with {_socket.Name}");
        return [new Endpoint.Unix(new StorePlace(Path.GetFullPath(prefix.Length == 0 ? "/" : prefix)).Socket)];
    }

    private TlsFiles? ReadTls(Given given, IReadOnlyList<Endpoint> endpoints)
    {
        var files = new TlsFiles(given.Get(_authority, ""), given.Get(_certificate, ""), given.Get(_key, ""));
        if (given.Get(_insecure, false))
        {
            foreach (var open in endpoints.OfType<Endpoint.Tcp>().Where(static one => !Endpoint.IsLoopback(one.Place))) given.Refuse($"cannot use {_insecure.Name} with {open}: only what stays on this host may go without TLS");
            if (given.IsWritten(_insecure) && (given.IsWritten(_authority) || given.IsWritten(_certificate) || given.IsWritten(_key))) given.Refuse($"cannot use {_insecure.Name} together with {_authority.Name}, {_certificate.Name} or {_key.Name}: it is TLS or none");
            return null;
        }

        if (files is { Authority.Length: > 0, Certificate.Length: > 0, Key.Length: > 0 }) return files;
        given.Refuse($"cannot ask {string.Join(", ", endpoints)} without {_authority.Name}, {_certificate.Name} and {_key.Name}: members know each other by certificates; on this host {_insecure.Name} does without");
        return null;
    }

    private static string? ReadEndpoints(string text, out IReadOnlyList<Endpoint> value)
    {
        value = [];
        var why = HostPorts.ReadAll(text, out var places);
        if (why is null) value = [.. places.Select(static place => new Endpoint.Tcp(place))];
        return why;
    }
}

/// <summary>Where to ask, and how to show the answer.</summary>
internal sealed record StoreRequest(StoreAddress Address, bool IsJson);
