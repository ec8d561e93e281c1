using System.Text;
using Mgmt.Agent;
using Mgmt.Agent.Snapshots;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;

namespace Mgmt.Cli.Commands.Stores;

/// <summary><c>mgmt store snapshot save</c>.</summary>
internal sealed class SnapshotSaveCommand(Surroundings surroundings) : ICommand
{
    private readonly StoreConnection _store = new(surroundings, hasPrefix: true);
    private readonly Operand _file = new("FILE", "where to write it; what is there is replaced when the new one is whole");

    public string Name => "store snapshot save";

    public string Summary => "write the whole store to a file";

    public IReadOnlyList<Operand> Operands => [_file];

    public IReadOnlyList<Flag> Flags => _store.Flags;

    public IReadOnlyList<Example> Examples { get; } = [new("mgmt store snapshot save /backup/store.snap", "the store as it is now, checked by its SHA-256 and flushed to the disk")];

    public string Notes => "Exit codes: 0 saved, 1 refused or not written, 64 wrong flags, 69 no store.\nAfter a failure what was at FILE is still there.\n";

    public Func<Task<int>> Read(Given given)
    {
        var connection = _store.Read(given);
        var isNamed = given.TryGet<string>(_file, Parse.Text, out var file);
        return () => _store.RunAsync(connection, client => SaveAsync(client, isNamed ? Path.GetFullPath(file) : "", connection.IsJson));
    }

    private async Task<int> SaveAsync(StoreClient client, string file, bool isJson)
    {
        // An interrupted download leaves nothing behind.
        using var stop = new CancellationTokenSource();
        using var signals = surroundings.WhenStopped(stop.Cancel);
        var saved = await SnapshotFile.SaveAsync(client, file, stop.Token);
        if (saved.Failure is { } failure) return _store.Fail(failure, $"save a snapshot to {file}");
        if (saved.Sum is not { } sum)
        {
            surroundings.Complain(saved.Problem + "\n");
            return ExitCode.CannotRun;
        }

        surroundings.Answers.Write(isJson
            ? JsonView.Object(json =>
            {
                json.WriteString("file", file);
                json.WriteNumber("bytes", sum.Bytes);
                json.WriteString("sha256", sum.Sha256);
            })
            : Encoding.UTF8.GetBytes($"saved {file}: {sum.Bytes} bytes, SHA-256 {sum.Sha256}\n"));
        return ExitCode.InOrder;
    }
}
