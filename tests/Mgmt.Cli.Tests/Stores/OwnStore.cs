using Mgmt.Mesh.Voters;
using Mgmt.Store;

namespace Mgmt.Cli.Tests.Stores;

/// <summary>A store of our own, of one voter, on the unix socket of a prefix of its own.</summary>
public sealed class OwnStore : IAsyncLifetime, IParticipantLog
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly List<string> _said = [];
    private Participant? _voter;

    public string Prefix { get; } = Directory.CreateTempSubdirectory("mgmt-own-").FullName;

    /// <summary>The most bytes that it takes.</summary>
    public long Quota { get; init; } = Limits.Quota;

    public static async Task<OwnStore> StartAsync(long quota = Limits.Quota)
    {
        var store = new OwnStore { Quota = quota };
        await store.InitializeAsync();
        return store;
    }

    public async Task InitializeAsync()
    {
        _voter = await Participant.StartAsync(new ParticipantOptions { Prefix = Prefix, Name = "own", Node = new() { Quota = Quota } }, TimeProvider.System, this, CancellationToken.None);
        try
        {
            await _voter.Ready.WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no store within {Deadline.TotalSeconds} s; said:\n{string.Join('\n', _said)}");
        }
    }

    public async Task StopAsync()
    {
        if (_voter is not null) await _voter.DisposeAsync();
        _voter = null;
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Prefix, recursive: true);
    }

    /// <summary>What a command prints that is to succeed.</summary>
    public async Task<string> SaidAsync(params string[] arguments)
    {
        var mgmt = new TestSurroundings { Environment = { ["MGMT_PREFIX"] = Prefix } };
        Assert.Equal((0, ""), (await mgmt.RunAsync(arguments), mgmt.Error));
        return mgmt.Output;
    }

    void IParticipantLog.Say(string sentence) => Note(sentence);

    void Mesh.Api.IApiLog.Warn(string sentence) => Note(sentence);

    private void Note(string sentence)
    {
        lock (_said) _said.Add(sentence);
    }
}
