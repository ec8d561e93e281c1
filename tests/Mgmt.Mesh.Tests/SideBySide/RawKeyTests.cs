using Google.Protobuf;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>What etcdctl cannot say about keys and leases, said to etcd and to us.</summary>
public sealed class RawKeyTests
{
    [EtcdFact]
    public async Task Ranges_with_every_option()
    {
        await using var pair = await Pair.StartAsync();
        string[] puts = ["a=3", "b=1", "c=3", "d=2", "a=3", "e=1", "b=1", "f=2", "c=9"];
        foreach (var put in puts) await pair.SameAsync(async one => (await one.Kv.PutAsync(new() { Key = Key(put[..1]), Value = Key(put[2..]) })).Header.Revision);
        foreach (var target in Enum.GetValues<RangeRequest.Types.SortTarget>())
        {
            foreach (var order in Enum.GetValues<RangeRequest.Types.SortOrder>())
            {
                foreach (var limit in (long[])[-1, 0, 1, 3, 6, 100])
                {
                    var request = new RangeRequest { Key = Key("a"), RangeEnd = Key("z"), SortTarget = target, SortOrder = order, Limit = limit };
                    await pair.SameAsync(async one => await one.Kv.RangeAsync(request));
                    await pair.SameAsync(async one => await one.Kv.RangeAsync(new(request) { Revision = 6 }));
                }
            }
        }

        foreach (var bound in (long[])[-1, 1, 4, 6, 9, 50])
        {
            await Same(pair, new() { MinModRevision = bound });
            await Same(pair, new() { MaxModRevision = bound });
            await Same(pair, new() { MinCreateRevision = bound, Limit = 2 });
            await Same(pair, new() { MaxCreateRevision = bound, Limit = 1, SortOrder = RangeRequest.Types.SortOrder.Descend });
            await Same(pair, new() { MinModRevision = bound, MaxModRevision = bound + 2, KeysOnly = true, Revision = 8 });
        }
    }

    [EtcdFact]
    public async Task Odd_ranges_and_revisions()
    {
        await using var pair = await Pair.StartAsync();
        foreach (var key in (string[])["a", "b", "\0", "\u00ff", "zz"]) await pair.SameAsync(async one => await one.Kv.PutAsync(new() { Key = Key(key), Value = Key("v") }));
        foreach (var (from, to) in ((string, string)[])[("a", "b"), ("b", "a"), ("a", "a"), ("\0", "\0"), ("a", "\0"), ("", ""), ("", "z"), ("\0", ""), ("a", "\0\0")])
        {
            await pair.SameAsync(async one => await one.Kv.RangeAsync(new() { Key = Key(from), RangeEnd = Key(to) }));
            await pair.SameAsync(async one => await one.Kv.RangeAsync(new() { Key = Key(from), RangeEnd = Key(to), CountOnly = true, KeysOnly = true, Limit = 1 }));
        }

        foreach (var revision in (long[])[-9, 0, 1, 2, 6, 7, long.MaxValue, long.MinValue]) await Same(pair, new() { Revision = revision });
        await pair.SameAsync(async one => await one.Kv.CompactAsync(new() { Revision = 4, Physical = true }));
        foreach (var revision in (long[])[-1, 1, 3, 4, 5]) await Same(pair, new() { Revision = revision });
        foreach (var revision in (long[])[-1, 0, 4, 7]) await pair.SameAsync(async one => await one.Kv.CompactAsync(new() { Revision = revision }));
        foreach (var (from, to) in ((string, string)[])[("b", "a"), ("", ""), ("a", "a"), ("zz", "\0"), ("\0", "\0"), ("\0", "\0")])
            await pair.SameAsync(async one => await one.Kv.DeleteRangeAsync(new() { Key = Key(from), RangeEnd = Key(to), PrevKv = true }));
    }

    [EtcdFact]
    public async Task Transactions_inside_transactions()
    {
        await using var pair = await Pair.StartAsync();
        var inner = new TxnRequest { Compare = { Is("a", 0) }, Success = { Put("a", "1"), Get("a", "z") }, Failure = { Put("b", "2"), Get("a", "z") } };
        var outer = new TxnRequest { Success = { Put("c", "3"), new RequestOp { RequestTxn = inner }, Get("a", "z"), Delete("c"), Delete("nothing") } };
        for (var i = 0; i < 3; i++) await pair.SameAsync(async one => await one.Kv.TxnAsync(outer));
        await pair.SameAsync(async one => await one.Kv.TxnAsync(new() { Success = { new RequestOp { RequestTxn = outer } } }));
        await pair.SameAsync(async one => await one.Kv.TxnAsync(new() { Success = { new RequestOp { RequestTxn = new() } } }));
        await pair.SameAsync(async one => await one.Kv.TxnAsync(new() { Success = { new RequestOp { RequestTxn = new() { Success = { Put("x", "1") }, Failure = { Put("x", "2") } } } } }));
        await pair.SameAsync(async one => await one.Kv.TxnAsync(new() { Success = { Put("x", "0"), new RequestOp { RequestTxn = new() { Success = { Put("x", "1") } } } } }));
        await pair.SameAsync(async one => await one.Kv.TxnAsync(new() { Success = { Delete("x"), new RequestOp { RequestTxn = new() { Failure = { Put("x", "1") } } } } }));
        await pair.SameAsync(async one => await one.Kv.TxnAsync(new() { Success = { new RequestOp() } }));
        await pair.SameAsync(async one => await one.Kv.TxnAsync(new() { Success = { Get("", "") } }));
        await pair.SameAsync(async one => await one.Kv.TxnAsync(new() { Compare = { new Compare() } }));
    }

