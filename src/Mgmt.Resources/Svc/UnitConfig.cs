using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Svc;

/// <summary>What a unit is made of and reads, as systemd tells it.</summary>
/// <param name="FragmentPath">Its unit file; empty when there is none.</param>
/// <param name="Paths">Every absolute path that its files name, and its files themselves; each once.</param>
internal sealed record UnitConfig(string FragmentPath, IReadOnlyList<string> Paths)
{
    /// <summary>How many paths of one unit count.</summary>
    internal const int MostPaths = 256;

    private const int MostWords = 4096;

    private static readonly string[] Commands = ["ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost"];
    private static readonly string[] Lists = ["DropInPaths", "Environment"];
    private static readonly string[] Pairs = ["EnvironmentFiles", "BindPaths", "BindReadOnlyPaths"];
    private static readonly string[] Credentials = ["LoadCredential", "LoadCredentialEncrypted"];
    private static readonly string[] Tests = ["Conditions", "Asserts"];
    private static readonly string[] Singles = ["FragmentPath", "SourcePath", "RootImage", "RootDirectory", "WorkingDirectory"];

    /// <summary>Takes it out of the unit's properties (org.freedesktop.systemd1(5)); what is missing or of another type is not there.</summary>
    internal static UnitConfig From(IReadOnlyDictionary<string, object> properties)
    {
        var paths = Words(properties).Take(MostWords).SelectMany(UnitPaths.In).Distinct(StringComparer.Ordinal).Take(MostPaths);
        return new UnitConfig(properties.GetValueOrDefault("FragmentPath") as string ?? "", [.. paths]);
    }

    /// <summary>A wish for each path, and one for what is in it if it is a directory: a change of what the unit reads is a reason to have it read that again.</summary>
    internal IEnumerable<EdgeWish> Wishes => Paths.SelectMany(static path => new[]
    {
        new EdgeWish(UnitPaths.Alternatives(path), Notify: true),
        new EdgeWish([Identity.In(path.EndsWith('/') ? path : path + "/")], Notify: true),
    });

    private static IEnumerable<string> Words(IReadOnlyDictionary<string, object> properties)
    {
        foreach (var name in Singles) yield return (properties.GetValueOrDefault(name) as string ?? "").TrimStart('-', '!');
        foreach (var word in Lists.SelectMany(List).OfType<string>()) yield return word;
        foreach (var word in Pairs.SelectMany(List).OfType<List<object>>().Select(static pair => Text(pair, 0))) yield return word;
        foreach (var word in Commands.SelectMany(List).OfType<List<object>>().SelectMany(WordsOf)) yield return word;
        foreach (var word in Credentials.SelectMany(List).OfType<List<object>>().Select(static pair => Text(pair, 1))) yield return word.StartsWith('/') || word.Length == 0 ? word : "/etc/credstore/" + word;
        foreach (var word in Tests.SelectMany(List).OfType<List<object>>().Where(static test => Text(test, 0).Contains("Path", StringComparison.Ordinal)).Select(static test => Text(test, 3))) yield return word;

        IEnumerable<object> List(string name) => properties.GetValueOrDefault(name) as List<object> ?? [];
    }

    // A command is its program, its arguments, and how its last run went; the first argument is the program's name.
    private static IEnumerable<string> WordsOf(List<object> command) =>
        command.Count > 1 && command[1] is List<object> arguments ? arguments.Skip(1).OfType<string>().Prepend(Text(command, 0)) : [Text(command, 0)];

    private static string Text(List<object> values, int index) => index < values.Count && values[index] is string text ? text : "";
}
