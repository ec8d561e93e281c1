using System.Text;
using Google.Protobuf;
using Mgmt.Agent;
using Mgmt.Cli.Flags;
using Mgmt.Cli.Views;
using Mgmt.Mesh.Client;

namespace Mgmt.Cli.Commands.Stores;

/// <summary><c>mgmt store compact</c>.</summary>
internal sealed class CompactCommand(Surroundings surroundings) : ICommand
{
    private readonly StoreConnection _store = new(surroundings, hasPrefix: true);
    private readonly Flag<long> _revision = CommonFlags.OfRequest<long>("--rev", "REVISION", "forget what is before this one; the present one by default", BytesFlags.Revision);

    public string Name => "store compact";

    public string Summary => "forget the history of keys, and so make room";

    public IReadOnlyList<Flag> Flags => [_revision, .. _store.Flags];

    public IReadOnlyList<Example> Examples { get; } = [new("mgmt store compact", "what was overwritten or deleted takes no room any more")];

    public string Notes =>
        """
        The store does this by itself behind the last 100,000 revisions, or 256 MiB of them. Watches cannot go back behind it.
        Exit codes: 0 forgotten, 1 refused, 64 wrong flags, 66 it was forgotten before, 69 no store.

        """;

    public Func<Task<int>> Read(Given given)
    {
        var connection = _store.Read(given);
        var revision = given.Get(_revision, 0);
        return () => _store.RunAsync(connection, client => CompactAsync(client, revision, connection.IsJson));
    }

    private async Task<int> CompactAsync(StoreClient client, long revision, bool isJson)
    {
        if (revision == 0)
        {
            var present = await client.RangeAsync(new() { Key = ByteString.CopyFrom(0), CountOnly = true }, CancellationToken.None);
            if (!present.IsThere) return _store.Fail(present.Failure, "ask for the present revision");
            revision = present.Value.Header.Revision;
        }

        var answer = await client.CompactAsync(revision, CancellationToken.None);
        if (!answer.IsThere) return _store.Fail(answer.Failure, $"compact at revision {revision}");
        surroundings.Answers.Write(isJson ? JsonView.Object(json => json.WriteNumber("compact_revision", revision)) : Encoding.UTF8.GetBytes($"compacted at revision {revision}\n"));
        return ExitCode.InOrder;
    }
}
