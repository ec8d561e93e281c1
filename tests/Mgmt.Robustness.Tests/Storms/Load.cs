using Google.Protobuf;
using Grpc.Core;
using Mgmt.Mesh.Wire;
using Mgmt.Robustness.Histories;
using Mgmt.Robustness.Voters;

namespace Mgmt.Robustness.Storms;

/// <summary>Clients that each do one thing after another, at any member, to few keys, and write down what they did and what they were told.</summary>
internal sealed class Load(VoterCluster cluster, int clients, int seed)
{
    private const string Prefix = "reg/";
    private const int KeyCount = 6;
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(3);

    /// <summary>What a client waits between two requests, so that a minute does not become a million of them.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);

    public HistoryLog History { get; } = new();

    /// <summary>Runs until cancelled; what is on its way then is waited for.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, clients).Select(i => Task.Run(() => RunClientAsync(i, stop), CancellationToken.None)));

    /// <summary>Does one thing at one member, and writes it down.</summary>
    public async Task<Operation> DoAsync(Voter voter, Operation asked, TimeSpan within)
    {
        asked = asked with { Invoked = HistoryLog.Now };
        Operation done;
        try
        {
            done = await SendAsync(voter.Client.Keys, asked, EtcdClient.Within(within));
        }
        catch (RpcException e)
        {
            done = asked with { Outcome = Refusal.IsSure(e) ? Outcome.Refused : Outcome.Unknown, Note = $"{asked.Note} {e.StatusCode} {e.Status.Detail}" };
        }

        done = done with { Completed = HistoryLog.Now };
        History.Add(done);
        return done;
    }

    private async Task RunClientAsync(int number, CancellationToken stop)
    {
        var random = new Random((seed * 1000) + number);
        var known = new string?[KeyCount];
        while (!stop.IsCancellationRequested)
        {
            var (voter, key) = (cluster.Voters[random.Next(cluster.Voters.Count)], random.Next(KeyCount));
            var done = await DoAsync(voter, Next(random, $"{Prefix}{key}", known[key]) with { Note = $"client {number} at {voter.Name}:" }, CallTime);
            if (done.Outcome == Outcome.Done) known[key] = done.Wrote ? done.Value : done.Seen;
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private Operation Next(Random random, string key, string? known) => random.Next(20) switch
    {
        < 9 => new(Act.Read, key, default, 0, 0),
        < 14 => new(Act.Put, key, default, 0, 0) { Value = History.NextValue() },
        < 19 => new(Act.Swap, key, default, 0, 0) { Value = History.NextValue(), Expected = known },
        _ => new(Act.Delete, key, default, 0, 0),
    };

    private static async Task<Operation> SendAsync(KV.KVClient keys, Operation asked, CallOptions options)
    {
        var key = ByteString.CopyFromUtf8(asked.Key);
        switch (asked.Act)
        {
            case Act.Read:
                var range = await keys.RangeAsync(new() { Key = key }, options);
                return asked with { Seen = ValueOf(range.Kvs.FirstOrDefault()), Revision = range.Header.Revision };
            case Act.Put:
                var put = await keys.PutAsync(new() { Key = key, Value = ByteString.CopyFromUtf8(asked.Value), PrevKv = true }, options);
                return asked with { Seen = ValueOf(put.PrevKv), Revision = put.Header.Revision };
            case Act.Delete:
                var delete = await keys.DeleteRangeAsync(new() { Key = key, PrevKv = true }, options);
                return asked with { Seen = ValueOf(delete.PrevKvs.FirstOrDefault()), Revision = delete.Header.Revision };
            default:
                var txn = await keys.TxnAsync(SwapOf(asked, key), options);
                var seen = txn.Succeeded ? asked.Expected : ValueOf(txn.Responses[0].ResponseRange.Kvs.FirstOrDefault());
                return asked with { Seen = seen, Revision = txn.Header.Revision };
        }
    }

    private static TxnRequest SwapOf(Operation asked, ByteString key)
    {
        var condition = asked.Expected is null
            ? new Compare { Key = key, Target = Compare.Types.CompareTarget.Create, Result = Compare.Types.CompareResult.Equal, CreateRevision = 0 }
            : new Compare { Key = key, Target = Compare.Types.CompareTarget.Value, Result = Compare.Types.CompareResult.Equal, Value = ByteString.CopyFromUtf8(asked.Expected) };
        return new()
        {
            Compare = { condition },
            Success = { new RequestOp { RequestPut = new() { Key = key, Value = ByteString.CopyFromUtf8(asked.Value) } } },
            Failure = { new RequestOp { RequestRange = new() { Key = key } } },
        };
    }

    private static string? ValueOf(KeyValue? one) => one?.Value.ToStringUtf8();
}
