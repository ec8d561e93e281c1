using Mgmt.Store.Watches;

namespace Mgmt.Store.Tests.Watches;

/// <summary>What one watcher asked for and was told.</summary>
internal sealed class Seen(WatchRequest request, WatchQueue queue, long start)
{
    private readonly List<Event> _told = [];
    private long _upTo = start - 1;

    public bool IsOver { get; private set; }

    public void Read(List<Event> history)
    {
        while (queue.TryRead(out var message))
        {
            Assert.False(IsOver, "told after the end");
            switch (message)
            {
                case WatchMessage.Batch batch:
                    Assert.Equal(batch.Events.Select(one => one.Revision).Order(), batch.Events.Select(one => one.Revision));
                    Assert.InRange(batch.Events[0].Revision, _upTo + 1, batch.Revision);
                    _told.AddRange(batch.Events);
                    _upTo = batch.Revision;

                    // No revision is parted: all of the last one is here.
                    Assert.Equal(Wanted(history, start, _upTo), _told.Select(Plain));
                    break;
                case WatchMessage.Compacted compacted:
                    Assert.InRange(_upTo + 1, long.MinValue, compacted.CompactRevision - 1);
                    IsOver = true;
                    break;
                case WatchMessage.TooSlow slow:
                    Assert.Equal(Wanted(history, start, slow.ResumeRevision - 1), _told.Select(Plain));
                    IsOver = true;
                    break;
            }
        }
    }

    public void End(List<Event> history, long revision)
    {
        if (!IsOver) Assert.Equal(Wanted(history, start, revision), _told.Select(Plain));
        Assert.All(_told, one => Assert.True(one.Previous is null || one.Previous.Key == one.KeyValue.Key));
    }

    private List<string> Wanted(List<Event> history, long from, long to) =>
        [.. history.Where(one => one.Revision >= from && one.Revision <= to && request.Keys.Contains(one.KeyValue.Key))
            .Where(one => !(one.Kind == EventKind.Put ? request.NoPut : request.NoDelete)).Select(Plain)];

    private static string Plain(Event one) => $"{one.Kind} {Text.Of(one.KeyValue)}";
}
