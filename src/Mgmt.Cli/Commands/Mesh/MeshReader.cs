using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary>Reads a mesh: its store through the given client, and how its members are from each of them.</summary>
/// <param name="client">Asks the store.</param>
/// <param name="lines">Reaches single members.</param>
internal sealed class MeshReader(StoreClient client, MemberLines lines)
{
    /// <summary>Reads all, or says why not.</summary>
    /// <param name="askMembers">Whether to ask each member how it is.</param>
    /// <param name="mayBeStale">Whether what one host knew last is better than nothing.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<(MeshFacts? Facts, StoreFailure? Failure)> ReadAsync(bool askMembers, bool mayBeStale, CancellationToken cancel)
    {
        var near = await client.StatusAsync(cancel);
        var isLed = near.Any(static one => one is { IsThere: true, Value.Leader: not 0 });
        var (answer, stale, failure) = await ReadKeysAsync(isLed, mayBeStale, cancel);
        if (answer is null) return (null, failure);

        // The answer has waited for a leader, which none of them knew before.
        if (!isLed && stale.Length == 0) near = await client.StatusAsync(cancel);
        var members = await client.MembersAsync(cancel);
        if (!members.IsThere) return (null, members.Failure);
        var statuses = near.Where(static one => one.IsThere).Select(static one => one.Value!).DistinctBy(static one => one.Header.MemberId).ToDictionary(static one => one.Header.MemberId);
        var silent = askMembers ? await lines.AskAsync([.. members.Value.Members], statuses, cancel) : [];
        var newest = statuses.Values.OrderByDescending(static one => one.RaftTerm).ThenByDescending(static one => one.Leader != 0).FirstOrDefault();
        return (MeshKeys.Of(answer) with
        {
            Cluster = newest?.Header.ClusterId ?? 0,
            Leader = newest?.Leader ?? 0,
            Term = newest?.RaftTerm ?? 0,
            Members = members.Value.Members,
            Statuses = statuses,
            Silent = silent,
            Stale = stale,
        }, null);
    }

    private async Task<(TxnResponse? Answer, string Stale, StoreFailure? Failure)> ReadKeysAsync(bool isLed, bool mayBeStale, CancellationToken cancel)
    {
        StoreFailure? failure = null;
        if (isLed || !mayBeStale)
        {
            var now = await client.TxnAsync(MeshKeys.ReadAll(isSerializable: false), cancel);
            if (now.IsThere) return (now.Value, "", null);
            if (!mayBeStale || now.Failure.Kind == FailureKind.Unreachable) return (null, "", now.Failure);
            failure = now.Failure;
        }

        var then = await client.TxnAsync(MeshKeys.ReadAll(isSerializable: true), cancel);
        return then.IsThere ? (then.Value, failure?.Reason ?? "no leader", null) : (null, "", then.Failure);
    }
}
