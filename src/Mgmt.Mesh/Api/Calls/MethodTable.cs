using System.Collections.Frozen;

namespace Mgmt.Mesh.Api.Calls;

/// <summary>One method of the API.</summary>
/// <param name="Number">Its place in the table.</param>
/// <param name="Service">The service, with its package.</param>
/// <param name="Name">The method.</param>
/// <param name="Kind">What etcd's metrics call its type.</param>
/// <param name="Needs">Who may call it.</param>
internal sealed record MethodRow(int Number, string Service, string Name, string Kind, Role Needs);

/// <summary>Every method and the role that it needs. What is not here, nobody may call.</summary>
internal static class MethodTable
{
    private const string Unary = "unary", Bidi = "bidi_stream", ServerStream = "server_stream";

    private static readonly FrozenDictionary<string, MethodRow> ByPath = Rows().ToFrozenDictionary(static one => $"/{one.Service}/{one.Name}");

    public static IReadOnlyList<MethodRow> All { get; } = [.. ByPath.Values.OrderBy(static one => one.Number)];

    /// <summary>The method's row, null when it has none.</summary>
    public static MethodRow? Find(string path) => ByPath.GetValueOrDefault(path);

    /// <summary>Whether a caller may call it.</summary>
    public static bool Allows(MethodRow? row, Caller? caller) => row is not null && caller is not null && caller.Role >= row.Needs;

    private static List<MethodRow> Rows()
    {
        (string Service, string Name, string Kind, Role Needs)[] rows =
        [
            ("KV", "Range", Unary, Role.Agent),
            ("KV", "Put", Unary, Role.Agent),
            ("KV", "DeleteRange", Unary, Role.Agent),
            ("KV", "Txn", Unary, Role.Agent),
            ("KV", "Compact", Unary, Role.Operator),
            ("Watch", "Watch", Bidi, Role.Agent),
            ("Lease", "LeaseGrant", Unary, Role.Agent),
            ("Lease", "LeaseRevoke", Unary, Role.Agent),
            ("Lease", "LeaseKeepAlive", Bidi, Role.Agent),
            ("Lease", "LeaseTimeToLive", Unary, Role.Agent),
            ("Lease", "LeaseLeases", Unary, Role.Agent),
            ("Cluster", "MemberList", Unary, Role.Agent),
            ("Cluster", "MemberAdd", Unary, Role.Operator),
            ("Cluster", "MemberRemove", Unary, Role.Operator),
            ("Cluster", "MemberUpdate", Unary, Role.Operator),
            ("Cluster", "MemberPromote", Unary, Role.Operator),
            ("Maintenance", "Status", Unary, Role.Agent),
            ("Maintenance", "Hash", Unary, Role.Voter),
            ("Maintenance", "HashKV", Unary, Role.Voter),
            ("Maintenance", "Snapshot", ServerStream, Role.Voter),
            ("Maintenance", "Alarm", Unary, Role.Operator),
            ("Maintenance", "Defragment", Unary, Role.Operator),
            ("Maintenance", "MoveLeader", Unary, Role.Operator),
            ("Mesh", "Hello", Unary, Role.Agent),
            ("Mesh", "Join", Unary, Role.Agent),
            ("Mesh", "Appoint", Unary, Role.Voter),
            ("Trust", "Authority", Unary, Role.None),
            ("Trust", "Enroll", Unary, Role.None),
            ("Trust", "Renew", Unary, Role.Agent),
            ("Care", "Scrub", Unary, Role.Operator),
            ("Host", "Describe", Unary, Role.Operator),
            ("Host", "Unlock", Unary, Role.Operator),
            ("Host", "Lock", Unary, Role.Operator),
        ];
        return [.. rows.Select(static (one, i) => new MethodRow(i, (one.Service is "Mesh" or "Trust" or "Care" or "Host" ? "mgmtpb." : "etcdserverpb.") + one.Service, one.Name, one.Kind, one.Needs))];
    }
}
