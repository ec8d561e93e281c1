using Mgmt.Agent.Exchange;
using Mgmt.Agent.Face;
using Mgmt.Engine;
using Mgmt.Engine.Running;
using Mgmt.Linux.Inotify;
using Mgmt.Linux.Services;
using Mgmt.Mesh;
using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Voters;

namespace Mgmt.Agent;

/// <summary>Puts the rooms together for one run of the agent.</summary>
public static class AgentRun
{
    /// <summary>The program's version.</summary>
    public static string Version { get; } = typeof(AgentRun).Assembly.GetName().Version!.ToString(3);

    /// <summary>
    /// Loads the graph, keeps the host as it says, and returns the exit code when it ends: by a signal, or by one of the timeouts. Takes the process's signals.
    /// </summary>
    /// <param name="options">What the user asked for.</param>
    /// <param name="tell">Takes the reports, one at a time; it must be quick and must not block.</param>
    public static async Task<int> RunAsync(AgentOptions options, Action<Report> tell)
    {
        var gate = new ReportGate(tell);
        try
        {
            return await RunAsync(options, gate);
        }
        catch (AgentException error)
        {
            gate.Tell(new FatalReport(error.Message));
            return ExitCode.CannotRun;
        }
    }

    private static async Task<int> RunAsync(AgentOptions options, ReportGate gate)
    {
        // A check that reads a large file keeps its thread: the small ones must not queue behind it until the pool notices.
        ThreadPool.SetMinThreads(Math.Max(8, Environment.ProcessorCount * 4), 1);
        gate.Tell(new StartedReport(Version, options.Hostname));
        using var inbox = new AgentInbox();
        using var signals = new Signals(inbox.Post);
        if (options.Watcher == WatcherChoice.Fanotify && PathWatcher.WhyNoFanotify() is { } refusal) throw new AgentException(refusal);
        using var manager = NotifySocket.OfProcess();
        using var supervisor = new Supervisor(line => manager?.Tell(line), manager?.Watchdog, TimeProvider.System, inbox.Post);
        await using var host = new Host(TimeProvider.System, gate.Warn, options.Watcher);
        var files = new DefinitionFiles(options.Files, host.Kinds, gate.Tell);

        // Watched before they are read: a version that is saved meanwhile is not missed.
        using var watch = options.NoWatch ? null : new DefinitionWatch(host.Watcher, options.Files, inbox, gate.Warn);
        if (files.Load(tellMistakes: true) is not { } definition) return ExitCode.Definition;
        using var prefix = StatePrefix.Open(options);
        host.KeepState(prefix.Path);
        var convergence = new Convergence(TimeProvider.System);
        var isStoreWanted = IsStoreWanted(options, prefix.Path);
        var talk = new HostTalk(options.Hostname, convergence, host.Disks, isAlone: !isStoreWanted);
        await using var store = isStoreWanted ? await StoreRun.StartAsync(options, prefix.Path, gate, inbox.Post, talk, inbox.Hurry) : null;
        await using var socket = isStoreWanted ? null : new HostSocket(prefix.Path, talk, gate.Warn, TimeProvider.System);
        using var mark = store is { IsOfMesh: true } ? new ConvergedMark(convergence, note => store.Say(MastersKeys.Converged + options.Hostname, note), TimeProvider.System) : null;
        await using var calm = options.ConvergedCluster ? WatchMesh(options, store, inbox.Post) : null;
        using var exchangeLog = new ExchangeLog(gate, TimeProvider.System);
        var exchangeOptions = new ExchangeOptions(options.Hostname, prefix.Path, options.Store.ExportGrace, options.Noop);
        await using var exchange = new ExchangeRun(exchangeOptions, host.Kinds, store?.Sight, TimeProvider.System, exchangeLog, inbox.Post);
        var picture = options.Graphviz is { } file ? new GraphPicture(file, options.GraphvizFilter, host.Spawner, gate.Warn) : null;
        if (socket is not null) await socket.SeeAsync(definition.Resources);
        var parts = new AgentParts
        {
            Options = options, Gate = gate, Inbox = inbox, Supervisor = supervisor, Host = host, Convergence = convergence, Exchange = exchange, Talk = talk, Load = files.Load, Socket = socket, Picture = picture,
        };
        var exitCode = await KeepAsync(parts, definition);
        if (picture is not null) await picture.FinishAsync();
        if (store is not { Failure.Length: > 0 }) return exitCode;
        gate.Tell(new FatalReport(store.Failure.StartsWith("cannot", StringComparison.Ordinal) ? store.Failure : $"cannot go on with the store: {store.Failure}"));
        return ExitCode.CannotRun;
    }

    // A host that once joined a mesh stays in it, list of peers or not.
    private static bool IsStoreWanted(AgentOptions options, string prefix)
    {
        try
        {
            return options.Store.IsWanted || Participant.IsInMesh(prefix);
        }
        catch (MeshException error)
        {
            throw new AgentException(error.Message, error);
        }
    }

    private static MeshCalmWatch WatchMesh(AgentOptions options, StoreRun? store, Action<AgentMessage> post) => store is { IsOfMesh: true }
        ? new(store.Sight, options.ConvergedTimeout ?? TimeSpan.Zero, TimeProvider.System, post)
        : throw new AgentException("cannot wait for the mesh with --converged-cluster: this host belongs to none; name its peers with --peers, or leave the flag out");

    private static async Task<int> KeepAsync(AgentParts parts, Definition definition)
    {
        var tally = new RunTally();
        await using var runner = NewRunner(parts, tally);
        await using var planner = new Planner(TimeProvider.System, parts.Inbox.Post, parts.Gate.Warn);
        var deeds = new LoopDeeds
        {
            Tell = parts.Gate.Tell,
            Reload = isSure => parts.Load(isSure) is { } next ? parts.Exchange.Take(next) : null,
            Recollect = parts.Exchange.TakeNews,
            PutInForce = plan =>
            {
                parts.Picture?.Write(plan);
                parts.Host.Files.Manage(plan.Resources);
                _ = parts.Socket?.SeeAsync(plan.Resources);
                runner.Swap(plan);
            },
            Trim = static () => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true),
        };
        using var loop = new AgentLoop(parts.Options, parts.Inbox, runner, planner, TimeProvider.System, deeds, parts.Supervisor);
        parts.Talk.Open(runner.DescribeAsync, () => parts.Exchange.Collection);
        var ended = await loop.RunAsync(parts.Exchange.Take(definition));
        parts.Talk.Close();
        return tally.ExitCodeFor(ended, parts.Options.DetailedExitCodes);
    }

    private static Runner NewRunner(AgentParts parts, RunTally tally)
    {
        var watching = new WatchedFiles(parts.Host.Watcher);
        return new Runner(new RunnerOptions(parts.Options.Noop, parts.Options.Parallel), TimeProvider.System, parts.Host.Sources, report =>
        {
            tally.See(report);
            parts.Convergence.See(report);
            if (report is ConvergedReport) parts.Inbox.Post(new AgentMessage.Converged());
            if (report is ActiveReport) parts.Inbox.Post(new AgentMessage.Active());
            if (report is ConvergedReport && watching.Take() is { } news) parts.Gate.Tell(news);
            parts.Gate.Tell(report);
        });
    }
}
