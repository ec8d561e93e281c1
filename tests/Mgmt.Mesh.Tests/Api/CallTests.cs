using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using Mgmt.Mesh.Api;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Node;

namespace Mgmt.Mesh.Tests.Api;

public sealed class CallTests
{
    [Fact]
    public void Every_method_of_the_wire_is_in_the_table_and_nothing_else()
    {
        var wire = Wire.RpcReflection.Descriptor.Services.Concat(Wire.MeshReflection.Descriptor.Services).SelectMany(static service => service.Methods.Select(method => $"/{service.FullName}/{method.Name}"));
        Assert.Equal(wire.Order(), MethodTable.All.Select(static one => $"/{one.Service}/{one.Name}").Order());
        Assert.Null(MethodTable.Find("/etcdserverpb.KV/Unheard"));
        Assert.False(MethodTable.Allows(null, new(Role.Operator)));
        Assert.All(MethodTable.All, static one => Assert.False(MethodTable.Allows(one, null)));
        Assert.All(MethodTable.All, static one => Assert.True(MethodTable.Allows(one, new(Role.Operator))));

        // A stranger may ask for the authority and spend a token, and nothing else.
        Assert.Equal(["Authority", "Enroll"], MethodTable.All.Where(static one => MethodTable.Allows(one, new(Role.None))).Select(static one => one.Name));
    }

    [Fact]
    public async Task Without_a_leader_requests_fail_within_their_deadline_in_etcds_words()
    {
        // The server's own bound, as it is made of a client's deadline: no race with that is of interest here.
        await using var server = await TestServer.StartAsync(static options => options with { Limits = new() { RequestTime = TimeSpan.FromSeconds(1) } });
        var client = server.Connect();
        await client.PutAsync("k", "v");
        server.Solo.Consensus.IsLeaderless = true;
        var clock = Stopwatch.StartNew();
        var put = await Assert.ThrowsAsync<RpcException>(async () => await client.Kv.PutAsync(new() { Key = Text("k") }, deadline: DateTime.UtcNow.AddSeconds(30)));
        var get = await Assert.ThrowsAsync<RpcException>(async () => await client.Kv.RangeAsync(new() { Key = Text("k") }, deadline: DateTime.UtcNow.AddSeconds(30)));
        Assert.Equal((StatusCode.Unavailable, "etcdserver: request timed out"), (put.StatusCode, put.Status.Detail));
        Assert.Equal((StatusCode.Unavailable, "etcdserver: request timed out"), (get.StatusCode, get.Status.Detail));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));

        // Who takes what this member has is answered.
        Assert.Single((await client.Kv.RangeAsync(new() { Key = Text("k"), Serializable = true })).Kvs);
        Assert.True((await client.Kv.TxnAsync(new() { Success = { new Wire.RequestOp { RequestRange = new() { Key = Text("k"), Serializable = true } } } })).Succeeded);
    }

    [Fact]
    public async Task While_the_store_is_being_opened_the_hosts_own_users_wait()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new LateNode(static () => 1);
        IStoreNode? node = null;
        await using var server = await TestServer.StartAsync(options => options with { Opening = () => open.Task }, wrap: one =>
        {
            node = one;
            return late;
        });
        var client = server.ConnectToSocket();
        var put = client.PutAsync("k", "v");
        using var impatient = new CancellationTokenSource();
        var get = client.Kv.RangeAsync(new() { Key = Text("k") }, cancellationToken: impatient.Token);

        // What this host knows by itself it tells.
        Assert.Equal(0ul, (await client.Maintenance.StatusAsync(new())).Leader);
        await impatient.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await get);
        Assert.False(put.IsCompleted);
        late.Become(node);
        open.SetResult();
        await put.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["v"], await client.GetAsync("k"));
    }

    [Fact]
    public async Task Without_a_deadline_there_is_a_bound()
    {
        await using var server = await TestServer.StartAsync(options => options with { Limits = new() { RequestTime = TimeSpan.FromMilliseconds(300) } });
        server.Solo.Consensus.IsHolding = true;
        var put = await Assert.ThrowsAsync<RpcException>(() => server.Connect().PutAsync("k", "v"));
        Assert.Equal("etcdserver: request timed out", put.Status.Detail);
        server.Solo.Consensus.Release();
        Assert.Equal(["v"], await server.Connect().GetAsync("k"));
    }

    [Fact]
    public async Task More_requests_than_may_be_are_refused_and_room_comes_back()
    {
        await using var server = await TestServer.StartAsync(options => options with { Limits = new() { Requests = 2, Streams = 1 } });
        var client = server.Connect();
        server.Solo.Consensus.IsHolding = true;
        var held = new[] { client.PutAsync("a", "1"), client.PutAsync("b", "1") };
        await Eventually.HoldsAsync(() => server.Solo.Node.Pending == 2, () => $"{server.Solo.Node.Pending} pending");
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.PutAsync("c", "1"));
        Assert.Equal((StatusCode.ResourceExhausted, "etcdserver: too many requests"), (refused.StatusCode, refused.Status.Detail));
        server.Solo.Consensus.Release();
        await Task.WhenAll(held);
        Assert.Equal(["1"], await client.GetAsync("a"));
        using var first = client.Watch();
        await first.CreateAsync(new() { Key = Text("k") });
        using var second = client.Watch();
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(second.NextAsync)).StatusCode);
    }

    [Fact]
    public async Task A_message_over_the_bound_is_refused_before_it_is_read()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Connect();
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.PutAsync("k", new string('x', ApiLimits.MessageBytes + 1)));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        refused = await Assert.ThrowsAsync<RpcException>(() => client.PutAsync("k", new string('x', Store.Limits.RequestBytes + 1)));
        Assert.Equal((StatusCode.InvalidArgument, "etcdserver: request is too large"), (refused.StatusCode, refused.Status.Detail));
        Assert.Equal(2, await client.PutAsync("k", new string('x', Store.Limits.RequestBytes - 1000)));
    }

    [Fact]
    public async Task What_the_store_has_no_word_for_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        var client = server.Connect();
        var sort = await Assert.ThrowsAsync<RpcException>(async () => await client.Kv.RangeAsync(new() { Key = Text("k"), SortOrder = (Wire.RangeRequest.Types.SortOrder)9 }));
        var compare = await Assert.ThrowsAsync<RpcException>(async () => await client.Kv.TxnAsync(new() { Compare = { new Wire.Compare { Key = Text("k"), Result = (Wire.Compare.Types.CompareResult)9 } } }));
        var alarm = await Assert.ThrowsAsync<RpcException>(async () => await client.Maintenance.AlarmAsync(new() { Action = (Wire.AlarmRequest.Types.AlarmAction)9 }));
        Assert.All([sort, compare, alarm], static one => Assert.Equal(StatusCode.InvalidArgument, one.StatusCode));
    }

    [Theory]
    [InlineData(10.0, 7, 7)]
    [InlineData(5.0, 7, 4.8)]
    [InlineData(1.0, 7, 0.9)]
    [InlineData(-1.0, 7, 0)]
    public void A_request_ends_shortly_before_its_deadline(double seconds, double bound, double expected)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var deadline = time.GetUtcNow().UtcDateTime.AddSeconds(seconds);
        Assert.Equal(TimeSpan.FromSeconds(expected), CallTime.Left(deadline, TimeSpan.FromSeconds(bound), time));
        Assert.Equal(TimeSpan.FromSeconds(bound), CallTime.Left(DateTime.MaxValue, TimeSpan.FromSeconds(bound), time));
    }

    private static ByteString Text(string text) => ByteString.CopyFromUtf8(text);
}
