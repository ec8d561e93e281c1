using System.Text;
using Mgmt.Agent;
using Mgmt.Agent.Snapshots;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;

namespace Mgmt.Cli.Commands.Stores;

/// <summary><c>mgmt store snapshot inspect</c>.</summary>
internal sealed class SnapshotInspectCommand(Surroundings surroundings) : ICommand
{
    private readonly Operand _file = new("FILE", "a file written by mgmt store snapshot save");
    private readonly Flag<string> _output = new("--output", "FORMAT", "text (the default) or json", Parse.OneOf("text", "json"), choices: ["text", "json"]) { Short = "-o", IsOfRequest = true };

    public string Name => "store snapshot inspect";

    public string Summary => "check a snapshot's checksums, and say what is in it";

    public IReadOnlyList<Operand> Operands => [_file];

    public IReadOnlyList<Flag> Flags => [_output];

    public IReadOnlyList<Example> Examples { get; } = [new("mgmt store snapshot inspect /backup/store.snap", "whether it can be restored, and from when it is")];

    public string Notes => "Every record is read. Exit codes: 0 it is whole, 1 it is not, 64 wrong flags.\n";

    public Func<Task<int>> Read(Given given)
    {
        var isJson = given.Get(_output, "text") == "json";
        given.TryGet<string>(_file, Parse.Text, out var file);
        return () => Task.FromResult(Inspect(Path.GetFullPath(file), isJson));
    }

    private int Inspect(string file, bool isJson)
    {
        if (SnapshotFile.Read(file, out var problem) is not { } snapshot)
        {
            surroundings.Complain(problem + "\n");
            return ExitCode.CannotRun;
        }

        var (sum, view) = (snapshot.Sum, snapshot.View);
        surroundings.Answers.Write(isJson
            ? JsonView.Object(json =>
            {
                json.WriteString("cluster", JsonView.Id(view.Cluster));
                json.WriteNumber("index", view.Index);
                json.WriteNumber("revision", view.Revision);
                json.WriteNumber("compact_revision", Math.Max(0, view.CompactRevision));
                json.WriteNumber("keys", view.Count);
                json.WriteNumber("events", view.HistoryCount);
                json.WriteNumber("leases", view.Leases.Count);
                json.WriteNumber("bytes", sum.Bytes);
                json.WriteString("sha256", sum.Sha256);
            })
            : Encoding.UTF8.GetBytes(
                $"cluster   {JsonView.Id(view.Cluster)}\nindex     {view.Index}\nrevision  {view.Revision}{(view.CompactRevision > 0 ? $" (compacted at {view.CompactRevision})" : "")}\n"
                + $"keys      {view.Count}\nevents    {view.HistoryCount}\nleases    {view.Leases.Count}\nbytes     {sum.Bytes}\nsha256    {sum.Sha256}\n"));
        return ExitCode.InOrder;
    }
}
