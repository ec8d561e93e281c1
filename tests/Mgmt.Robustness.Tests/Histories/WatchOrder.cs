namespace Mgmt.Robustness.Histories;

/// <summary>Takes what a watch of all keys tells, message by message, and holds it to its promise: in order, nothing left out, a revision never in two messages.</summary>
internal sealed class WatchOrder
{
    private readonly List<Change> _changes = [];

    /// <summary>The last revision that was told; a resumed watch goes on behind it.</summary>
    public long Revision { get; private set; } = 1;

    public IReadOnlyList<Change> Changes => _changes;

    /// <summary>Takes a message. Answers what is wrong with it, or null.</summary>
    public string? Add(IReadOnlyList<Change> message)
    {
        var last = Revision;
        foreach (var change in message)
        {
            // Every revision changes something, so in a watch of everything none is missing.
            var follows = change.Revision == Revision + 1 || (change.Revision == Revision && Revision > last);
            if (!follows) return $"revision {change.Revision} follows {Revision}{(change.Revision == last ? ", which was told before" : "")}: {change}";
            Revision = change.Revision;
            _changes.Add(change);
        }

        return null;
    }
}
