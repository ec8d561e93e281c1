using Mgmt.Cli.Flags;
using Mgmt.Linux.Inotify;

namespace Mgmt.Cli.Commands;

/// <summary>Flags that several commands share. Each command gets its own.</summary>
internal static class CommonFlags
{
    public const string FileName = "--file";

    private static readonly string[] Watchers = ["auto", "inotify", "fanotify"];

    /// <summary>Graph files.</summary>
    public static Flag<string> File() => new(FileName, "FILE", "a graph file, or a directory of them; may be given several times", Parse.Text, isRepeatable: true);

    /// <summary>The files, or a mistake when there is none.</summary>
    public static IReadOnlyList<string> GetFiles(this Given given, Flag<string> file)
    {
        var before = given.Mistakes.Count;
        var files = given.GetAll(file);
        if (files.Count == 0 && given.Mistakes.Count == before) given.Refuse($"cannot go on without a graph: name a file with {file.Name} FILE or in {file.Variable}");
        return files;
    }

    /// <summary>By what files are watched.</summary>
    public static Flag<string> Watcher() => new("--watcher", "NAME", "what tells of changed files: auto (the default), inotify or fanotify", Parse.OneOf(Watchers), choices: Watchers);

    /// <summary>What was chosen.</summary>
    public static WatcherChoice GetWatcher(this Given given, Flag<string> watcher) => given.Get(watcher, Watchers[0]) switch
    {
        "inotify" => WatcherChoice.Inotify,
        "fanotify" => WatcherChoice.Fanotify,
        _ => WatcherChoice.Auto,
    };

    /// <summary>A flag that is there or not.</summary>
    public static Flag<bool> Switch(string name, string summary) => new(name, "", summary, Parse.Switch);

    /// <summary>A switch of one request.</summary>
    public static Flag<bool> Mark(string name, string summary) => new(name, "", summary, Parse.Switch) { IsOfRequest = true };

    /// <summary>A flag with a value, of one request.</summary>
    public static Flag<T> OfRequest<T>(string name, string valueName, string summary, Reading<T> read, params string[] choices) =>
        new(name, valueName, summary, read, choices: choices) { IsOfRequest = true };
}
