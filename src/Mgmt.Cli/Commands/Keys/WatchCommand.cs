using System.Text;
using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Keys;

/// <summary><c>mgmt kv watch</c>.</summary>
internal sealed class WatchCommand(Surroundings surroundings) : ICommand
{
    private readonly StoreConnection _store = new(surroundings, hasPrefix: false);
    private readonly KeyFlags _keys = new("the key to watch");
    private readonly Flag<long> _revision = CommonFlags.OfRequest<long>("--rev", "REVISION", "from this revision on, those of the past first", BytesFlags.Revision);
    private readonly Flag<bool> _previous = CommonFlags.Mark("--prev", "show what was there before each change, too");
    private readonly Flag<int> _count = CommonFlags.OfRequest<int>("--count", "N", "end after N changes; 0 is never", Parse.Count);

    public string Name => "kv watch";

    public string Summary => "tell each change of a key, or of a range of keys, as it happens";

    public IReadOnlyList<Operand> Operands => [_keys.Key];

    public IReadOnlyList<Flag> Flags => [.. _keys.Ranges, _revision, _previous, _count, _keys.Hex, .. _store.Flags];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt kv watch /app/ --prefix", "PUT or DELETE, the key and the value, a line each, until Ctrl-C"),
        new("mgmt kv watch /app/port --count 1 >/dev/null && reload", "wait for one change"),
        new("mgmt kv watch /app/ --prefix --rev 17 -o json", "all changes since revision 17, an object a line"),
    ];

    public string Notes => BytesMode.Notes +
        """

        A connection that breaks is made again, and no change is lost or told twice. When the history that is asked for was
          compacted, it says from which revision there is some, and ends.
        Exit codes: 0 ended by a signal or --count, 1 refused, 64 wrong flags, 66 history was compacted, 69 no store.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var (connection, keys, mode) = (_store.Read(given), _keys.ReadRange(given), _keys.ReadMode(given));
        var request = new WatchCreateRequest { Key = keys.First, RangeEnd = keys.End, StartRevision = given.Get(_revision, 0L), PrevKv = given.Get(_previous, false) };
        var count = given.Get(_count, 0);
        return () => _store.RunAsync(connection, client => WatchAsync(client, request, keys.Words, count, connection.IsJson, mode));
    }

    private async Task<int> WatchAsync(StoreClient client, WatchCreateRequest request, string words, int count, bool isJson, BytesMode mode)
    {
        using var stop = new CancellationTokenSource();
        using var signals = surroundings.WhenStopped(stop.Cancel);
        var left = count == 0 ? int.MaxValue : count;
        try
        {
            await foreach (var news in client.WatchAsync(request, stop.Token))
            {
                if (news is WatchNews.Interrupted broken) surroundings.Complain($"warning: {broken.Failure.Reason}; it goes on when a member answers\n");
                if (news is WatchNews.Ended end) return _store.Fail(end.Failure, $"watch {words}");
                if (news is not WatchNews.Changed changed) continue;
                var shown = changed.Events.Take(left).ToList();
                surroundings.Answers.Write(isJson ? [.. shown.SelectMany(change => Json(change, mode))] : Encoding.UTF8.GetBytes(string.Concat(shown.Select(change => Text(change, mode)))));
                if (count > 0 && (left -= shown.Count) == 0) break;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // That is how a watch usually ends.
        }

        return ExitCode.InOrder;
    }

    private static string Text(Event change, BytesMode mode)
    {
        var isDeletion = change.Type == Event.Types.EventType.Delete;
        var text = new StringBuilder(isDeletion ? "DELETE\n" : "PUT\n");
        if (change.PrevKv is { } before) mode.Append(text, before);
        mode.Append(text, change.Kv);
        return text.ToString();
    }

    private static byte[] Json(Event change, BytesMode mode) => JsonView.Object(json =>
    {
        var isDeletion = change.Type == Event.Types.EventType.Delete;
        json.WriteString("event", isDeletion ? "delete" : "put");
        if (isDeletion)
        {
            JsonView.Write(json, "key", change.Kv.Key, mode.IsHex);
            json.WriteNumber("mod_revision", change.Kv.ModRevision);
        }
        else
        {
            JsonView.Write(json, change.Kv, keysOnly: false, mode.IsHex);
        }

        JsonView.Write(json, "prev", change.PrevKv, mode.IsHex);
    });
}
