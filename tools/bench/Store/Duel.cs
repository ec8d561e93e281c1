namespace Mgmt.Bench.Store;

/// <summary>Two contestants, measured in turn, and how they compare.</summary>
internal sealed class Duel(Contestant first, Contestant second)
{
    public IReadOnlyList<Contestant> Both => [first, second];

    /// <summary>A figure that is to be small: the median of the rounds.</summary>
    public async Task LessAsync(string name, string unit, int rounds, Func<Contestant, Task<double>> measure)
    {
        var figures = await InTurnAsync(rounds, measure);
        Print(name, unit, Figures.Median(figures[0]), Figures.Median(figures[1]), "less is better");
    }

    /// <summary>A figure that is to be large: the median of the rounds.</summary>
    public async Task MoreAsync(string name, string unit, int rounds, Func<Contestant, Task<double>> measure)
    {
        var figures = await InTurnAsync(rounds, measure);
        Print(name, unit, Figures.Median(figures[0]), Figures.Median(figures[1]), "more is better");
    }

    /// <summary>Milliseconds of many: the median of all rounds, and the median of each round's 99th percentile, which one bad moment does not spoil.</summary>
    public async Task TimesAsync(string name, int rounds, Func<Contestant, Task<List<double>>> measure)
    {
        var times = await InTurnAsync(rounds, measure);
        Print($"{name}, p50", "ms", Median(times[0], 0.5), Median(times[1], 0.5), "less is better");
        Print($"{name}, p99", "ms", Median(times[0], 0.99), Median(times[1], 0.99), "less is better");
    }

    public static void Print(string name, string unit, double ours, double theirs, string note) =>
        Figures.Row(name, $"{ours,9:0.00} {unit}   etcd {theirs,9:0.00} {unit}   {ours / theirs,5:0.00} of etcd's, {note}");

    private static double Median(IEnumerable<List<double>> rounds, double at) => Figures.Median(rounds.Select(one => Figures.Quantile(one, at)));

    private async Task<List<T>[]> InTurnAsync<T>(int rounds, Func<Contestant, Task<T>> measure)
    {
        var results = new List<T>[] { [], [] };
        for (var round = 0; round < rounds; round++)
        {
            results[0].Add(await measure(first));
            results[1].Add(await measure(second));
        }

        return results;
    }
}
