using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Engine.Plans.Views;
using Mgmt.Linux.Inotify;

namespace Mgmt.Cli.Commands;

/// <summary><c>mgmt graph</c>: the plan that <c>mgmt run</c> would carry out.</summary>
internal sealed class GraphCommand(Surroundings surroundings, Rooms rooms) : ICommand
{
    private static readonly string[] Formats = ["dot", "json", "mermaid", "watches"];

    private readonly Flag<string> _file = CommonFlags.File();
    private readonly Flag<string> _format = new(
        "--format", "FORMAT", "dot (the default), json, mermaid, or watches: what would watch the files", Parse.OneOf(Formats), choices: Formats);

    private readonly Flag<string> _watcher = CommonFlags.Watcher();

    public string Name => "graph";

    public string Summary => "compile a graph and print it, without running anything";

    public IReadOnlyList<Flag> Flags => [_file, _format, _watcher];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt graph --file web.yaml | dot -Tsvg > web.svg", "draw it"),
        new("mgmt graph --file web.yaml --format watches", "see how many directories are watched, and by what"),
        new("mgmt graph --file web.yaml --format json | jq .edges", "see which edges were found besides those written"),
    ];

    public Func<Task<int>> Read(Given given)
    {
        var files = given.GetFiles(_file);
        var format = given.Get(_format, "dot");
        var watcher = given.GetWatcher(_watcher);
        return () => PrintAsync(files, format, watcher);
    }

    private async Task<int> PrintAsync(IReadOnlyList<string> files, string format, WatcherChoice watcher)
    {
        var (plan, warnings, errors) = await rooms.CompileAsync(files);
        if (plan is null)
        {
            surroundings.Complain(errors);
            return ExitCode.Definition;
        }

        foreach (var warning in warnings) surroundings.Complain($"warning: {PlainText.Of(warning)}\n");
        surroundings.Say(format switch
        {
            "json" => PlanJson.Write(plan),
            "watches" => WatchesView.Write(rooms.GroupWatches(plan, watcher)),
            "mermaid" => PlanMermaid.Write(plan),
            _ => PlanDot.Write(plan),
        });
        return ExitCode.InOrder;
    }
}
