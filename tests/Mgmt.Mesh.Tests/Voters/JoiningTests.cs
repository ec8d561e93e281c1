using Mgmt.Mesh.Consensus;
using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Voters;
using Mgmt.Mesh.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Mgmt.Mesh.Tests.Voters;

public sealed class JoiningTests
{
    private static readonly PeerIdentity Self = new(7, "n7", new("n7", 2379), new("n7", 2380)), Voter = new(1, "v1", new("v1", 2379), new("v1", 2380));
    private static readonly PeerAddress Agent = new("a1", 2379);
    private readonly FakeTimeProvider _time = new(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public async Task One_that_keeps_no_store_names_who_does()
    {
        var calls = new Peers(_time)
        {
            [Agent] = new() { ClusterId = 5, Members = { Voter.ToWire() } },
            [Voter.Api] = new() { ClusterId = 5, MemberId = 7, Standing = Standing.Agent, Members = { Voter.ToWire() } },
        };
        var (response, _) = await AskAsync(calls, 0, Agent);
        Assert.Equal(Standing.Agent, response!.Standing);
        Assert.Equal([Agent, Voter.Api], calls.Asked);
    }

    [Fact]
    public async Task What_keeps_it_out_for_now_is_said_and_asked_again()
    {
        var calls = new Peers(_time) { [Voter.Api] = new() { Refusal = "etcdserver: no leader" } };
        var (response, problem) = await AskAsync(calls, 0, Voter.Api);
        Assert.Null(response);
        Assert.Equal("v1:2379 says: etcdserver: no leader", problem);
        Assert.Equal("none of its agents answers: a1:2379", (await AskAsync(calls, 0, Agent)).Problem);
    }

    [Fact]
    public async Task One_that_has_not_put_itself_there_yet_lets_nobody_in()
    {
        var calls = new Peers(_time) { [Voter.Api] = new() { ClusterId = 5, MemberId = 7, Standing = Standing.Agent } };
        Assert.Equal("v1:2379 knows nobody yet that keeps the store", (await AskAsync(calls, 0, Voter.Api)).Problem);
    }

    [Fact]
    public async Task What_keeps_it_out_for_good_ends_it()
    {
        var calls = new Peers(_time) { [Voter.Api] = new() { Refusal = "it has the same name", Final = true } };
        Assert.Equal("cannot take part in the mesh of v1:2379: it has the same name", await FailureAsync(calls, 0));
    }

    [Fact]
    public async Task Another_cluster_another_language_and_another_time_are_not_joined()
    {
        var calls = new Peers(_time) { [Voter.Api] = new() { ClusterId = 5, MemberId = 7, Members = { Voter.ToWire() } } };
        calls.Change = static hello => hello.ClusterId = 6;
        Assert.Contains("it is the cluster 0000000000000006", await FailureAsync(calls, 5), StringComparison.Ordinal);
        Assert.NotNull((await AskAsync(calls, 0, Voter.Api)).Response);
        calls.Change = static hello => hello.Protocol = MeshProtocol.Version + 1;
        Assert.Contains("run the same version of mgmt", await FailureAsync(calls, 5), StringComparison.Ordinal);
        calls.Change = static hello => hello.UnixMilliseconds += 301_000;
        Assert.Contains("this host's clock is -301 s off its", await FailureAsync(calls, 5), StringComparison.Ordinal);
        calls.Change = static hello => hello.UnixMilliseconds -= 299_000;
        Assert.NotNull((await AskAsync(calls, 5, Voter.Api)).Response);
    }

    private Task<(JoinResponse? Response, string Problem)> AskAsync(Peers calls, ulong cluster, params PeerAddress[] given) =>
        new Joining(calls, _time, static _ => { }).AskAsync(Self, cluster, given, CancellationToken.None);

    private async Task<string> FailureAsync(Peers calls, ulong cluster) => (await Assert.ThrowsAsync<MeshException>(() => AskAsync(calls, cluster, Voter.Api))).Message;

    /// <summary>Agents that answer as they are told; the others do not answer.</summary>
    private sealed class Peers(TimeProvider time) : IPeerCalls
    {
        public string WhyNot(PeerAddress address) => "";

        private readonly Dictionary<PeerAddress, JoinResponse> _answers = [];

        public List<PeerAddress> Asked { get; } = [];

        public Action<HelloResponse> Change { get; set; } = static _ => { };

        public JoinResponse this[PeerAddress at]
        {
            set => _answers[at] = value;
        }

        public Task<HelloResponse?> HelloAsync(PeerAddress address, HelloRequest request, CancellationToken cancel)
        {
            if (!_answers.ContainsKey(address)) return Task.FromResult<HelloResponse?>(null);
            var hello = new HelloResponse { Protocol = MeshProtocol.Version, UnixMilliseconds = time.GetUtcNow().ToUnixTimeMilliseconds() };
            Change(hello);
            return Task.FromResult<HelloResponse?>(hello);
        }

        public Task<JoinResponse?> JoinAsync(PeerAddress address, JoinRequest request, CancellationToken cancel)
        {
            Asked.Add(address);
            return Task.FromResult(_answers.GetValueOrDefault(address));
        }

        public Task<AppointResponse?> AppointAsync(PeerAddress address, AppointRequest request, CancellationToken cancel) => Task.FromResult<AppointResponse?>(null);

        public Task<bool> SnapshotAsync(PeerAddress address, string path, CancellationToken cancel) => Task.FromResult(false);
    }
}
