using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Tests.Api;
using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Tests.Trust;

public sealed class StrangerTests
{
    private static readonly Marshaller<byte[]> Raw = Marshallers.Create(static bytes => bytes, static bytes => bytes);

    [Fact]
    public async Task Who_has_no_certificate_may_ask_for_one_and_nothing_else()
    {
        await using var mesh = await TrustMesh.StartAsync();
        using var channel = mesh.First.Open(null);
        foreach (var row in MethodTable.All)
        {
            var code = await AskAsync(channel, row);
            if (row is { Service: "mgmtpb.Trust", Name: "Authority" or "Enroll" }) Assert.Equal(StatusCode.OK, code);
            else Assert.True(code == StatusCode.PermissionDenied, $"{row.Service}/{row.Name}: {code}");
        }

        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = static (_, _, _, _) => true } });
        foreach (var page in (string[])["health", "metrics", "version"]) Assert.Equal(403, (int)(await http.GetAsync(new Uri($"https://{mesh.First.Address}/{page}"))).StatusCode);
    }

    [Fact]
    public async Task Who_is_revoked_is_told_so_and_may_ask_for_another_certificate_and_nothing_else()
    {
        await using var mesh = await TrustMesh.StartAsync();
        using var certificate = await mesh.LetInAsync("b", "operator");
        await mesh.First.Desk.RevokeAsync("b", CancellationToken.None);
        await Eventually.HoldsAsync(() => mesh.First.Tls.Revocations.Has(certificate), () => "it is not known to be revoked");
        using var channel = mesh.First.Open(certificate);
        foreach (var row in MethodTable.All)
        {
            var code = await AskAsync(channel, row);
            Assert.True(code == (row is { Service: "mgmtpb.Trust", Name: "Authority" or "Enroll" } ? StatusCode.OK : StatusCode.Unauthenticated), $"{row.Service}/{row.Name}: {code}");
        }

        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = new() { ClientCertificates = [certificate], RemoteCertificateValidationCallback = static (_, _, _, _) => true } });
        foreach (var page in (string[])["health", "metrics", "version"]) Assert.Equal(401, (int)(await http.GetAsync(new Uri($"https://{mesh.First.Address}/{page}"))).StatusCode);
    }

    [Fact]
    public async Task A_certificate_that_does_not_hold_is_refused_before_anything_is_asked()
    {
        await using var mesh = await TrustMesh.StartAsync();
        await using var other = await TrustMesh.StartAsync();
        var (now, day) = (DateTimeOffset.UtcNow, TimeSpan.FromDays(1));
        using var good = mesh.Forge("b", Role.Operator, day, now);
        using var expired = mesh.Forge("b", Role.Operator, TimeSpan.FromHours(1), now.AddHours(-2));
        using var future = mesh.Forge("b", Role.Operator, day, now.AddHours(2));
        using var foreign = other.Forge("b", Role.Operator, day, now);
        using (var channel = mesh.First.Open(good)) Assert.Equal([], await new RawClient(channel).GetAsync("k"));
        foreach (var wrong in new[] { expired, future, foreign })
        {
            using var channel = mesh.First.Open(wrong);
            var failure = await Assert.ThrowsAsync<RpcException>(async () => await new Wire.Trust.TrustClient(channel).AuthorityAsync(new()));
            Assert.NotEqual(StatusCode.PermissionDenied, failure.StatusCode);
        }

        using var plain = GrpcChannel.ForAddress($"http://{mesh.First.Address}");
        await Assert.ThrowsAsync<RpcException>(async () => await new Wire.Trust.TrustClient(plain).AuthorityAsync(new()));
    }

    [Fact]
    public async Task An_agent_writes_only_what_is_its_own()
    {
        await using var mesh = await TrustMesh.StartAsync();
        using var certificate = await mesh.LetInAsync("b", "agent");
        using var channel = mesh.First.Open(certificate);
        var client = new RawClient(channel);
        await client.PutAsync("mgmt/exports/b/file", "v");
        await DeniedAsync(() => client.PutAsync("mgmt/exports/a/file", "v"), "host b may not write \"mgmt/exports/a/file\"");
        await DeniedAsync(() => client.PutAsync("mgmt/trust/revoked/00", "v"), "mgmt/trust/revoked/00");
        var nested = new TxnRequest();
        var hidden = new RequestOp { RequestPut = new() { Key = ByteString.CopyFromUtf8("mgmt/agents/a") } };
        nested.Failure.Add(new RequestOp { RequestTxn = new() { Success = { hidden } } });
        await DeniedAsync(async () => await client.Kv.TxnAsync(nested), "mgmt/agents/a");
        await DeniedAsync(async () => await client.Kv.DeleteRangeAsync(new() { Key = ByteString.CopyFromUtf8("mgmt/exports/"), RangeEnd = ByteString.CopyFromUtf8("mgmt/exports0") }), "mgmt/exports/");
        await mesh.TokenAsync();
        await DeniedAsync(() => client.GetAsync("\0", "\0"), "mgmt/trust/tokens/");
        await DeniedAsync(() => client.GetAsync(mesh.Keys("mgmt/trust/tokens/")[0]), "mgmt/trust/tokens/");
        using var watch = client.Watch();
        var refused = await watch.CreateAsync(new() { Key = ByteString.CopyFromUtf8("mgmt/"), RangeEnd = ByteString.CopyFromUtf8("mgmt0") });
        Assert.True(refused is { Canceled: true, Created: true } && refused.CancelReason.StartsWith("etcdserver: permission denied", StringComparison.Ordinal), refused.ToString());
        Assert.True((await watch.CreateAsync(new() { Key = ByteString.CopyFromUtf8("mgmt/exports/"), RangeEnd = ByteString.CopyFromUtf8("mgmt/exports0") })) is { Canceled: false });
    }

    [Fact]
    public async Task A_lease_with_anothers_keys_is_left_alone()
    {
        await using var mesh = await TrustMesh.StartAsync();
        using var b = await mesh.LetInAsync("b", "agent");
        using var c = await mesh.LetInAsync("c", "voter");
        using var ofB = mesh.First.Open(b);
        using var ofC = mesh.First.Open(c);
        var (mine, others) = (new RawClient(ofB), new RawClient(ofC));
        var lease = (await others.Leases.LeaseGrantAsync(new() { TTL = 60 })).ID;
        await others.Kv.PutAsync(new() { Key = ByteString.CopyFromUtf8("mgmt/agents/c"), Lease = lease });
        await DeniedAsync(async () => await mine.Leases.LeaseRevokeAsync(new() { ID = lease }), "another's");
        await DeniedAsync(async () => await mine.Kv.PutAsync(new() { Key = ByteString.CopyFromUtf8("mgmt/agents/b"), Lease = lease }), "another's");
        using (var keep = mine.Leases.LeaseKeepAlive())
        {
            await keep.RequestStream.WriteAsync(new() { ID = lease });
            await DeniedAsync(() => keep.ResponseStream.MoveNext(CancellationToken.None), "another's");
        }

        var token = await mesh.TokenAsync();
        Assert.NotNull(token);
        foreach (var one in (await mine.Leases.LeaseLeasesAsync(new())).Leases)
            Assert.DoesNotContain((await mine.Leases.LeaseTimeToLiveAsync(new() { ID = one.ID, Keys = true })).Keys, static key => key.ToStringUtf8().StartsWith("mgmt/trust/tokens/", StringComparison.Ordinal));
        await others.Leases.LeaseRevokeAsync(new() { ID = lease });
        Assert.Equal([], await mine.GetAsync("mgmt/agents/c"));
    }

    [Fact]
    public async Task Nobody_comes_in_under_anothers_name()
    {
        await using var mesh = await TrustMesh.StartAsync();
        using var certificate = await mesh.LetInAsync("b", "agent");
        using var channel = mesh.First.Open(certificate);
        var join = await new Wire.Mesh.MeshClient(channel).JoinAsync(new() { Self = new() { Name = "a", MemberId = 5, ApiAddress = "h:1", RaftAddress = "h:2" } });
        Assert.True(join is { Final: true, MemberId: 0 } && join.Refusal.Contains("its certificate is for b", StringComparison.Ordinal), join.ToString());
    }

    private static async Task DeniedAsync(Func<Task> ask, string why)
    {
        var denied = await Assert.ThrowsAsync<RpcException>(ask);
        Assert.Equal(StatusCode.PermissionDenied, denied.StatusCode);
        Assert.Contains(why, denied.Status.Detail, StringComparison.Ordinal);
    }

    private static async Task<StatusCode> AskAsync(GrpcChannel channel, MethodRow row)
    {
        var type = row.Kind switch { "unary" => MethodType.Unary, "server_stream" => MethodType.ServerStreaming, _ => MethodType.DuplexStreaming };
        var (method, options, invoker) = (new Method<byte[], byte[]>(type, row.Service, row.Name, Raw, Raw), new CallOptions(deadline: DateTime.UtcNow.AddSeconds(20)), channel.CreateCallInvoker());
        try
        {
            if (type == MethodType.Unary) await invoker.AsyncUnaryCall(method, null, options, []);
            else if (type == MethodType.ServerStreaming) await invoker.AsyncServerStreamingCall(method, null, options, []).ResponseStream.MoveNext(CancellationToken.None);
            else await invoker.AsyncDuplexStreamingCall(method, null, options).ResponseStream.MoveNext(CancellationToken.None);
            return StatusCode.OK;
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }
    }
}
