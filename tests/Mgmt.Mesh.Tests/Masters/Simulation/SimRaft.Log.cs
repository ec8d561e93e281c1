namespace Mgmt.Mesh.Tests.Masters.Simulation;

/// <content>The leader's log, and those that follow it.</content>
internal sealed partial class SimRaft
{
    private const int Batch = 100;
    private readonly Dictionary<ulong, int> _match = [];
    private readonly Dictionary<ulong, int> _next = [];
    private readonly Dictionary<ulong, TimeSpan> _answeredAt = [];
    private TimeSpan _leadsSince;

    public SimMasters Masters => field ??= new(world, self, this);

    /// <summary>How long a member has not answered this leader.</summary>
    public TimeSpan SilentFor(ulong member) => member == self.Id ? TimeSpan.Zero : self.Clock - _answeredAt.GetValueOrDefault(member, _leadsSince);

    /// <summary>How many entries it is behind; null when it never answered.</summary>
    public long? LagOf(ulong member) => member == self.Id ? 0 : _match.TryGetValue(member, out var match) ? Log.Last - match : null;

    public bool Propose(SimKind kind, ulong member = 0, IReadOnlyList<ulong>? voters = null)
    {
        if (!IsLeading || (kind == SimKind.Voters && (!IsSettled || Log.VotersAt > Committed))) return false;
        if (kind == SimKind.Voters) world.Checks.Changes(self, Log.Voters, voters!);
        Log.Append(new(Term, kind, member, voters));
        Advance();
        foreach (var peer in Peers()) Replicate(peer);
        return true;
    }

    private void Lead()
    {
        (IsLeading, Leader, _leadsSince) = (true, self.Id, self.Clock);
        _match.Clear();
        _next.Clear();
        _answeredAt.Clear();
        world.Tell($"{self.Host} leads term {Term} with {string.Join(' ', Log.Voters)}");
        world.Checks.Leads(self.Id, Term);
        Masters.Begin();
        Propose(SimKind.Begin);
    }

    private IEnumerable<ulong> Peers() => Log.Voters.Union(Masters.Learners).Where(one => one != self.Id);

    private bool HearsMajority() => Log.Voters.Count(one => SilentFor(one) < MostElection) > Log.Voters.Count / 2;

    private void Replicate(ulong peer)
    {
        var after = Math.Min(_next.GetValueOrDefault(peer, Log.Last), Log.Last);
        var (term, afterTerm, committed, entries) = (Term, Log.TermAt(after), Committed, Log.Slice(after, Batch));
        world.Send(self.Id, peer, one => one.Raft.OnAppend(self.Id, term, after, afterTerm, entries, committed));
    }

    private void OnAppend(ulong leader, long term, int after, long afterTerm, IReadOnlyList<SimEntry> entries, int committed)
    {
        if (!IsRunning && term >= Term) self.Nominated();
        if (!IsRunning) return;
        if (term < Term)
        {
            var newer = Term;
            world.Send(self.Id, leader, one => one.Raft.OnNewer(newer));
            return;
        }

        Follow(term, leader);
        var fits = after <= Log.Last && Log.TermAt(after) == afterTerm;
        var match = fits ? Take(after, self.IsSlow ? [.. entries.Take(1)] : entries) : Math.Min(after - 1, Log.Last);
        if (fits) CommitUpTo(Math.Min(committed, match));
        world.Send(self.Id, leader, one => one.Raft.OnAppended(self.Id, term, fits, match));
    }

    private int Take(int after, IReadOnlyList<SimEntry> entries)
    {
        var index = after;
        foreach (var entry in entries)
        {
            index++;
            if (index <= Log.Last && Log.TermAt(index) == entry.Term) continue;
            if (index <= Log.Last)
            {
                Assert.True(index > Committed, $"{self.Host} is to give up what is committed\n{world.Story}");
                Log.CutAfter(index - 1);
            }

            Log.Append(entry);
        }

        return index;
    }

    private void OnNewer(long term)
    {
        if (IsRunning && term > Term) Follow(term, 0);
    }

    private void OnAppended(ulong peer, long term, bool fits, int match)
    {
        if (!IsLeading || term != Term) return;
        _answeredAt[peer] = self.Clock;
        if (!fits)
        {
            _next[peer] = Math.Max(0, match);
            _match.TryAdd(peer, 0);
            Replicate(peer);
            return;
        }

        // A learner that came anew has less than what it had as another learner.
        var hasMore = match > _match.GetValueOrDefault(peer, -1);
        _match[peer] = Math.Max(match, _match.GetValueOrDefault(peer));
        _next[peer] = _match[peer];
        Advance();
        if (hasMore && _match[peer] < Log.Last && !world.Agents[peer].IsSlow) Replicate(peer);
    }

    private void Advance()
    {
        for (var index = Log.Last; index > Committed && Log.TermAt(index) == Term; index--)
        {
            var have = Log.Voters.Count(one => one == self.Id || _match.GetValueOrDefault(one) >= index);
            if (have <= Log.Voters.Count / 2) continue;
            CommitUpTo(index);
            break;
        }
    }

    private void CommitUpTo(int index)
    {
        for (; Committed < index; Committed++) world.Checks.Committed(self, Committed + 1, Log[Committed + 1]);
        if (IsLeading) Masters.Apply();
    }

    /// <summary>A member that was taken out begins anew if it comes again.</summary>
    public void Forget(ulong member)
    {
        _match.Remove(member);
        _next.Remove(member);
        _answeredAt.Remove(member);
    }
}
