using System.Collections.Concurrent;
using System.Net;
using Grpc.Net.Client;
using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Tests.Api;
using Mgmt.Mesh.Voters;

namespace Mgmt.Mesh.Tests.SideBySide;

/// <summary>A member as an agent has it, with its log, Raft and home, alone in its cluster as the etcd beside it is.</summary>
internal sealed class OneVoter : IAsyncDisposable, IParticipantLog
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("mgmt-beside-").FullName;
    private readonly ConcurrentQueue<string> _warnings = new();
    private Participant _voter = null!;
    private GrpcChannel _channel = null!;

    private OneVoter()
    {
    }

    public IPEndPoint Tcp => _voter.Endpoints[0];

    public string Url => $"http://{Tcp}";

    public static async Task<OneVoter> StartAsync()
    {
        var one = new OneVoter();
        var (api, raft) = EtcdServer.FreePorts();
        var options = new ParticipantOptions
        {
            Prefix = one._folder, Name = "default", Listen = new PeerAddress("127.0.0.1", api), RaftListen = new PeerAddress("127.0.0.1", raft),
            Advertise = "127.0.0.1", IsInsecure = true,
        };
        one._voter = await Participant.StartAsync(options, TimeProvider.System, one, CancellationToken.None);
        await one._voter.Ready.WaitAsync(Patience);
        one._channel = GrpcChannel.ForAddress(one.Url, new() { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        return one;
    }

    public RawClient Connect() => new(_channel);

    public void Warn(string sentence) => _warnings.Enqueue(sentence);

    public void Say(string sentence)
    {
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _voter.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Assert.Empty(_warnings);
    }
}
