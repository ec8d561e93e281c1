using System.Text;
using Google.Protobuf;
using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;
using Mgmt.Store;

namespace Mgmt.Cli.Commands.Keys;

/// <summary><c>mgmt kv put</c>.</summary>
internal sealed class PutCommand(Surroundings surroundings) : ICommand
{
    private readonly StoreConnection _store = new(surroundings, hasPrefix: false);
    private readonly KeyFlags _keys = new("the key to write");
    private readonly Operand _value = new("VALUE", "its value; - takes all of standard input, byte for byte", isOptional: true);
    private readonly Flag<long> _lease = CommonFlags.OfRequest<long>("--lease", "ID", "attach the key to this lease", BytesFlags.Lease);
    private readonly Flag<bool> _previous = CommonFlags.Mark("--prev", "show what was there before");
    private readonly Flag<bool> _ignoreValue = CommonFlags.Mark("--ignore-value", "leave the value as it is");
    private readonly Flag<bool> _ignoreLease = CommonFlags.Mark("--ignore-lease", "leave the lease as it is");

    public string Name => "kv put";

    public string Summary => "write a key";

    public IReadOnlyList<Operand> Operands => [_keys.Key, _value];

    public IReadOnlyList<Flag> Flags => [_lease, _previous, _ignoreValue, _ignoreLease, _keys.Hex, .. _store.Flags];

    public IReadOnlyList<Example> Examples { get; } =
    [
        new("mgmt kv put /app/port 8080", "write a key"),
        new("mgmt kv put /app/cert - <cert.pem", "write a file's content"),
        new("mgmt kv put /app/offset -- -5", "a value that begins with a dash"),
    ];

    public string Notes => BytesMode.Notes + "\nExit codes: 0 written, 1 refused, 64 wrong flags, 69 no store, or no answer:\n  the message says whether it may have been written.\n";

    public Func<Task<int>> Read(Given given)
    {
        var (connection, key, mode) = (_store.Read(given), _keys.ReadKey(given), _keys.ReadMode(given));
        var request = new PutRequest
        {
            Key = key,
            Lease = given.Get(_lease, 0L),
            PrevKv = given.Get(_previous, false),
            IgnoreValue = given.Get(_ignoreValue, false),
            IgnoreLease = given.Get(_ignoreLease, false),
        };
        var isInput = given.Get(_value) == "-";
        if (request.IgnoreValue && given.Get(_value) is not null) given.Refuse($"cannot use VALUE together with {_ignoreValue.Name}: the value is to stay");
        if (!request.IgnoreValue && given.Get(_value) is null) given.Refuse("cannot put without VALUE: write it, or - for standard input");
        if (request.IgnoreLease && request.Lease != 0) given.Refuse($"cannot use {_lease.Name} together with {_ignoreLease.Name}: the lease is to stay");
        if (!isInput && given.TryGet(_value, mode.Reading, out var value)) request.Value = ByteString.CopyFrom(value);
        return () => _store.RunAsync(connection, client => PutAsync(client, request, isInput, connection.IsJson, mode));
    }

    private async Task<int> PutAsync(StoreClient client, PutRequest request, bool isInput, bool isJson, BytesMode mode)
    {
        var action = $"put \"{mode.Show(request.Key)}\"";
        if (isInput)
        {
            var (value, problem) = await InputText.ReadAsync(surroundings.Input, Limits.RequestBytes);
            if (problem.Length > 0)
            {
                surroundings.Complain($"cannot {action}: {problem}\n");
                return ExitCode.CannotRun;
            }

            request.Value = ByteString.CopyFrom(value);
        }

        var answer = await client.PutAsync(request, CancellationToken.None);
        if (!answer.IsThere) return _store.Fail(answer.Failure, action);
        surroundings.Answers.Write(isJson ? JsonView.Object(json => Answers.Write(json, answer.Value, mode)) : Encoding.UTF8.GetBytes(Answers.Text(answer.Value, mode)));
        return ExitCode.InOrder;
    }
}
