using System.Collections.Concurrent;
using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Logs;
using Mgmt.Engine.Running;
using Mgmt.Linux.Journal;

namespace Mgmt.Cli.Commands;

/// <summary><c>mgmt run</c>: the agent, with its log on standard output.</summary>
internal sealed class RunCommand(Surroundings surroundings, Rooms rooms) : ICommand
{
    private readonly RunFlags _flags = new();

    public string Name => "run";

    public string Summary => "make this host match a graph of resources, and keep it so";

    public IReadOnlyList<Flag> Flags => _flags.All;

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt run --file web.yaml", "keep the host so until a signal ends it"),
        new("mgmt run --file web.yaml --noop --converged-timeout 0", "say what would be changed, and end"),
        new("mgmt run --file /etc/mgmt/graphs --converged-timeout 5 --detailed-exitcodes", "apply a directory of files once, and tell by the exit code whether anything was changed"),
        new("mgmt run --file web.yaml --log-format json | jq -c 'select(.event == \"failed\")'", "let another program follow what fails"),
    ];

    public string Notes =>
        """
        Signals: SIGINT and SIGTERM end it, SIGHUP reads the graph files again, SIGQUIT tells what every resource is doing.

        Watchers: inotify takes one watch for each directory; fanotify one mark for each file system, and CAP_SYS_ADMIN;
          auto is inotify, and fanotify where more than 4096 directories of a file system are watched and it is allowed.

        Exit codes: 0 in order, 1 cannot run or ended with failures, 64 wrong flags, 65 wrong graph;
          with --detailed-exitcodes 2 something was changed, 4 something is failed, 6 both.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var request = _flags.Read(given, surroundings);
        return () => RunAsync(request);
    }

    private async Task<int> RunAsync(RunRequest request)
    {
        // What ends the agent is said on standard error, after the log: that is where people and scripts look for it.
        var lastWords = new ConcurrentQueue<string>();
        try
        {
            using var journal = request.Log.Format == LogFormat.Journal ? new JournalSocket() : null;
            await using var log = new LogWriter(surroundings.Output, View(request, journal), surroundings.Time);
            return await rooms.RunAgentAsync(request.Agent, report => Tell(report, log, request.Log, lastWords));
        }
        finally
        {
            foreach (var words in lastWords) surroundings.Complain(words);
        }
    }

    private ILogView View(RunRequest request, JournalSocket? journal)
    {
        if (request.Log.Format == LogFormat.Json) return new JsonLog(request.Agent.Hostname);
        var text = new TextLog(new Palette(request.Log.Color), surroundings.Time.LocalTimeZone);
        return journal is null ? text : new JournalLog(journal.TrySend, text);
    }

    private static void Tell(Report report, LogWriter log, LogStyle style, ConcurrentQueue<string> lastWords)
    {
        if (style.Format != LogFormat.Journal && LastWords.Of(report) is { } words) lastWords.Enqueue(words);
        if (!LogFilter.Shows(report, style)) return;
        log.Tell(report is StatusReport status ? status with { Queues = [.. status.Queues, ("log", log.QueueLength)] } : report);
    }
}
