using System.Globalization;
using System.Text;
using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;
using SortOrder = Mgmt.Mesh.Wire.RangeRequest.Types.SortOrder;
using SortTarget = Mgmt.Mesh.Wire.RangeRequest.Types.SortTarget;

namespace Mgmt.Cli.Commands.Keys;

/// <summary><c>mgmt kv get</c>.</summary>
internal sealed class GetCommand(Surroundings surroundings) : ICommand
{
    private static readonly string[] Targets = ["key", "version", "create", "mod", "value"];

    private readonly StoreConnection _store = new(surroundings, hasPrefix: false);
    private readonly KeyFlags _keys = new("the key to read");
    private readonly Flag<long> _revision = CommonFlags.OfRequest<long>("--rev", "REVISION", "as it was at this revision", BytesFlags.Revision);
    private readonly Flag<int> _limit = CommonFlags.OfRequest<int>("--limit", "N", "no more than N keys; 0 is all", Parse.Count);
    private readonly Flag<string> _sort = CommonFlags.OfRequest<string>("--sort", "BY", $"in the order of {string.Join(", ", Targets)}; key by default", Parse.OneOf(Targets), Targets);
    private readonly Flag<bool> _descend = CommonFlags.Mark("--descend", "from the last to the first");
    private readonly Flag<bool> _keysOnly = CommonFlags.Mark("--keys-only", "the keys without their values");
    private readonly Flag<bool> _countOnly = CommonFlags.Mark("--count-only", "how many keys there are");
    private readonly Flag<bool> _raw = CommonFlags.Mark("--raw", "the values alone, byte for byte, with nothing added");
    private readonly Flag<bool> _serializable = CommonFlags.Mark("--serializable", "what the member asked has, at once; it may be stale");

    public string Name => "kv get";

    public string Summary => "read a key, or a range of keys";

    public IReadOnlyList<Operand> Operands => [_keys.Key];

    public IReadOnlyList<Flag> Flags =>
        [.. _keys.Ranges, _revision, _limit, _sort, _descend, _keysOnly, _countOnly, _raw, _keys.Hex, _serializable, .. _store.Flags];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt kv get /app/port", "the key and its value, a line each; nothing when there is no such key, which is no error"),
        new("mgmt kv get /app/ --prefix -o json | jq -r '.kvs[].key'", "the keys below /app/, for another program"),
        new("mgmt kv get /app/cert --raw >cert.pem", "a value, byte for byte"),
    ];

    public string Notes => BytesMode.Notes + "\nExit codes: 0 also when there is no such key, 1 refused, 64 wrong flags, 66 the revision was compacted, 69 no store.\n";

    public Func<Task<int>> Read(Given given)
    {
        var (connection, keys, mode) = (_store.Read(given), _keys.ReadRange(given), _keys.ReadMode(given));
        var (raw, keysOnly, countOnly) = (given.Get(_raw, false), given.Get(_keysOnly, false), given.Get(_countOnly, false));
        if (raw && (keysOnly || countOnly || connection.IsJson)) given.Refuse($"cannot use {_raw.Name} together with {_keysOnly.Name}, {_countOnly.Name} or -o json: it writes values alone");
        var target = (SortTarget)Array.IndexOf(Targets, given.Get(_sort, Targets[0]));
        var isDescending = given.Get(_descend, false);
        var request = new RangeRequest
        {
            Key = keys.First,
            RangeEnd = keys.End,
            Revision = given.Get(_revision, 0L),
            Limit = given.Get(_limit, 0),
            SortTarget = target,
            SortOrder = isDescending ? SortOrder.Descend : target == SortTarget.Key ? SortOrder.None : SortOrder.Ascend,
            KeysOnly = keysOnly,
            CountOnly = countOnly,
            Serializable = given.Get(_serializable, false),
        };
        return () => _store.RunAsync(connection, client => GetAsync(client, request, keys.Words, raw, connection.IsJson, mode));
    }

    private async Task<int> GetAsync(StoreClient client, RangeRequest request, string words, bool raw, bool isJson, BytesMode mode)
    {
        var answer = await client.RangeAsync(request, CancellationToken.None);
        if (!answer.IsThere) return _store.Fail(answer.Failure, $"get {words}");
        if (raw) foreach (var record in answer.Value.Kvs) surroundings.Answers.Write(record.Value.Span);
        else surroundings.Answers.Write(isJson ? JsonView.Object(json => Answers.Write(json, answer.Value, request.KeysOnly, mode)) : Text(answer.Value, request, mode));
        return ExitCode.InOrder;
    }

    private static byte[] Text(RangeResponse range, RangeRequest request, BytesMode mode)
    {
        if (request.CountOnly) return Encoding.UTF8.GetBytes(range.Count.ToString(CultureInfo.InvariantCulture) + "\n");
        var text = new StringBuilder();
        foreach (var record in range.Kvs) mode.Append(text, record, request.KeysOnly);
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