    [EtcdFact]
    public async Task Compares_of_ranges_and_of_what_does_not_fit()
    {
        await using var pair = await Pair.StartAsync();
        foreach (var key in (string[])["a", "b", "b"]) await pair.SameAsync(async one => await one.Kv.PutAsync(new() { Key = Key(key), Value = Key("v") }));
        foreach (var target in Enum.GetValues<Compare.Types.CompareTarget>())
        {
            foreach (var result in Enum.GetValues<Compare.Types.CompareResult>())
            {
                foreach (var (from, to) in ((string, string)[])[("a", ""), ("b", ""), ("none", ""), ("a", "z"), ("n", "z"), ("a", "\0"), ("\0", "\0")])
                {
                    await Holds(pair, new() { Target = target, Result = result, Key = Key(from), RangeEnd = Key(to), Version = 1 });
                    await Holds(pair, new() { Target = target, Result = result, Key = Key(from), RangeEnd = Key(to), Value = Key("v") });
                    await Holds(pair, new() { Target = target, Result = result, Key = Key(from), RangeEnd = Key(to), ModRevision = 2 });
                    await Holds(pair, new() { Target = target, Result = result, Key = Key(from), RangeEnd = Key(to) });
                }
            }
        }
    }

    [EtcdFact]
    public async Task Puts_and_leases_at_their_edges()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync(async one => await one.Kv.PutAsync(new()));
        foreach (var lease in (long[])[-1, 0, 1, long.MaxValue]) await pair.SameAsync(async one => await one.Kv.PutAsync(new() { Key = Key("k"), Lease = lease }));
        foreach (var seconds in (long[])[-1, 0, 1, 3, 9_000_000_000, 9_000_000_001, long.MaxValue, long.MinValue])
        {
            await pair.SameAsync(async one => (await one.Leases.LeaseGrantAsync(new() { TTL = seconds })).TTL);
            await pair.SameAsync(async one => await one.Leases.LeaseGrantAsync(new() { ID = 77, TTL = seconds }));
            await pair.SameAsync(async one => await one.Leases.LeaseGrantAsync(new() { ID = -5, TTL = seconds }));
            await pair.SameAsync(async one => await one.Leases.LeaseRevokeAsync(new() { ID = 77 }));
            await pair.SameAsync(async one => await one.Leases.LeaseRevokeAsync(new() { ID = -5 }));
        }

