using System.Diagnostics;
using Mgmt.Robustness.Voters;

namespace Mgmt.Robustness.Storms;

/// <summary>What is done to voters at random, from a seed.</summary>
internal sealed class Chaos(VoterCluster cluster, int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>How long a storm is: MGMT_STORM_SECONDS, or what a suite has time for.</summary>
    public static TimeSpan Length { get; } = TimeSpan.FromSeconds(double.TryParse(Environment.GetEnvironmentVariable("MGMT_STORM_SECONDS"), out var seconds) ? seconds : 15);

    /// <summary>Another storm for each run when MGMT_STORM_SEED says so.</summary>
    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("MGMT_STORM_SEED"), out var seed) ? seed : 1;

    /// <summary>kill -9 of the leader, of a follower, of all at once or of any two, and their return in any order; now and then one is frozen for a while.</summary>
    public async Task RunAsync(bool freezes)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < Length;)
        {
            await PauseAsync(200, 1500);
            if (freezes && _random.Next(3) == 0) await FreezeAsync(cluster.Voters[_random.Next(3)]);
            else await KillAsync(await VictimsAsync());
        }
    }

    public async Task KillAsync(IReadOnlyList<Voter> victims)
    {
        cluster.Note($"kill -9 of {string.Join(", ", victims.Select(static one => one.Name))}");
        await Task.WhenAll(victims.Select(static one => one.KillAsync()));
        foreach (var voter in victims.OrderBy(_ => _random.Next()))
        {
            await PauseAsync(0, 800);
            cluster.Start(voter);
        }
    }

    private async Task FreezeAsync(Voter voter)
    {
        cluster.Note($"{voter.Name} is frozen");
        voter.Freeze();
        await PauseAsync(500, 3500);
        voter.Thaw();
        cluster.Note($"{voter.Name} goes on");
    }

    private async Task<IReadOnlyList<Voter>> VictimsAsync()
    {
        var leader = await VoterCluster.FindLeaderAsync(cluster.Voters);
        return _random.Next(4) switch
        {
            0 when leader is not null => [leader],
            1 when leader is not null => [cluster.Voters.Where(one => one != leader).ElementAt(_random.Next(2))],
            2 => cluster.Voters,
            _ => [.. cluster.Voters.OrderBy(_ => _random.Next()).Take(2)],
        };
    }

    private Task PauseAsync(int least, int most) => Task.Delay(_random.Next(least, most));
}
