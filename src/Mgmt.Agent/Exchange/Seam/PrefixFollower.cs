using System.Runtime.CompilerServices;

namespace Mgmt.Agent.Exchange;

/// <summary>Follows all keys that begin alike: what is there, and then every change. It outlives every outage.</summary>
/// <param name="store">Where they are.</param>
/// <param name="prefix">What they begin with.</param>
/// <param name="time">For pauses.</param>
/// <param name="outage">Hears of each failure, and of "" when the store answers.</param>
internal sealed class PrefixFollower(IMeshStore store, string prefix, TimeProvider time, Action<string> outage)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromSeconds(2);

    private bool _hasWatched;

    /// <summary>What is there, again after each change, until cancelled.</summary>
    public async IAsyncEnumerable<PrefixView> FollowAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var pause = ShortestPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            var (view, problem) = await store.ReadAsync(prefix, cancel);
            outage(problem);
            if (view is not null)
            {
                _hasWatched = false;
                yield return view;
                await foreach (var changed in ChangesAsync(view, cancel)) yield return changed;
                if (_hasWatched) pause = ShortestPause;
            }

            await Task.Delay(pause, time, cancel);
        }
    }

    private async IAsyncEnumerable<PrefixView> ChangesAsync(PrefixView view, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var news in store.WatchAsync(prefix, view.Revision + 1, cancel))
        {
            if (news is PrefixNews.Interrupted broken) outage(broken.Problem);
            if (news is PrefixNews.GoesOn)
            {
                _hasWatched = true;
                outage("");
            }

            if (news is PrefixNews.Changed changed) yield return view = Apply(view, changed);
        }
    }

    private static PrefixView Apply(PrefixView view, PrefixNews.Changed changed)
    {
        var values = view.Values.ToBuilder();
        foreach (var (key, value) in changed.Values)
        {
            if (value is null) values.Remove(key);
            else values[key] = value;
        }

        return new PrefixView(values.ToImmutable(), changed.Revision);
    }
}