        await pair.SameAsync(async one => await one.Leases.LeaseGrantAsync(new() { ID = 88, TTL = 1000 }));
        await pair.SameAsync(async one => await one.Kv.PutAsync(new() { Key = Key("l"), Value = Key("1"), Lease = 88 }));
        await pair.SameAsync(async one => await one.Kv.PutAsync(new() { Key = Key("l"), IgnoreLease = true, IgnoreValue = true, PrevKv = true }));
        await pair.SameAsync(async one => await one.Kv.PutAsync(new() { Key = Key("l"), IgnoreLease = true, Lease = 88 }));
        await pair.SameAsync(async one => await one.Kv.PutAsync(new() { Key = Key("l"), Lease = 88, IgnoreValue = true, Value = Key("2") }));
        await pair.SameAsync(async one => await one.Leases.LeaseLeasesAsync(new()));
        foreach (var id in (long[])[0, -1, 99]) await pair.SameAsync(async one => await one.Leases.LeaseTimeToLiveAsync(new() { ID = id, Keys = true }));
        await pair.SameAsync(async one => await one.Leases.LeaseRevokeAsync(new()));
        await pair.SameAsync(async one => await one.Leases.LeaseRevokeAsync(new() { ID = 88 }));
        await pair.SameAsync(async one => await one.Kv.RangeAsync(new() { Key = Key("l") }));
    }

    [EtcdFact]
    public async Task Keep_alives_on_one_stream()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync(async one => await one.Leases.LeaseGrantAsync(new() { ID = 5, TTL = 500 }));
        await pair.SameAsync(async one =>
        {
            using var stream = one.Leases.LeaseKeepAlive();
            var answers = new List<string>();
            foreach (var id in (long[])[5, 6, 0, 5, -1])
            {
                await stream.RequestStream.WriteAsync(new() { ID = id });
                await stream.ResponseStream.MoveNext(CancellationToken.None);
                answers.Add(stream.ResponseStream.Current.ToString());
            }

            await stream.RequestStream.CompleteAsync();
            answers.Add((await stream.ResponseStream.MoveNext(CancellationToken.None)).ToString());
            return string.Join('\n', answers);
        });
    }

    [EtcdFact]
    public async Task Maintenance_and_members()
    {
        await using var pair = await Pair.StartAsync();
        await pair.SameAsync(async one => await one.Kv.PutAsync(new() { Key = Key("k"), Value = Key("v") }));
        await pair.SameAsync(async one => await one.Maintenance.StatusAsync(new()));
        await pair.SameAsync(async one => await one.Maintenance.HashAsync(new()));
        foreach (var revision in (long[])[-1, 0, 1, 2, 3]) await pair.SameAsync(async one => WithoutHash(await one.Maintenance.HashKVAsync(new() { Revision = revision })));
        await pair.SameAsync(async one => await one.Kv.CompactAsync(new() { Revision = 2 }));
        foreach (var revision in (long[])[0, 1, 2]) await pair.SameAsync(async one => WithoutHash(await one.Maintenance.HashKVAsync(new() { Revision = revision })));
        await pair.SameAsync(async one => await one.Cluster.MemberListAsync(new()));
        await pair.SameAsync(async one => await one.Cluster.MemberAddAsync(new()));
        await pair.SameAsync(async one => await one.Cluster.MemberAddAsync(new() { PeerURLs = { "nonsense" } }));
        await pair.SameAsync(async one => await one.Cluster.MemberAddAsync(new() { PeerURLs = { "http://1.2.3.4" } }));
        await pair.SameAsync(async one => await one.Cluster.MemberRemoveAsync(new() { ID = 9 }));
        await pair.SameAsync(async one => await one.Cluster.MemberUpdateAsync(new() { ID = 9, PeerURLs = { "http://1.2.3.4:5" } }));
        await pair.SameAsync(async one => await one.Cluster.MemberPromoteAsync(new() { ID = 9 }));
        await pair.SameAsync(async one => await one.Maintenance.MoveLeaderAsync(new() { TargetID = 9 }));
        await pair.SameAsync(async one => await one.Maintenance.DefragmentAsync(new()));
        await pair.SameAsync(async one => await one.Maintenance.AlarmAsync(new()));
        await pair.SameAsync(async one => await one.Maintenance.AlarmAsync(new() { Action = AlarmRequest.Types.AlarmAction.Activate, MemberID = 3, Alarm = AlarmType.Nospace }));
        await pair.SameAsync(async one => await one.Kv.PutAsync(new() { Key = Key("k"), Value = Key("v") }));
        await pair.SameAsync(async one => await one.Kv.TxnAsync(new() { Success = { Put("k", "1") } }));
        await pair.SameAsync(async one => await one.Leases.LeaseGrantAsync(new() { ID = 4, TTL = 5 }));
        await pair.SameAsync(async one => await one.Kv.DeleteRangeAsync(new() { Key = Key("k") }));
        await pair.SameAsync(async one => (await one.Maintenance.StatusAsync(new())).Errors);
        await pair.SameAsync(async one => await one.Maintenance.AlarmAsync(new() { Action = AlarmRequest.Types.AlarmAction.Deactivate, MemberID = 3, Alarm = AlarmType.Nospace }));
        await pair.SameAsync(async one => await one.Kv.PutAsync(new() { Key = Key("k"), Value = Key("v") }));
    }

    internal static ByteString Key(string text) => ByteString.CopyFrom([.. text.Select(static one => (byte)one)]);

    internal static RequestOp Put(string key, string value) => new() { RequestPut = new() { Key = Key(key), Value = Key(value) } };

    internal static RequestOp Get(string key, string end) => new() { RequestRange = new() { Key = Key(key), RangeEnd = Key(end) } };

    internal static RequestOp Delete(string key) => new() { RequestDeleteRange = new() { Key = Key(key), PrevKv = true } };

    // The hash of nothing is not the same number in both.
    private static HashKVResponse WithoutHash(HashKVResponse response) => new(response) { Hash = 1 };

    private static Compare Is(string key, long version) => new() { Key = Key(key), Target = Compare.Types.CompareTarget.Version, Version = version };

    private static Task Same(Pair pair, RangeRequest request) =>
        pair.SameAsync(async one => await one.Kv.RangeAsync(new(request) { Key = Key("\0"), RangeEnd = Key("\0") }));

    private static Task Holds(Pair pair, Compare compare) => pair.SameAsync(async one => await one.Kv.TxnAsync(new() { Compare = { compare } }));
}
