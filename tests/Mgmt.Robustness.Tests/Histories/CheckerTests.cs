namespace Mgmt.Robustness.Histories;

/// <summary>The judges are judged: histories known to be right and wrong.</summary>
public sealed class CheckerTests
{
    public static TheoryData<string, bool, string[]> Histories => new()
    {
        { "nothing", true, [] },
        { "one after the other", true, ["0-1 put a saw -", "2-3 read saw a", "4-5 swap a b saw a", "6-7 delete saw b", "8-9 read saw -"] },
        { "a read that overlaps a write may see either", true, ["0-1 put a saw -", "2-9 put b saw a", "3-4 read saw a", "5-6 read saw b"] },
        { "a read goes back", false, ["0-1 put a saw -", "2-9 put b saw a", "3-4 read saw b", "5-6 read saw a"] },
        { "a stale read", false, ["0-1 put a saw -", "2-3 put b saw a", "4-5 read saw a"] },
        { "a lost write", false, ["0-1 put a saw -", "2-3 read saw -"] },
        { "a lost update", false, ["0-1 put a saw -", "2-5 put b saw a", "3-6 put c saw a"] },
        { "two swaps from one value", false, ["0-1 put a saw -", "2-5 swap a b saw a", "3-6 swap a c saw a"] },
        { "a swap that failed and tells why", true, ["0-1 put a saw -", "2-6 put b saw a", "3-5 swap a c saw b", "7-8 read saw b"] },
        { "a swap that failed but wrote", false, ["0-1 put a saw -", "2-3 swap x c saw a", "4-5 read saw c"] },
        { "an unknown write that came", true, ["0-1 put a saw -", "2-? put b", "4-5 read saw a", "6-7 read saw b"] },
        { "an unknown write that never came", true, ["0-1 put a saw -", "2-? put b", "4-5 read saw a", "90-91 read saw a"] },
        { "an unknown write that came and went", false, ["0-1 put a saw -", "2-? put b", "4-5 read saw b", "6-7 read saw a"] },
        { "an unknown write seen before it was sent", false, ["0-1 put a saw -", "2-3 read saw b", "4-? put b"] },
        { "an unknown delete that came late", true, ["0-1 put a saw -", "2-? delete", "4-5 read saw a", "6-7 read saw -"] },
        { "one unknown delete cannot come twice", false, ["0-1 put a saw -", "2-? delete", "4-5 read saw -", "6-7 put b saw -", "8-9 read saw -"] },
        { "an unknown swap that came", true, ["0-1 put a saw -", "2-? swap a b", "4-5 read saw b"] },
        { "an unknown swap that came from a value never there", false, ["0-1 put a saw -", "2-? swap x b", "4-5 read saw b"] },
        { "a refused write that came", false, ["0-1 put a saw -", "2-3! put b", "4-5 read saw b"] },
        { "other keys do not matter", true, ["0-1 put a saw - on k", "2-3 read saw - on l"] },
    };

    [Theory]
    [MemberData(nameof(Histories))]
    public void The_search_tells_right_from_wrong(string name, bool isRight, string[] history)
    {
        var wrong = Linearizability.Check(history.Select(Parse));
        Assert.True(wrong is null == isRight, $"{name}: {wrong ?? "found nothing wrong"}");
    }

    [Fact]
    public void The_search_agrees_with_trying_every_order()
    {
        var (right, wrong) = (0, 0);
        for (var seed = 0; seed < 4000; seed++)
        {
            var history = RandomHistory.Make(new(seed), operations: 6, errors: seed % 3);
            var expected = RandomHistory.TryEveryOrder(history);
            Assert.True(Linearizability.Check(history) is null == expected, $"seed {seed}, right {expected}:\n{string.Join('\n', history)}");
            if (expected) right++;
            else wrong++;
        }

        Assert.True(right > 500 && wrong > 500, $"{right} right and {wrong} wrong histories prove little");
    }

