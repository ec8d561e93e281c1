using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using LiteDB.Engine;

namespace Mgmt.Store.Home;

/// <summary>
/// LiteDB's transactions that broke off. What failed in one while it was disposed of fails once more in its finalizer, where nobody can catch it and the whole
/// process ends; so their finalizers are called off. LiteDB shows them to nobody, hence the look inside.
/// </summary>
internal static class FailedTransactions
{
    private const string Monitor = "_monitor", Transactions = "Transactions";

    /// <summary>Calls off the finalizers of what is still open. To be called before the engine is dropped.</summary>
    [DynamicDependency(Monitor, typeof(LiteEngine))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicMethods, "LiteDB.Engine.TransactionMonitor", "LiteDB")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "What is asked for is kept by the dependencies above.")]
    [SuppressMessage("Usage", "CA1816", Justification = "Their own Dispose is what failed.")]
    public static void CallOffFinalizers(LiteEngine engine)
    {
        var monitor = typeof(LiteEngine).GetField(Monitor, BindingFlags.Instance | BindingFlags.NonPublic)?.GetValue(engine);
        if (monitor?.GetType().GetProperty(Transactions)?.GetValue(monitor) is not IEnumerable open) throw new MissingMemberException("LiteDB.Engine.TransactionMonitor", Transactions);
        foreach (var transaction in open) GC.SuppressFinalize(transaction);
    }
}
