using Grpc.Core;
using Mgmt.Mesh.Node;
using Mgmt.Store.Commands;
using Mgmt.Store.Machine;

namespace Mgmt.Mesh.Api.Calls;

/// <summary>Holds calls to their callers' <see cref="KeyRights"/>. What is not known here, only operators may do.</summary>
internal sealed class KeyGate(IStoreNode node)
{
    /// <summary>The rights of who calls.</summary>
    public static KeyRights RightsOf(ServerCallContext context)
    {
        var caller = context.GetHttpContext().Features.Get<Caller>();
        return caller is { Role: Role.Operator } ? KeyRights.All : KeyRights.Of(caller?.Host ?? "");
    }

    /// <summary>Lets a command through, or throws why not.</summary>
    public void Check(Command command, ServerCallContext context)
    {
        var rights = RightsOf(context);
        if (rights.AreAll) return;
        ThrowIf(command switch
        {
            Command.Execute execute => rights.Refusal(execute.Operation) ?? KeyRights.LeasesOf(execute.Operation).Select(lease => LeaseRefusal(rights, lease, node.View)).FirstOrDefault(static one => one is not null),
            Command.LeaseRevoke revoke => LeaseRefusal(rights, revoke.Id, node.View),
            Command.LeaseGrant => null,
            _ => $"only operators may do {command.GetType().Name}",
        });
    }

    /// <summary>Lets a read through, or throws why not.</summary>
    public static void Check(Operation operation, ServerCallContext context) => ThrowIf(RightsOf(context).Refusal(operation));

    /// <summary>Lets a lease be kept, or throws why not.</summary>
    public void CheckLease(long lease, ServerCallContext context) => ThrowIf(LeaseRefusal(RightsOf(context), lease, node.View));

    private static string? LeaseRefusal(KeyRights rights, long lease, StoreView view) => rights.AreAll ? null : rights.LeaseRefusal(lease, view.LeaseKeys(lease));

    private static void ThrowIf(string? refusal)
    {
        if (refusal is not null) throw Failures.Of(Grpc.Core.StatusCode.PermissionDenied, $"etcdserver: permission denied: {refusal}");
    }
}
