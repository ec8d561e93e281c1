using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Grpc.Core;
using Mgmt.Mesh.Wire;

namespace Mgmt.Robustness.Voters;

/// <summary>Voters of one cluster as processes on this machine, each with an address in 127/8 of its own. All of it is gone afterwards.</summary>
internal sealed class VoterCluster : IAsyncDisposable
{
    // No promise: only a bound for what is stuck. On a machine with twenty builds beside it, three agents took most of a minute to start.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan CallTime = TimeSpan.FromSeconds(2);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mgmt-storm-");
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<string> _diary = [];

    /// <summary>Makes the voters; none runs yet.</summary>
    /// <param name="subject">What runs as voters.</param>
    /// <param name="count">How many.</param>
    /// <param name="diskMiB">The size of a disk of its own for each; 0 is the machine's.</param>
    public VoterCluster(Subject subject, int count, int diskMiB = 0)
    {
        Subject = subject;
        var network = string.Create(CultureInfo.InvariantCulture, $"127.{RandomNumberGenerator.GetInt32(1, 250)}.{RandomNumberGenerator.GetInt32(1, 250)}");
        Voters = [.. Enumerable.Range(1, count).Select(i => new Voter($"n{i}", string.Create(CultureInfo.InvariantCulture, $"{network}.{i}"), _directory.CreateSubdirectory($"n{i}").FullName, diskMiB))];
    }

    public Subject Subject { get; }

    public IReadOnlyList<Voter> Voters { get; }

    public void Start(Voter voter, bool joins = false)
    {
        voter.Start(Subject.Command(voter, Voters, joins));
        Note($"{voter.Name} started");
    }

    public void StartAll()
    {
        foreach (var voter in Voters) Start(voter);
    }

    /// <summary>What was done to it and when, to be read when something is wrong.</summary>
    public void Note(string what)
    {
        lock (_diary) _diary.Add(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,7:0.000} {what}"));
    }

    public string Diary()
    {
        lock (_diary) return string.Join('\n', _diary);
    }

    /// <summary>Waits until these voters all answer linearizable reads.</summary>
    public async Task ReadyAsync(params IReadOnlyList<Voter> voters)
    {
        foreach (var voter in voters.Count > 0 ? voters : Voters)
        {
            await UntilAsync($"{voter.Name} answers a linearizable read", async () => (await voter.Client.GetAsync("ready", CallTime)).Header.Revision > 0);
        }
    }

    /// <summary>Finds the leader, as a majority of the voters that answer name it, and waits for one.</summary>
    public async Task<Voter> LeaderAsync(params IReadOnlyList<Voter> among)
    {
        Voter? leader = null;
        await UntilAsync("there is a leader", async () => (leader = await FindLeaderAsync(among.Count > 0 ? among : [.. Voters.Where(static one => one.IsRunning)])) is not null);
        return leader!;
    }

    /// <summary>Asks each in turn until one names another than none that is among them.</summary>
    public static async Task<Voter?> FindLeaderAsync(IReadOnlyList<Voter> among)
    {
        var ids = new Dictionary<ulong, Voter>();
        var named = new List<ulong>();
        foreach (var voter in among)
        {
            if (await StatusAsync(voter) is not { } status) continue;
            ids[status.Header.MemberId] = voter;
            named.Add(status.Leader);
        }

        var leader = named.Where(static one => one != 0).GroupBy(static one => one).OrderByDescending(static one => one.Count()).FirstOrDefault()?.Key ?? 0;
        return ids.GetValueOrDefault(leader);
    }

    public static async Task<StatusResponse?> StatusAsync(Voter voter)
    {
        try
        {
            return await voter.Client.Maintenance.StatusAsync(new(), EtcdClient.Within(CallTime));
        }
        catch (RpcException)
        {
            return null;
        }
    }

    /// <summary>Asks again and again until it is so; a member that does not answer is asked again.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        var last = "it was not so";
        for (var since = Stopwatch.StartNew(); since.Elapsed < Deadline; await Task.Delay(20))
        {
            try
            {
                if (await isSo()) return;
            }
            catch (RpcException e)
            {
                last = e.Status.ToString();
            }
        }

        throw new TimeoutException($"not within {Deadline.TotalSeconds} s: {what}; last: {last}\n{Report()}");
    }

    /// <summary>The diary and what every voter printed last.</summary>
    public string Report() => $"{Subject}:\n{Diary()}\n" + string.Concat(Voters.Select(static one => $"--- {one.Name} ({one.Host}, {(one.IsRunning ? "runs" : "does not run")}):\n{one.LogTail()}\n"));

    public async ValueTask DisposeAsync()
    {
        foreach (var voter in Voters) await voter.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