    [Fact]
    public void A_long_history_with_many_unknown_outcomes_is_searched_soon_and_one_flaw_in_it_is_found()
    {
        var history = RandomHistory.Make(new(5), operations: 5000, errors: 0);
        var since = System.Diagnostics.Stopwatch.StartNew();
        Assert.Null(Linearizability.Check(history));
        var at = history.FindIndex(4000, static one => one is { Act: Act.Read, Outcome: Outcome.Done });
        history[at] = history[at] with { Seen = history.First(static one => one is { Act: Act.Put, Outcome: Outcome.Done }).Value };
        Assert.NotNull(Linearizability.Check(history));
        Assert.InRange(since.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void The_order_of_revisions_sees_what_was_lost_invented_stale_or_never_there()
    {
        Operation[] good =
        [
            Parse("0-1 put a saw -") with { Revision = 2 }, Parse("2-3 read saw a") with { Revision = 2 }, Parse("4-? put b"), Parse("5-6 swap b c saw b") with { Revision = 4 }, Parse("7-8 delete saw c") with { Revision = 5 },
        ];
        Change[] changes = [new(2, "k", "a"), new(3, "k", "b"), new(4, "k", "c"), new(5, "k", null)];
        Assert.Empty(RevisionOrder.Check(good, changes));
        Assert.Contains("lost", Wrong(good, [.. changes[..2], new(4, "k", "d"), changes[3]]), StringComparison.Ordinal);
        Assert.Contains("lost", Wrong(good, changes[..3]), StringComparison.Ordinal);
        Assert.Contains("written by nobody", Wrong(good, [.. changes, new(6, "k", "x")]), StringComparison.Ordinal);
        Assert.Contains("written twice", Wrong(good, [.. changes, new(6, "k", "a")]), StringComparison.Ordinal);
        Assert.Contains("found what was not there", Wrong([good[0], good[1] with { Seen = null }, .. good[2..]], changes), StringComparison.Ordinal);
        Assert.Contains("done though it was not", Wrong([.. good[..2], good[2] with { Outcome = Outcome.Refused }, .. good[3..]], changes), StringComparison.Ordinal);
        Assert.Contains("stale", Wrong([.. good, Parse("9-9 read saw c") with { Revision = 4 }], changes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_watch_that_leaves_out_goes_back_or_parts_a_revision_is_seen()
    {
        var watch = new WatchOrder();
        Assert.Null(watch.Add([new(2, "a", "1"), new(2, "b", "1"), new(3, "a", "2")]));
        Assert.Null(watch.Add([new(4, "a", null)]));
        Assert.NotNull(watch.Add([new(4, "b", null)]));
        Assert.NotNull(watch.Add([new(3, "b", null)]));
        Assert.NotNull(watch.Add([new(6, "b", null)]));
        Assert.Null(watch.Add([new(5, "b", null)]));
        Assert.Equal((5, 5), (watch.Changes.Count, watch.Revision));
    }

    private static string Wrong(IReadOnlyList<Operation> operations, IReadOnlyList<Change> changes) => string.Join('\n', RevisionOrder.Check(operations, changes));

    // "FROM-TO act [arguments] [saw value] [on key]"; TO is ? when it is unknown, and has a ! behind it when it was refused; - is no key.
    private static Operation Parse(string text)
    {
        var words = text.Split(' ');
        var times = words[0].Split('-');
        var outcome = times[1] == "?" ? Outcome.Unknown : times[1].EndsWith('!') ? Outcome.Refused : Outcome.Done;
        var act = Enum.Parse<Act>(words[1], ignoreCase: true);
        return new(act, After("on") ?? "k", outcome, long.Parse(times[0]), outcome == Outcome.Unknown ? 0 : long.Parse(times[1].TrimEnd('!')))
        {
            Value = act == Act.Put ? words[2] : act == Act.Swap ? words[3] : null,
            Expected = act == Act.Swap ? words[2] : null,
            Seen = After("saw") is "-" ? null : After("saw"),
        };

        string? After(string word) => Array.IndexOf(words, word) is >= 0 and var at ? words[at + 1] : null;
    }
}
