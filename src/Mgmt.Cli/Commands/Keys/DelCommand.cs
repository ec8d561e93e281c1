using System.Text;
using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Keys;

/// <summary><c>mgmt kv del</c>.</summary>
internal sealed class DelCommand(Surroundings surroundings) : ICommand
{
    private readonly StoreConnection _store = new(surroundings, hasPrefix: false);
    private readonly KeyFlags _keys = new("the key to delete");
    private readonly Flag<bool> _previous = CommonFlags.Mark("--prev", "show what was deleted");

    public string Name => "kv del";

    public string Summary => "delete a key, or a range of keys, and say how many there were";

    public IReadOnlyList<Operand> Operands => [_keys.Key];

    public IReadOnlyList<Flag> Flags => [.. _keys.Ranges, _previous, _keys.Hex, .. _store.Flags];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt kv del /app/port", "delete a key: prints 1, or 0 when there was none"),
        new("mgmt kv del /app/ --prefix --prev >deleted.txt", "delete all keys below /app/, and keep what they were"),
    ];

    public string Notes => BytesMode.Notes + "\nExit codes: 0 also when there was no such key, 1 refused, 64 wrong flags, 69 no store.\n";

    public Func<Task<int>> Read(Given given)
    {
        var (connection, keys, mode) = (_store.Read(given), _keys.ReadRange(given), _keys.ReadMode(given));
        var request = new DeleteRangeRequest { Key = keys.First, RangeEnd = keys.End, PrevKv = given.Get(_previous, false) };
        return () => _store.RunAsync(connection, client => DeleteAsync(client, request, keys.Words, connection.IsJson, mode));
    }

    private async Task<int> DeleteAsync(StoreClient client, DeleteRangeRequest request, string words, bool isJson, BytesMode mode)
    {
        var answer = await client.DeleteAsync(request, CancellationToken.None);
        if (!answer.IsThere) return _store.Fail(answer.Failure, $"delete {words}");
        surroundings.Answers.Write(isJson ? JsonView.Object(json => Answers.Write(json, answer.Value, mode)) : Encoding.UTF8.GetBytes(Answers.Text(answer.Value, mode)));
        return ExitCode.InOrder;
    }
}
