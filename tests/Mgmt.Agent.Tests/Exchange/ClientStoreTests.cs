using System.Text;
using Mgmt.Agent.Exchange;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Place;
using Mgmt.Mesh.Voters;

namespace Mgmt.Agent.Tests.Exchange;

/// <summary>The seam to the store, on a real one of a single host.</summary>
public sealed class ClientStoreTests : IAsyncLifetime
{
    private readonly TempFolder _place = new();
    private readonly CancellationTokenSource _late = new(TimeSpan.FromSeconds(60));
    private Participant _voter = null!;
    private StoreClient _client = null!;
    private ClientStore _store = null!;

    public async Task InitializeAsync()
    {
        _voter = await Participant.StartAsync(new ParticipantOptions { Prefix = _place.Path, Name = "me" }, TimeProvider.System, new Silent(), _late.Token);
        _client = StoreClient.Create(new StoreAddress([new Endpoint.Unix(new StorePlace(_place.Path).Socket)], null, StoreAddress.UsualTimeout), TimeProvider.System, out _)!;
        _store = new ClientStore(_client, _voter.Ready);
        await _store.ReadAsync(SheetKey.Root, _late.Token);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _voter.DisposeAsync();
        _late.Dispose();
        _place.Dispose();
    }

    [Fact]
    public async Task AllIsReadAtOneRevisionHoweverMuchThereIs()
    {
        var lease = await GrantAsync();
        foreach (var part in Enumerable.Range(0, 200).Chunk(100))
            await DoneAsync(new StoreChange(part.ToDictionary(static i => $"mgmt/exports/h{i}/file", static i => Encoding.UTF8.GetBytes($"{i}")), lease, []));
        await DoneAsync(new StoreChange(new Dictionary<string, byte[]> { ["mgmt/exports"] = [1], ["mgmt/exports0"] = [2] }, lease, []));
        var (view, problem) = await _store.ReadAsync(SheetKey.Root, _late.Token);
        Assert.Equal("", problem);
        Assert.Equal(200, view!.Values.Count);
        Assert.Equal(("199", lease), (Encoding.UTF8.GetString(view.Values["mgmt/exports/h199/file"].Bytes.Span), view.Values["mgmt/exports/h199/file"].Lease));
    }

    [Fact]
    public async Task AFollowerSeesWhatIsThereAndEachChange()
    {
        var lease = await GrantAsync();
        await DoneAsync(new StoreChange(new Dictionary<string, byte[]> { ["mgmt/exports/a/file"] = [1] }, lease, []));
        await using var views = new PrefixFollower(_store, SheetKey.Root, TimeProvider.System, static _ => { }).FollowAsync(_late.Token).GetAsyncEnumerator();
        Assert.Equal("a/file=1", await NextAsync(views));
        var next = NextAsync(views);
        await DoneAsync(new StoreChange(new Dictionary<string, byte[]> { ["mgmt/exports/b/file"] = [2] }, lease, ["mgmt/exports/a/file"]));
        Assert.Equal("b/file=2", await next);
        next = NextAsync(views);
        Assert.Equal("", (await _store.RevokeAsync(lease, _late.Token)).Problem);
        Assert.Equal("", await next);
    }

    [Fact]
    public async Task LeasesAreAskedForKeptAndEnded()
    {
        var lease = await GrantAsync();
        Assert.Equal(TimeSpan.FromDays(7), (await _store.GrantedAsync(lease, _late.Token)).Value);
        Assert.Equal(TimeSpan.FromDays(7), (await _store.KeepAliveAsync(lease, _late.Token)).Value);
        await _store.RevokeAsync(lease, _late.Token);
        Assert.Equal(new StoreReply<TimeSpan>(TimeSpan.Zero, ""), await _store.GrantedAsync(lease, _late.Token));
        Assert.Equal(new StoreReply<TimeSpan>(TimeSpan.Zero, ""), await _store.KeepAliveAsync(lease, _late.Token));
        var (_, problem) = await _store.WriteAsync(new StoreChange(new Dictionary<string, byte[]> { ["mgmt/exports/a/file"] = [1] }, lease, []), _late.Token);
        Assert.Contains("lease not found", problem, StringComparison.Ordinal);
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<PrefixView> views)
    {
        Assert.True(await views.MoveNextAsync());
        return string.Join(' ', views.Current.Values.Select(static one => $"{one.Key[SheetKey.Root.Length..]}={one.Value.Bytes.Span[0]}").Order(StringComparer.Ordinal));
    }

    private async Task<long> GrantAsync()
    {
        var (lease, problem) = await _store.GrantAsync(TimeSpan.FromDays(7), _late.Token);
        Assert.Equal("", problem);
        return lease;
    }

    private async Task DoneAsync(StoreChange change) => Assert.Equal("", (await _store.WriteAsync(change, _late.Token)).Problem);

    private sealed class Silent : IParticipantLog
    {
        public void Warn(string sentence)
        {
        }

        public void Say(string sentence)
        {
        }
    }
}
