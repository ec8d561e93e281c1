namespace Mgmt.Resources.File;

/// <summary>Entries of a directory for the log: how many, and the names of the first few.</summary>
internal sealed class EntryList
{
    private const int Shown = 3;
    private readonly List<string> _first = [];

    internal int Count { get; private set; }

    internal void Add(string name)
    {
        if (Count++ < Shown) _first.Add(name);
    }

    /// <summary>Says it, if there are any.</summary>
    internal void Report(Drift drift, string wrong, string would, string did)
    {
        if (Count == 0) return;
        var names = string.Join(", ", _first) + (Count > Shown ? ", …" : "");
        drift.Wrong($"{wrong} ({names})");
        var count = Count == 1 ? "1 entry" : $"{Count} entries";
        drift.Step($"{would} {count}", $"{did} {count}");
    }
}
