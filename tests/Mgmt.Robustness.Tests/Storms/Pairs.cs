using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Mgmt.Mesh.Wire;
using Mgmt.Robustness.Histories;
using Mgmt.Robustness.Voters;

namespace Mgmt.Robustness.Storms;

/// <summary>Transactions that write two keys alike, and some that read both: nobody may ever see one without the other.</summary>
internal sealed class Pairs(VoterCluster cluster, int seed)
{
    private const string Left = "pair/left", Right = "pair/right";
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(3);
    private readonly ConcurrentQueue<string> _wrong = new();

    public IEnumerable<string> Wrong => _wrong;

    public async Task RunAsync(CancellationToken stop)
    {
        var random = new Random(seed);
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var voter = cluster.Voters[random.Next(cluster.Voters.Count)];
            try
            {
                var isWrite = i % 2 == 0;
                TxnRequest request = isWrite ? new() { Success = { Put(Left, i), Put(Right, i) } } : new() { Success = { Get(Left), Get(Right) } };
                var response = await voter.Client.Keys.TxnAsync(request, EtcdClient.Within(CallTime));
                if (isWrite) continue;
                var values = response.Responses.Select(static one => one.ResponseRange.Kvs.FirstOrDefault()).Select(static one => $"{one?.Value.ToStringUtf8()}@{one?.ModRevision}").Distinct().ToList();
                if (values.Count > 1) _wrong.Enqueue($"at {voter.Name} a transaction read {string.Join(" and ", values)}");
            }
            catch (RpcException)
            {
                // Whether it was done does not matter here.
            }

            await Task.Delay(10, CancellationToken.None);
        }
    }

    /// <summary>Whether every revision that changed one of the keys changed both.</summary>
    public static IEnumerable<string> CheckChanges(IEnumerable<Change> changes) =>
        from change in changes
        where change.Key is Left or Right
        group change by change.Revision into revision
        where revision.Count() != 2 || revision.Select(static one => one.Value).Distinct().Count() != 1
        select $"revision {revision.Key} did half of a transaction: {string.Join(", ", revision)}";

    private static RequestOp Put(string key, int value) => new() { RequestPut = new() { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8($"p{value}") } };

    private static RequestOp Get(string key) => new() { RequestRange = new() { Key = ByteString.CopyFromUtf8(key) } };
}
