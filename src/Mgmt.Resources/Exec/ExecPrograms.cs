using Mgmt.Engine.Kinds;
using Mgmt.Linux.Processes;
using Mgmt.Resources.File;

namespace Mgmt.Resources.Exec;

/// <summary>What an exec has to come after: the programs that its commands run, as files and as parts of packages.</summary>
internal static class ExecPrograms
{
    /// <summary>The wishes for the programs of these commands and of their shells. What a shell reads is only looked at for its first word, however it goes on.</summary>
    /// <param name="commands">Commands with their shells; either may be empty.</param>
    /// <param name="path">Where programs are found that are named without a slash, in their order: directories with colons between them.</param>
    internal static IEnumerable<EdgeWish> Wishes(IEnumerable<(string Text, string Shell)> commands, string path)
    {
        var folders = path.Split(':').Where(static folder => folder.StartsWith('/')).Distinct(StringComparer.Ordinal).ToList();
        foreach (var program in commands.SelectMany(static one => new[] { one.Shell, one.Text }).Select(FirstWord).Distinct(StringComparer.Ordinal))
        {
            var places = Places(program, folders);
            if (places.Count == 0) continue;
            yield return new EdgeWish(places.Select(Identity.Path));
            yield return new EdgeWish(places.Select(Identity.Program));
        }
    }

    /// <summary>Where programs are looked for that are named without a slash.</summary>
    internal static string PathOf(TextMap environment) =>
        environment.Where(static one => one.Key == "PATH").Select(static one => one.Value).FirstOrDefault()
        ?? Environment.GetEnvironmentVariable("PATH")
        ?? ProgramPath.Default;

    private static string FirstWord(string command)
    {
        Words.TrySplit(command, out var words, out _);
        return words.Count > 0 ? words[0] : "";
    }

    // A path that is not absolute counts from where the command runs, and nobody manages what is there.
    private static List<string> Places(string program, List<string> folders)
    {
        if (program.StartsWith('/')) return [PathText.Join(program, "", "")];
        return program.Length == 0 || program.Contains('/', StringComparison.Ordinal) ? [] : folders.ConvertAll(folder => PathText.Join($"{folder}/{program}", "", ""));
    }
}
