using System.Text;
using Mgmt.Agent;
using Mgmt.Engine.Plans;
using Mgmt.Engine.Running;
using Mgmt.Linux.Inotify;

namespace Mgmt.Cli.Tests;

/// <summary>Runs command lines without a process, and keeps what came of them.</summary>
internal sealed class TestSurroundings
{
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _error = new();

    private readonly TaskCompletionSource<Action> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What standard input has.</summary>
    public byte[] Input { get; init; } = [];

    /// <summary>Takes the answers instead of <see cref="Output"/>.</summary>
    public Stream? Answers { get; init; }

    public Dictionary<string, string> Environment { get; } = new() { ["HOME"] = "/home/me", ["TERM"] = "xterm" };

    public TimeProvider Time { get; init; } = Logged.Noon();

    public bool IsRoot { get; init; } = true;

    public bool OutputIsTerminal { get; init; }

    public bool OutputIsJournal { get; init; }

    /// <summary>What the agent tells before it ends.</summary>
    public IReadOnlyList<Report> Reports { get; init; } = [];

    public int ExitCode { get; init; }

    public Exception? AgentThrows { get; init; }

    public (Plan? Plan, string Errors) Compiled { get; init; } = (null, "");

    /// <summary>What the agent was asked for.</summary>
    public AgentOptions? Asked { get; private set; }

    public string Output => Encoding.UTF8.GetString(_output.ToArray());

    public string Error => Encoding.UTF8.GetString(_error.ToArray());

    public Task<int> RunAsync(params string[] arguments) => new CommandLine(
        new Surroundings
        {
            Output = _output,
            Error = _error,
            Input = new MemoryStream(Input),
            Answers = Answers ?? _output,
            WhenStopped = stop =>
            {
                _stop.TrySetResult(stop);
                return new MemoryStream();
            },
            Environment = name => Environment.GetValueOrDefault(name),
            OutputIsTerminal = OutputIsTerminal,
            OutputIsJournal = OutputIsJournal,
            SilenceInput = static () => null,
            IsRoot = IsRoot,
            MachineName = "machine",
            Time = Time,
        },
        new Rooms(
            RunAgentAsync,
            _ => Task.FromResult((Compiled.Plan, (IReadOnlyList<string>)(Compiled.Plan?.Warnings ?? []), Compiled.Errors)),
            static (_, choice) => [new WatchGroup(choice == WatcherChoice.Fanotify ? WatchedBy.Fanotify : WatchedBy.Inotify, "/ (ext4)", 1, 2)],
            () => "the kinds\n",
            () => "{}\n")).RunAsync(arguments);

    /// <summary>Sends the signal that ends, once the command listens for it.</summary>
    public async Task StopAsync() => (await _stop.Task.WaitAsync(TimeSpan.FromSeconds(30)))();

    private Task<int> RunAgentAsync(AgentOptions options, Action<Report> tell)
    {
        Asked = options;
        foreach (var report in Reports) tell(report);
        return AgentThrows is null ? Task.FromResult(ExitCode) : Task.FromException<int>(AgentThrows);
    }
}
