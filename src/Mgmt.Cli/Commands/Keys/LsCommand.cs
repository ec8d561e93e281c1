using System.Text;
using Google.Protobuf;
using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;
using Mgmt.Store;

namespace Mgmt.Cli.Commands.Keys;

/// <summary><c>mgmt kv ls</c>.</summary>
internal sealed class LsCommand(Surroundings surroundings) : ICommand
{
    private const int PageKeys = 1000;

    private readonly StoreConnection _store = new(surroundings, hasPrefix: false);
    private readonly Operand _prefix = new("PREFIX", "what the keys begin with; all keys without it", isOptional: true);
    private readonly Flag<bool> _recursive = CommonFlags.Mark("--recursive", "every key, not what is below a \"/\" as one");
    private readonly Flag<bool> _hex = CommonFlags.Mark("--hex", "keys are hexadecimal digits");

    public string Name => "kv ls";

    public string Summary => "list keys, one a line, and what is below a \"/\" as one";

    public IReadOnlyList<Operand> Operands => [_prefix];

    public IReadOnlyList<Flag> Flags => [_recursive, _hex, .. _store.Flags];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt kv ls /app", "/app/port, and /app/tls/ for all keys below that"),
        new("mgmt kv ls --recursive | wc -l", "how many keys there are"),
    ];

    public string Notes => BytesMode.Notes + "\nExit codes: 0 also when there is nothing, 1 refused, 64 wrong flags, 69 no store.\n";

    public Func<Task<int>> Read(Given given)
    {
        var (connection, mode) = (_store.Read(given), new BytesMode(given.Get(_hex, false)));
        var prefix = given.TryGet(_prefix, mode.Reading, out var bytes) ? Bytes.Own(bytes) : default;
        var isRecursive = given.Get(_recursive, false);
        return () => _store.RunAsync(connection, client => ListAsync(client, prefix, isRecursive, connection.IsJson, mode));
    }

    /// <summary>Page by page at one revision; what is shown as one is passed over as one.</summary>
    private async Task<int> ListAsync(StoreClient client, Bytes prefix, bool isRecursive, bool isJson, BytesMode mode)
    {
        var (from, end) = (KeyRange.Prefix(prefix).Key, KeyRange.Prefix(prefix).End);
        var revision = 0L;
        var levels = new KeyLevels(prefix, isRecursive);
        for (; ;)
        {
            var request = new RangeRequest { Key = ByteString.CopyFrom(from.Span), RangeEnd = ByteString.CopyFrom(end.Span), KeysOnly = true, Limit = PageKeys, Revision = revision };
            var answer = await client.RangeAsync(request, CancellationToken.None);
            if (!answer.IsThere) return _store.Fail(answer.Failure, $"list the keys below \"{KeyFlags.Show(mode, prefix.Span)}\"");
            revision = answer.Value.Header.Revision;
            foreach (var record in answer.Value.Kvs)
            {
                if (levels.Take(Bytes.Copy(record.Key.Span)) is { } shown) surroundings.Answers.Write(isJson ? Json(shown, mode) : Encoding.UTF8.GetBytes(KeyFlags.Show(mode, shown.Key.Span) + "\n"));
            }

            if (!answer.Value.More) return ExitCode.InOrder;
            from = levels.Next;
        }
    }

    private static byte[] Json(KeyLevel level, BytesMode mode) => JsonView.Object(json =>
    {
        JsonView.Write(json, "key", ByteString.CopyFrom(level.Key.Span), mode.IsHex);
        json.WriteBoolean("level", level.IsMany);
    });
}
