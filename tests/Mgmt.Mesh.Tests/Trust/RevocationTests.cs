using Google.Protobuf;
using Grpc.Core;
using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Tests.Api;
using Mgmt.Mesh.Trust;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Tests.Trust;

public sealed class RevocationTests
{
    [Fact]
    public async Task A_revoked_host_is_cut_off_and_does_not_come_back()
    {
        await using var mesh = await TrustMesh.StartAsync();
        using var certificate = await mesh.LetInAsync("b", "voter");
        using var other = await mesh.LetInAsync("c", "voter");
        await mesh.Solo.Node.ExecuteAsync(new Command.MemberSet(new(0xb, "b", [], [], false)), default);
        using var channel = mesh.First.Open(certificate);
        using var spared = mesh.First.Open(other);
        using var watch = new RawClient(channel).Watch();
        using var theirs = new RawClient(spared).Watch();
        var all = new Wire.WatchCreateRequest { Key = ByteString.CopyFromUtf8("mgmt/masters/"), RangeEnd = ByteString.CopyFromUtf8("mgmt/masters0") };
        await watch.CreateAsync(all);
        await theirs.CreateAsync(all);

        var (revoked, failure) = await mesh.First.Desk.RevokeAsync("b", CancellationToken.None);
        Assert.Null(failure);
        Assert.Equal([RoleWords.SerialOf(certificate)], revoked!.Serials);
        Assert.Equal([0xbUL], revoked.Members);
        Assert.Equal([MastersKeys.Of(MastersKeys.Drained, 0xb)], mesh.Keys(MastersKeys.Drained));

        // The open stream ends, whether it is told of the key before or not; another host's goes on.
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true) await watch.NextAsync();
        });
        Assert.Single((await theirs.NextAsync()).Events);
        using var again = mesh.First.Open(certificate);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => new RawClient(again).GetAsync("k"));
        Assert.Equal((StatusCode.Unauthenticated, "the certificate of b is revoked"), (refusal.StatusCode, refusal.Status.Detail));
        Assert.Equal([], await new RawClient(spared).GetAsync("k"));

        // A start without a store refuses it as well.
        Assert.True(Revocations.Open(new TlsFolder(mesh.PrefixOf("a")).Revoked).Has(certificate));
        Assert.Contains("no certificate of a host b is known", (await mesh.First.Desk.RevokeAsync("b", CancellationToken.None)).Failure!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_host_gets_no_new_certificate_and_its_name_is_free()
    {
        await using var mesh = await TrustMesh.StartAsync();
        using var certificate = await mesh.LetInAsync("b", "voter");
        var folder = new TlsFolder(mesh.PrefixOf("b"));
        using var key = folder.NextKeyOrNew();
        var request = RenewalProof.Make(certificate, key, []);
        using var a = mesh.Read("a");
        using var channel = mesh.First.Open(a);
        var trust = new Wire.Trust.TrustClient(channel);
        Assert.Equal("", (await trust.RenewAsync(request)).Refusal);
        var renewed = (await mesh.First.Desk.RevokeAsync("b", CancellationToken.None)).Revoked!;
        Assert.Equal(2, renewed.Serials.Count);
        Assert.NotEqual("", (await trust.RenewAsync(request)).Refusal);
        Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("b", await mesh.TokenAsync(), prefix: mesh.PrefixOf("new")));

        // The same host comes back by a token too: when it was away as it was revoked, and when it has learned of it.
        await mesh.First.Desk.RevokeAsync("b", CancellationToken.None);
        await Eventually.HoldsAsync(() => mesh.First.Tls.Revocations.Has(certificate), () => "it is not known to be revoked");
        Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("b", await mesh.TokenAsync()));
        using var second = mesh.Read("b");
        Assert.NotEqual(certificate.SerialNumber, second.SerialNumber);
        Assert.IsType<EnrollmentResult.Kept>(await mesh.EnrollAsync("b", await mesh.TokenAsync()));
        await mesh.First.Desk.RevokeAsync("b", CancellationToken.None);
        Revocations.Open(folder.Revoked).Add([RoleWords.SerialOf(second)]);
        Assert.Contains("it is revoked", Assert.Throws<MeshException>(() => MeshTls.Load(mesh.PrefixOf("b"))).Message, StringComparison.Ordinal);
        Assert.IsType<EnrollmentResult.Enrolled>(await mesh.EnrollAsync("b", await mesh.TokenAsync()));
        MeshTls.Load(mesh.PrefixOf("b")).Dispose();
    }

    [Fact]
    public async Task The_first_hosts_certificates_can_be_revoked_by_name_too()
    {
        await using var mesh = await TrustMesh.StartAsync();
        Assert.Equal(["mgmt/trust/certificates/a", "mgmt/trust/certificates/operator"], mesh.Keys(TrustKeys.Certificates));
        Assert.Single((await mesh.First.Desk.RevokeAsync("operator", CancellationToken.None)).Revoked!.Serials);
    }
}
