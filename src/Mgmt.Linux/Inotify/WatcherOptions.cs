namespace Mgmt.Linux.Inotify;

/// <summary>Which of the kernel's facilities tells of files.</summary>
public enum WatcherChoice
{
    /// <summary>inotify; a file system of which many directories are watched is left to fanotify, where that may be used.</summary>
    Auto,

    /// <summary>One inotify watch for each directory.</summary>
    Inotify,

    /// <summary>One fanotify mark for each file system that can have one; inotify for the others.</summary>
    Fanotify,
}

/// <summary>How paths are watched.</summary>
public sealed record WatcherOptions
{
    /// <summary>By which facility.</summary>
    public WatcherChoice Choice { get; init; }

    /// <summary>Takes what the user should know, each once; a sentence that begins with "cannot". Called from any thread.</summary>
    public Action<string> Note { get; init; } = static _ => { };

    /// <summary>
    /// How many directories of one file system inotify watches before fanotify takes over. A watch takes about a kilobyte and two microseconds; a mark takes nothing, but the
    /// thread reads of everything that happens on the file system.
    /// </summary>
    public int MostInotifyFolders { get; init; } = 4096;

    /// <summary>The least time between two looks at what no facility tells of.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the file system of a path may be marked: tests leave the machine's alone.</summary>
    internal Func<string, bool> MayMark { get; init; } = static _ => true;

    /// <summary>How many inotify watches there may be, the kernel's limit aside.</summary>
    internal int MostInotifyWatches { get; init; } = int.MaxValue;
}
