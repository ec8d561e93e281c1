using Mgmt.Store.Commands;

namespace Mgmt.Store.Machine;

/// <summary>
/// Whether there is room for a command. Asked by whoever proposes, who raises the NOSPACE alarm when there is not: voters need not have the same quota, and
/// all apply alike.
/// </summary>
public static class Quota
{
    /// <summary>Null when there is room, or when the command takes none.</summary>
    /// <param name="view">The state.</param>
    /// <param name="command">What is to be proposed.</param>
    /// <param name="quota">How many bytes the store may have.</param>
    public static StoreError? Check(StoreView view, Command command, long quota) =>
        CostOf(command) is var cost and > 0 && view.Bytes + cost >= quota ? StoreError.NoSpace : null;

    internal static long CostOf(Command command) => command switch
    {
        Command.Execute(var operation) => CostOf(operation),
        Command.LeaseGrant => Limits.LeaseOverhead,
        _ => 0,
    };

    // Of two branches the dearer, as which is taken is not known before.
    private static long CostOf(Operation operation) => operation switch
    {
        Operation.Put put => Limits.RecordOverhead + put.Key.Length + put.Value.Length,
        Operation.Txn txn => Math.Max(txn.Success.Sum(CostOf), txn.Failure.Sum(CostOf)),
        _ => 0,
    };
}
