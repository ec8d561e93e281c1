using Grpc.Net.Client;
using Mgmt.Mesh.Tests.Api;

namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>A fresh etcd and a fresh voter of ours, to which the same is said.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly GrpcChannel _channel;

    private Pair(EtcdServer etcd, OneVoter ours)
    {
        (Etcd, Ours) = (etcd, ours);
        _channel = GrpcChannel.ForAddress(etcd.Url, new() { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        (Theirs, Our) = (new(_channel), ours.Connect());
    }

    public EtcdServer Etcd { get; }

    public OneVoter Ours { get; }

    /// <summary>Raw clients of both.</summary>
    public RawClient Theirs { get; }

    public RawClient Our { get; }

    public static async Task<Pair> StartAsync()
    {
        var etcd = EtcdServer.StartAsync();
        var ours = await OneVoter.StartAsync();
        return new(await etcd, ours);
    }

    /// <summary>Runs commands against both, one after another, and compares all that is said.</summary>
    public async Task SameAsync(params Ctl[] commands)
    {
        foreach (var command in commands) await SameAsync(command, static text => text);
    }

    /// <summary>Runs a command against both, and compares what is said after more is covered.</summary>
    public async Task<Told> SameAsync(Ctl command, Func<string, string> cover)
    {
        var theirs = Etcdctl.RunAsync(Etcd.Port, command);
        var ours = await Etcdctl.RunAsync(Ours.Tcp.Port, command);
        var (expected, actual) = (cover(Mask.Cover((await theirs).ToString())), cover(Mask.Cover(ours.ToString())));
        AssertSame($"etcdctl {command.Arguments}\n{expected}", $"etcdctl {command.Arguments}\n{actual}");
        return ours;
    }

    /// <summary>Asks both the same and compares the answers, or the refusals.</summary>
    public async Task<string> SameAsync<T>(Func<RawClient, Task<T>> ask)
    {
        var expected = Mask.Cover(await SayAsync(Theirs, ask));
        var actual = Mask.Cover(await SayAsync(Our, ask));
        AssertSame(expected, actual);
        return actual;
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Ours.DisposeAsync();
        await Etcd.DisposeAsync();
    }

    // The first line that differs, whole.
    private static void AssertSame(string expected, string actual)
    {
        if (expected == actual) return;
        var (theirs, ours) = (expected.Split('\n'), actual.Split('\n'));
        var i = 0;
        while (i < theirs.Length && i < ours.Length && theirs[i] == ours[i]) i++;
        Assert.Fail($"of {theirs[0]}\nline {i + 1}\netcd: {theirs.ElementAtOrDefault(i)}\nours: {ours.ElementAtOrDefault(i)}");
    }

    private static async Task<string> SayAsync<T>(RawClient client, Func<RawClient, Task<T>> ask)
    {
        try
        {
            return (await ask(client))?.ToString() ?? "";
        }
        catch (Grpc.Core.RpcException refusal)
        {
            return $"{refusal.StatusCode}: {refusal.Status.Detail}";
        }
    }
}
