using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Logs;
using Mgmt.Mesh;
using Mgmt.Mesh.Voters;

namespace Mgmt.Cli.Commands;

/// <summary>The flags of <c>mgmt run</c>, and what they amount to together.</summary>
internal sealed class RunFlags
{
    private static readonly string[] Formats = ["text", "json", "journal"];
    private static readonly string[] Filters = ["dot", "neato", "twopi", "circo", "fdp", "sfdp"];

    private readonly Flag<string> _file = CommonFlags.File();
    private readonly Flag<TimeSpan> _convergedTimeout = new("--converged-timeout", "SECONDS", "end so long after the last activity, once converged; 0 is at once", Parse.Seconds);
    private readonly Flag<bool> _convergedCluster = CommonFlags.Switch("--converged-cluster", "with --converged-timeout, end when all agents of the mesh are converged for so long");
    private readonly Flag<TimeSpan> _maxRuntime = new("--max-runtime", "SECONDS", "end after so long in any case", Parse.Seconds);
    private readonly Flag<bool> _noop = CommonFlags.Switch("--noop", "change nothing, and say what would be done");
    private readonly Flag<bool> _noWatch = CommonFlags.Switch("--no-watch", "do not watch the graph files; SIGHUP reads them again");
    private readonly Flag<string> _watcher = CommonFlags.Watcher();
    private readonly Flag<int> _sema = new("--sema", "N", "how many checks may run at once; 0 (the default) is any number", Parse.Count);
    private readonly Flag<string> _hostname = new("--hostname", "NAME", "the name of this host; by default its own", Parse.Hostname);
    private readonly Flag<string> _graphviz = new("--graphviz", "FILE", "write the graph to FILE as DOT, at the start and after each change", Parse.Text);
    private readonly Flag<string> _filter = new("--graphviz-filter", "FILTER", "what draws it: dot (the default), neato, twopi, circo, fdp or sfdp", Parse.OneOf(Filters), choices: Filters);
    private readonly Flag<string> _prefix = new("--prefix", "DIR", "where the agent keeps its state", Parse.Text);
    private readonly Flag<bool> _tmpPrefix = CommonFlags.Switch("--tmp-prefix", "keep the state in a new temporary directory, removed at the end");
    private readonly MeshFlags _mesh = new();
    private readonly Flag<bool> _detailed = CommonFlags.Switch("--detailed-exitcodes", "exit with 2 after changes, 4 with failures, 6 with both");
    private readonly Flag<string> _format = new("--log-format", "FORMAT", "text, json (an object a line) or journal; in a service journal is the default, else text", Parse.OneOf(Formats), choices: Formats);
    private readonly Flag<bool> _quiet = CommonFlags.Switch("--quiet", "tell only what is wrong");
    private readonly Flag<bool> _noColor = CommonFlags.Switch("--no-color", "no colours on a terminal either; NO_COLOR does the same");

    /// <summary>In the order of help.</summary>
    public IReadOnlyList<Flag> All =>
    [
        _file, _convergedTimeout, _convergedCluster, _maxRuntime, _noop, _noWatch, _watcher, _sema, _hostname, _graphviz, _filter, _prefix, _tmpPrefix, .. _mesh.All, _detailed, _format, _quiet, _noColor,
    ];

    /// <summary>Reads them all; where something is wrong <paramref name="given"/> has a mistake, and the answer is of no use.</summary>
    public RunRequest Read(Given given, Surroundings surroundings)
    {
        var prefix = ReadPrefix(given, surroundings);
        var store = _mesh.Read(given);
        var agent = new AgentOptions
        {
            Files = store.IsWanted || RemembersMesh(prefix) ? given.GetAll(_file) : given.GetFiles(_file),
            ConvergedTimeout = GetTime(given, _convergedTimeout),
            ConvergedCluster = given.Get(_convergedCluster, false),
            MaxRuntime = GetTime(given, _maxRuntime),
            Noop = given.Get(_noop, false),
            NoWatch = given.Get(_noWatch, false),
            Watcher = given.GetWatcher(_watcher),
            Parallel = given.Get(_sema, 0),
            Hostname = given.Get(_hostname, surroundings.MachineName),
            Graphviz = given.Get(_graphviz, "") is { Length: > 0 } file ? file : null,
            GraphvizFilter = given.Get(_filter, Filters[0]),
            Prefix = prefix ?? "",
            TmpPrefix = prefix is null,
            Store = store,
            DetailedExitCodes = given.Get(_detailed, false),
        };
        if (agent is { ConvergedCluster: true, ConvergedTimeout: null }) given.Refuse($"cannot use {_convergedCluster.Name} without {_convergedTimeout.Name}: say how long all are to be converged");
        return new RunRequest(agent, ReadStyle(given, surroundings));
    }

    // What cannot be read there, the agent tells.
    private static bool RemembersMesh(string? prefix)
    {
        try
        {
            return prefix is { Length: > 0 } && Participant.IsInMesh(prefix);
        }
        catch (MeshException)
        {
            return true;
        }
    }

    private static TimeSpan? GetTime(Given given, Flag<TimeSpan> flag)
    {
        var never = TimeSpan.MinValue;
        var time = given.Get(flag, never);
        return time == never ? null : time;
    }

    /// <summary>The directory of the agent's state; null for a temporary one.</summary>
    private string? ReadPrefix(Given given, Surroundings surroundings)
    {
        var isTemporary = given.Get(_tmpPrefix, false);
        var prefix = given.Get(_prefix, "");
        if (isTemporary && prefix.Length > 0)
        {
            // Written on the command line, either wins over the other's variable.
            isTemporary = given.IsWritten(_tmpPrefix);
            if (isTemporary == given.IsWritten(_prefix)) given.Refuse($"cannot use {_prefix.Name} together with {_tmpPrefix.Name}: the state is kept in one place");
        }

        if (isTemporary) return null;
        return prefix.Length > 0 ? prefix : DefaultPrefix(given, surroundings);
    }

    private string DefaultPrefix(Given given, Surroundings surroundings)
    {
        if (StateDirectory.Usual(surroundings) is { } usual) return usual;
        given.Refuse($"cannot find a directory for the agent's state: HOME is not set; name one with {_prefix.Name}");
        return "";
    }

    private LogStyle ReadStyle(Given given, Surroundings surroundings)
    {
        var format = given.Get(_format, surroundings.OutputIsJournal ? "journal" : "text") switch
        {
            "json" => LogFormat.Json,
            "journal" => LogFormat.Journal,
            _ => LogFormat.Text,
        };
        var color = format == LogFormat.Text
            && surroundings.OutputIsTerminal
            && !given.Get(_noColor, false)
            && string.IsNullOrEmpty(surroundings.Environment("NO_COLOR"))
            && surroundings.Environment("TERM") is not "dumb";
        return new LogStyle(format, given.Get(_quiet, false), color);
    }
}
