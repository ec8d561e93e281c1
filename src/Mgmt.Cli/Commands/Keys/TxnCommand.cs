using System.Text;
using System.Text.Json;
using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Keys;

/// <summary><c>mgmt kv txn</c>.</summary>
internal sealed class TxnCommand(Surroundings surroundings) : ICommand
{
    // A request's bound, and what quotes and escapes may add to it.
    private const int LongestText = 8 * 1024 * 1024;

    private readonly StoreConnection _store = new(surroundings, hasPrefix: false);
    private readonly Flag<bool> _hex = CommonFlags.Mark("--hex", "keys and values are hexadecimal digits");

    public string Name => "kv txn";

    public string Summary => "compare keys, and do one thing or another, all at one revision; read from standard input";

    public IReadOnlyList<Flag> Flags => [_hex, .. _store.Flags];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("printf '%s\\n' 'create(\"/lock\") = \"0\"' '' 'put /lock mine' '' 'get /lock' | mgmt kv txn", "take a lock if nobody has it, else say who does"),
        new("mgmt kv txn -o json <move.txn | jq .succeeded", "which of the two was done"),
    ];

    public string Notes =>
        """
        Standard input has three parts with an empty line between them, in etcdctl's own format: what to compare,
          what to do if all of it holds, and what to do if not. Any part may be empty.

          TARGET("KEY") OP "OPERAND"    TARGET: create mod version lease value;  OP: = != > <
          put KEY VALUE [--lease=ID] [--prev] [--ignore-value] [--ignore-lease]
          get KEY [END] [--prefix] [--from-key] [--rev=N] [--limit=N] [--keys-only] [--count-only]
          del KEY [END] [--prefix] [--from-key] [--prev]

          Words with spaces stand in "…", where \" \\ \n \r \t and \xHH are escapes, or in '…', which has none.

        SUCCESS or FAILURE is printed, and what each line that was done answered.

        """ + BytesMode.Notes + "\nExit codes: 0 done, whichever it was, 1 refused, 64 wrong flags, 65 wrong input, 69 no store.\n";

    public Func<Task<int>> Read(Given given)
    {
        var (connection, mode) = (_store.Read(given), new BytesMode(given.Get(_hex, false)));
        return () => _store.RunAsync(connection, client => TxnAsync(client, connection.IsJson, mode));
    }

    private async Task<int> TxnAsync(StoreClient client, bool isJson, BytesMode mode)
    {
        var (input, problem) = await InputText.ReadAsync(surroundings.Input, LongestText);
        if (problem.Length > 0)
        {
            surroundings.Complain($"cannot run the transaction: {problem}\n");
            return ExitCode.CannotRun;
        }

        var request = new TxnReader(mode).Read(Encoding.UTF8.GetString(input), out var mistakes);
        foreach (var mistake in mistakes) surroundings.Complain(mistake + "\n");
        if (mistakes.Count > 0) return ExitCode.Definition;
        var answer = await client.TxnAsync(request, CancellationToken.None);
        if (!answer.IsThere) return _store.Fail(answer.Failure, "run the transaction");
        surroundings.Answers.Write(isJson ? JsonView.Object(json => Write(json, answer.Value, mode)) : Encoding.UTF8.GetBytes(Text(answer.Value, mode)));
        return ExitCode.InOrder;
    }

    private static void Write(Utf8JsonWriter json, TxnResponse txn, BytesMode mode)
    {
        json.WriteNumber("revision", txn.Header.Revision);
        json.WriteBoolean("succeeded", txn.Succeeded);
        json.WriteStartArray("responses");
        foreach (var one in txn.Responses)
        {
            json.WriteStartObject();
            json.WriteStartObject(one.ResponseCase switch { ResponseOp.ResponseOneofCase.ResponseRange => "get", ResponseOp.ResponseOneofCase.ResponsePut => "put", _ => "del" });
            if (one.ResponseRange is { } range) Answers.Write(json, range, keysOnly: false, mode);
            if (one.ResponsePut is { } put) Answers.Write(json, put, mode);
            if (one.ResponseDeleteRange is { } deletion) Answers.Write(json, deletion, mode);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Text(TxnResponse txn, BytesMode mode)
    {
        var text = new StringBuilder(txn.Succeeded ? "SUCCESS\n" : "FAILURE\n");
        foreach (var one in txn.Responses)
        {
            text.Append('\n');
            if (one.ResponseRange is { } range) foreach (var record in range.Kvs) mode.Append(text, record);
            if (one.ResponsePut is { } put) text.Append(Answers.Text(put, mode));
            if (one.ResponseDeleteRange is { } deletion) text.Append(Answers.Text(deletion, mode));
        }

        return text.ToString();
    }
}
