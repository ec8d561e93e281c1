namespace Mgmt.Mesh.Tests.Masters.Simulation;

/// <summary>
/// Raft as small as it can be and still be itself: a vote and a log on disk, a leader by majority of the voters that the log names, a vote before the vote so
/// that nobody disturbs, a change of voters as an entry, one at a time.
/// </summary>
internal sealed partial class SimRaft(SimWorld world, SimAgent self)
{
    public static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LeastElection = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MostElection = TimeSpan.FromMilliseconds(900);
    private readonly HashSet<ulong> _votes = [];
    private ulong _votedFor;
    private bool _hasPreVote;
    private bool _isHandedOver;
    private TimeSpan _heardAt;
    private TimeSpan _timeout;
    private int _run;

    public SimLog Log { get; } = new();

    public long Term { get; private set; }

    public int Committed { get; private set; }

    public bool IsRunning { get; private set; }

    public bool IsLeading { get; private set; }

    public ulong Leader { get; private set; }

    /// <summary>Whether it leads, and a majority has its term's first entry.</summary>
    public bool IsSettled => IsLeading && Committed > 0 && Log.TermAt(Committed) == Term;

    private bool IsCandidate => _votes.Count > 0;

    public void Found(IReadOnlyList<SimEntry> first)
    {
        foreach (var entry in first) Log.Append(entry);
    }

    public void Restart()
    {
        if (Log.Last > 0) Join();
    }

    public void Join()
    {
        (IsRunning, Leader, Committed) = (true, 0, 0);
        Follow(Term, 0);
        var run = ++_run;
        Every(Heartbeat, run, Tick);
        Every(SimMasters.LookEvery, run, Masters.Look);
    }

    /// <summary>It goes down; its disk stays.</summary>
    public void Stop()
    {
        (IsRunning, IsLeading, Leader) = (false, false, 0);
        _votes.Clear();
        _run++;
    }

    /// <summary>
    /// It is no member any more. What it has is kept: if it lost its log and came back as the same member, it could vote for one that knows nothing of the
    /// changes that it once acknowledged.
    /// </summary>
    public void Leave()
    {
        if (IsRunning) Stop();
    }

    private void Every(TimeSpan period, int run, Action action) => world.After(period * (0.9 + (0.2 * world.Random.NextDouble())), () =>
    {
        if (run != _run) return;
        action();
        Every(period, run, action);
    });

    private void Tick()
    {
        if (IsLeading)
        {
            if (!HearsMajority()) Follow(Term, 0);
            else foreach (var peer in Peers()) Replicate(peer);
        }
        else if (Log.Voters.Contains(self.Id) && self.Clock - _heardAt >= _timeout)
        {
            Campaign(isPre: true);
        }
    }

    private void Follow(long term, ulong leader)
    {
        if (IsLeading) world.Tell($"{self.Host} leads no more in term {Term}");
        if (term > Term) (Term, _votedFor) = (term, 0);
        (IsLeading, Leader, _isHandedOver) = (false, leader, false);
        _votes.Clear();
        _heardAt = self.Clock;
        _timeout = LeastElection + ((MostElection - LeastElection) * world.Random.NextDouble());
    }

    private void Campaign(bool isPre)
    {
        Follow(isPre ? Term : Term + 1, 0);
        _hasPreVote = isPre;
        if (!isPre) _votedFor = self.Id;
        var (term, isHandedOver) = (isPre ? Term + 1 : Term, _isHandedOver);
        OnVote(self.Id, Term, isPre);
        foreach (var voter in Log.Voters.Where(one => one != self.Id))
            world.Send(self.Id, voter, one => one.Raft.OnAskVote(self.Id, term, Log.Last, Log.LastTerm, isPre, isHandedOver));
    }

    private void OnAskVote(ulong candidate, long term, int last, long lastTerm, bool isPre, bool isHandedOver)
    {
        var isLed = IsLeading || (Leader != 0 && self.Clock - _heardAt < LeastElection);
        if (!IsRunning || term < Term || (isLed && !isHandedOver)) return;
        var isUpToDate = lastTerm > Log.LastTerm || (lastTerm == Log.LastTerm && last >= Log.Last);
        if (!isPre)
        {
            if (term > Term) Follow(term, 0);
            if (_votedFor != 0 && _votedFor != candidate) return;
            if (isUpToDate) _votedFor = candidate;
        }

        if (isUpToDate) world.Send(self.Id, candidate, one => one.Raft.OnVote(self.Id, isPre ? term - 1 : term, isPre));
    }

    private void OnVote(ulong voter, long term, bool isPre)
    {
        if (term != Term || IsLeading || isPre != _hasPreVote || (Leader != 0 && !IsCandidate)) return;
        _votes.Add(voter);
        if (Log.Voters.Count(_votes.Contains) <= Log.Voters.Count / 2) return;
        if (isPre) Campaign(isPre: false);
        else Lead();
    }

    /// <summary>The leader wants this member to lead: it asks for votes at once, and nobody minds that there is a leader.</summary>
    public void TakeOver(long term)
    {
        if (!IsRunning || term != Term || IsLeading || !Log.Voters.Contains(self.Id)) return;
        world.Tell($"{self.Host} is handed the leadership");
        Follow(Term + 1, 0);
        (_hasPreVote, _votedFor) = (false, self.Id);
        OnVote(self.Id, Term, isPre: false);
        foreach (var voter in Log.Voters.Where(one => one != self.Id))
            world.Send(self.Id, voter, one => one.Raft.OnAskVote(self.Id, Term, Log.Last, Log.LastTerm, isPre: false, isHandedOver: true));
    }
}
