namespace Mgmt.Acceptance.Tests;

/// <summary>Kill -9 at any point of many writes: what is read is the old or the new, and the next run leaves nothing behind.</summary>
public sealed class KillTests
{
    private const int Files = 1000;
    private const int Rounds = 8;

    [Fact]
    public async Task NeverAMixAndNeverALeftover()
    {
        using var place = new Workplace();
        Directory.CreateDirectory(place["d"]);
        for (var round = 0; round < Rounds; round++)
        {
            var graph = place.Write("g.yaml", Graph(place, round));
            await using (var mgmt = MgmtProcess.Start("run", "--file", graph, "--tmp-prefix", "--quiet"))
            {
                // At another point of the work in each round: after so many files are new.
                while (Directory.EnumerateFiles(place["d"], "f*").Count(path => TextOf(path) == Text(round, path)) < round * Files / Rounds + 1) await Task.Yield();
                mgmt.Signal(Signal.KillNow);
                await mgmt.ExitAsync();
            }

            foreach (var path in Directory.EnumerateFiles(place["d"], "f*"))
            {
                var text = TextOf(path);
                Assert.True(text == Text(round, path) || text == Text(round - 1, path), $"{path} holds {text?.Length} characters that are neither the old nor the new");
            }

            var (exitCode, output) = await MgmtProcess.RunAsync("run", "--file", graph, "--converged-timeout", "0", "--tmp-prefix", "--quiet");
            Assert.True(exitCode == 0, output);
            Assert.Equal(Files, Directory.EnumerateFileSystemEntries(place["d"], "*", new EnumerationOptions { AttributesToSkip = 0 }).Count());
            Assert.All(Directory.EnumerateFiles(place["d"]), path => Assert.Equal(Text(round, path), TextOf(path)));
        }
    }

    private static string Graph(Workplace place, int round) => "graph: g\nresources:\n  file:\n" + string.Concat(
        Enumerable.Range(0, Files).Select(i => $"  - {{name: f{i}, path: {place[$"d/f{i}"]}, content: \"{Text(round, $"f{i}")}\"}}\n"));

    private static string Text(int round, string path) => string.Concat(Enumerable.Repeat($"{Path.GetFileName(path)} of round {round}. ", 100));

    private static string? TextOf(string path) => File.Exists(path) ? File.ReadAllText(path) : null;
}
