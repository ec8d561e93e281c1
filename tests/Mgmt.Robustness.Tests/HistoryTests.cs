using System.Diagnostics;
using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Mgmt.Mesh.Wire;
using Mgmt.Robustness.Storms;
using Mgmt.Robustness.Voters;
using Xunit.Abstractions;

namespace Mgmt.Robustness;

/// <summary>The bounds of the kept history, from outside: more is written than is kept, twice over.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const int Kept = 100_000;
    private const int Round = 120_000;
    private const int Writers = 64;
    private const int Keys = 1_000;
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(20);

    [LongFact]
    public async Task More_than_is_kept_is_forgotten_and_takes_no_memory()
    {
        await using var cluster = new VoterCluster(Subject.Mgmt, 1);
        cluster.StartAll();
        await cluster.ReadyAsync();
        var voter = cluster.Voters[0];
        var memory = new List<long>();
        for (var round = 0; round < 3; round++)
        {
            var clock = Stopwatch.StartNew();
            await WriteAsync(voter);
            cluster.Note(string.Create(CultureInfo.InvariantCulture, $"{Round} writes in {clock.Elapsed.TotalSeconds:0.0} s"));
            var last = (await voter.Client.GetAsync("k0", CallTime)).Header.Revision;
            var begin = 0L;
            await cluster.UntilAsync("history is compacted", async () => (begin = await CompactedAsync(voter, 2)) >= last - Kept - (Kept / 10));
            Assert.InRange(last - begin, Kept, Kept + (Kept / 10));
            await AssertGoneAsync(voter, begin - 1);
            await AssertThereAsync(voter, last);
            memory.Add(MemoryOf(voter));
            cluster.Note($"compacted at {begin} of {last}, {memory[^1]} MiB");
        }

        output.WriteLine(cluster.Diary());

        // From the second round on as much is forgotten as comes.
        Assert.True(memory[2] < memory[1] * 3 / 2, $"{string.Join(", ", memory)} MiB\n{cluster.Report()}");
    }

    private static Task WriteAsync(Voter voter)
    {
        var left = Round;
        var value = ByteString.CopyFrom(new byte[100]);
        return Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Decrement(ref left); i >= 0; i = Interlocked.Decrement(ref left))
            {
                await voter.Client.Keys.PutAsync(new() { Key = ByteString.CopyFromUtf8(string.Create(CultureInfo.InvariantCulture, $"k{i % Keys}")), Value = value }, EtcdClient.Within(CallTime));
            }
        })));
    }

    // What a watch from the past is told: where history begins, or 0 when it is there.
    private static async Task<long> CompactedAsync(Voter voter, long from)
    {
        using var call = voter.Client.Watch.Watch(EtcdClient.Within(CallTime));
        await call.RequestStream.WriteAsync(new() { CreateRequest = new() { Key = EtcdClient.All.Key, RangeEnd = EtcdClient.All.End, StartRevision = from } });
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            var told = call.ResponseStream.Current;
            if (told.Canceled) return told.CompactRevision;
            if (told.Events.Count > 0) return 0;
        }

        throw new InvalidOperationException("the watch ended without a word");
    }

    private static async Task AssertGoneAsync(Voter voter, long revision)
    {
        var gone = await Assert.ThrowsAsync<RpcException>(async () => await voter.Client.Keys.RangeAsync(new() { Key = EtcdClient.All.Key, Revision = revision }, EtcdClient.Within(CallTime)));
        Assert.Equal((StatusCode.OutOfRange, "etcdserver: mvcc: required revision has been compacted"), (gone.StatusCode, gone.Status.Detail));
    }

    // All of what is promised, each revision once and in order.
    private static async Task AssertThereAsync(Voter voter, long last)
    {
        var next = last - Kept + 1;
        var past = await voter.Client.Keys.RangeAsync(new() { Key = ByteString.CopyFromUtf8("k"), RangeEnd = ByteString.CopyFromUtf8("l"), Revision = next, CountOnly = true }, EtcdClient.Within(CallTime));
        Assert.Equal(Keys, past.Count);
        using var call = voter.Client.Watch.Watch(EtcdClient.Within(CallTime * 3));
        await call.RequestStream.WriteAsync(new() { CreateRequest = new() { Key = EtcdClient.All.Key, RangeEnd = EtcdClient.All.End, StartRevision = next } });
        while (next <= last && await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            Assert.False(call.ResponseStream.Current.Canceled, call.ResponseStream.Current.CancelReason);
            foreach (var change in call.ResponseStream.Current.Events) Assert.Equal(next++, change.Kv.ModRevision);
        }

        Assert.Equal(last + 1, next);
    }

    private static long MemoryOf(Voter voter)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{voter.Id}/status")).First(static one => one.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
