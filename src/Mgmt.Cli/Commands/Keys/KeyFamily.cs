namespace Mgmt.Cli.Commands.Keys;

/// <summary><c>mgmt kv</c>: the keys of the store.</summary>
internal static class KeyFamily
{
    public static Family Of(Surroundings surroundings) => new(
        "kv",
        "read, write and watch the keys of the store: get, put, del, ls, watch, txn",
        new("mgmt kv get /app/port", "read a key of the store"),
        () =>
        [
            new GetCommand(surroundings),
            new PutCommand(surroundings),
            new DelCommand(surroundings),
            new LsCommand(surroundings),
            new WatchCommand(surroundings),
            new TxnCommand(surroundings),
        ]);
}
