namespace Mgmt.Store.Watches;

/// <summary>Parts a batch that is too long for one message, for clients that asked for fragments.</summary>
public static class WatchFragments
{
    /// <summary>The parts in order, each but the last to be marked as a fragment. An event that is too long alone still goes alone.</summary>
    /// <param name="batch">What to part.</param>
    /// <param name="sizeOf">The bytes of an event on the wire.</param>
    /// <param name="most">The most bytes of events in one message.</param>
    public static IReadOnlyList<WatchMessage.Batch> Split(WatchMessage.Batch batch, Func<Event, long> sizeOf, long most)
    {
        var parts = new List<WatchMessage.Batch>();
        var part = new List<Event>();
        var size = 0L;
        foreach (var one in batch.Events)
        {
            var its = sizeOf(one);
            if (part.Count > 0 && size + its >= most)
            {
                parts.Add(batch with { Events = part });
                (part, size) = ([], 0);
            }

            part.Add(one);
            size += its;
        }

        parts.Add(batch with { Events = part });
        return parts;
    }
}
