using System.Text;
using Mgmt.Store.Commands;

namespace Mgmt.Store.Tests;

/// <summary>Answers and events as text, to be compared and read.</summary>
internal static class Text
{
    public static string Of(KeyValue? one) =>
        one is null ? "-" : $"{one.Key}={one.Value} c{one.CreateRevision} m{one.ModRevision} v{one.Version} l{one.Lease}";

    public static string Of(Event one) => $"{one.Kind} {Of(one.KeyValue)} was {Of(one.Previous)}";

    public static string Of(Response response) => response switch
    {
        Response.Failed failed => $"failed: {failed.Error.Message}",
        Response.Range range => $"@{range.Revision} [{Of(range.KeyValues)}] more {range.More} of {range.Count}",
        Response.Put put => $"@{put.Revision} put was {Of(put.Previous)}",
        Response.DeleteRange delete => $"@{delete.Revision} deleted {delete.Deleted} [{Of(delete.Previous)}]",
        Response.Txn txn => $"@{txn.Revision} {txn.Succeeded} {{{string.Join("; ", txn.Responses.Select(Of))}}}",
        Response.Compact compact => $"@{compact.Revision} compacted",
        Response.LeaseGrant grant => $"@{grant.Revision} lease {grant.Lease.Id} {grant.Lease.Seconds}s",
        Response.LeaseEnd end => $"@{end.Revision} lease ended",
        Response.Alarms alarms => $"@{alarms.Revision} alarms {string.Join(",", alarms.Raised)}",
        Response.Members members => $"@{members.Revision} members {string.Join("; ", members.All.Select(Of))}",
        _ => throw new ArgumentException($"{response}"),
    };

    public static string Of(Member one) => $"{one.Id} '{one.Name}' [{string.Join(' ', one.PeerUrls)}] [{string.Join(' ', one.ClientUrls)}] {one.IsLearner}";

    public static string Of(IEnumerable<KeyValue> several) => string.Join(", ", several.Select(Of));

    /// <summary>A command with all that is in it, lists too.</summary>
    public static string Of(object? any)
    {
        var text = new StringBuilder();
        Append(text, any);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? any)
    {
        switch (any)
        {
            case Operation.Txn txn:
                text.Append("Txn if ");
                Append(text, txn.Compares);
                text.Append(" then ");
                Append(text, txn.Success);
                text.Append(" else ");
                Append(text, txn.Failure);
                break;
            case Command.Execute execute:
                Append(text, execute.Operation);
                break;
            case Proposal proposal:
                text.Append(proposal.Id.Value).Append(' ');
                Append(text, proposal.Command);
                break;
            case System.Collections.IEnumerable several and not string:
                text.Append('(');
                foreach (var one in several)
                {
                    Append(text, one);
                    text.Append("; ");
                }

                text.Append(')');
                break;
            default:
                text.Append(any);
                break;
        }
    }
}
