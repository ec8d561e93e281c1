namespace Mgmt.Mesh.Masters;

/// <summary>Who is there: what is seen and remembered of each, brought together.</summary>
internal sealed class RollCall
{
    private readonly MeshSight _sight;
    private readonly MastersMemory _memory;
    private readonly MastersOptions _options;
    private readonly TimeSpan _now;
    private readonly Dictionary<ulong, SeenVolunteer> _volunteers = [];
    private readonly ILookup<string, ulong> _hosts;

    public RollCall(MeshSight sight, MastersMemory memory, TimeSpan now, MastersOptions options)
    {
        (_sight, _memory, _now, _options) = (sight, memory, now, options);
        foreach (var volunteer in sight.Volunteers) _volunteers.TryAdd(volunteer.Card.MemberId, volunteer);
        _hosts = _volunteers.Values.ToLookup(static one => one.Card.Host, static one => one.Card.MemberId);
        Voters = [.. sight.Members.Where(static one => one.HasVote).Select(VoterOf).Order()];
        Learners = [.. sight.Members.Where(IsNominee).Select(LearnerOf).Order()];
        var members = sight.Members.Select(static one => one.Id).ToHashSet();
        Candidates = [.. Learners.Where(IsCandidate), .. _volunteers.Values.Where(one => !members.Contains(one.Card.MemberId)).Select(VolunteerOf).Where(IsCandidate).Order()];
    }

    /// <summary>Those that vote, the best first.</summary>
    public IReadOnlyList<Contender> Voters { get; }

    /// <summary>Those that learn.</summary>
    public IReadOnlyList<Contender> Learners { get; }

    /// <summary>Those that could vote and do not, learners among them, the best first.</summary>
    public IReadOnlyList<Contender> Candidates { get; }

    /// <summary>How many voters answer.</summary>
    public int Heard => Voters.Count(static one => one.Answers);

    /// <summary>Whether a majority of the voters answers.</summary>
    public bool HasQuorum => Heard >= Quorum.Majority(Voters.Count);

    /// <summary>Whether a member volunteers.</summary>
    public bool Volunteers(ulong member) => _volunteers.ContainsKey(member);

    private static bool IsNominee(SeenMember one) => one is { HasVote: false, Record: MemberRecord.Learner, Name.Length: > 0 };

    private static int LinkOf(SeenVolunteer one)
    {
        var losses = one.Losses switch { 0 => 0, <= 2 => 1, _ => 2 };
        var distance = one.RoundTrip?.TotalMilliseconds switch { null or < 5 => 0, < 50 => 1, _ => 2 };
        return (losses * 3) + distance;
    }

    private bool IsCandidate(Contender one) => !one.IsLeaving && _volunteers.ContainsKey(one.Id) && !_memory.IsHeldBack(one.Id, _now);

    private Contender VoterOf(SeenMember seen)
    {
        var why = WhyLeaving(seen.Id);
        var isGone = IsGone(seen);
        var answers = Answers(seen);
        var standing = seen.Id == _sight.Leader ? Standing.Leader : isGone ? Standing.GoneVoter : answers ? Standing.Voter : Standing.SilentVoter;
        if (standing == Standing.GoneVoter) why = $"does not answer for {seen.SilentFor.TotalSeconds:0} s";
        return With(new(seen.Id, seen.Name, "", standing) { IsLeaving = why.Length > 0 && standing != Standing.GoneVoter, Why = why, Lag = seen.Lag, Answers = answers });
    }

    private Contender LearnerOf(SeenMember seen) => With(new(seen.Id, seen.Name, "", Standing.Learner) { IsLeaving = WhyLeaving(seen.Id).Length > 0, Lag = seen.Lag, Answers = Answers(seen) });

    private Contender VolunteerOf(SeenVolunteer seen) =>
        With(new(seen.Card.MemberId, seen.Card.Host, "", Standing.Volunteer) { IsLeaving = WhyLeaving(seen.Card.MemberId).Length > 0 });

    private Contender With(Contender one) => (_volunteers.TryGetValue(one.Id, out var seen) ? one with { Zone = seen.Card.Zone, Link = LinkOf(seen), Revision = seen.Revision } : one) with
    {
        IsWished = _sight.Wishes.GetValueOrDefault(one.Id) == VoteWish.Promote && one.Standing != Standing.GoneVoter && !one.IsLeaving,
        Setbacks = _memory.Setbacks.GetValueOrDefault(one.Id)?.Count ?? 0,
    };

    // A new leader does not count on anybody before it was answered.
    private bool Answers(SeenMember seen) => seen.Id == _sight.Leader || (seen.Lag is not null && seen.SilentFor < _options.HeardWithin);

    // A host that lost its disk comes back as another member: what it was before will not.
    private bool IsGone(SeenMember seen) => !Answers(seen) && (seen.SilentFor >= _options.Grace || _hosts[seen.Name].Any(other => other != seen.Id));

    private string WhyLeaving(ulong member)
    {
        if (_sight.Drained.Contains(member)) return "is drained";
        if (_sight.Wishes.GetValueOrDefault(member) == VoteWish.Demote) return "is demoted";
        if (_volunteers.TryGetValue(member, out var volunteer)) return volunteer.Card.IsLeaving ? "is about to stop" : "";
        return _memory.Unwilling.TryGetValue(member, out var since) && _now - since >= _options.Grace ? $"does not volunteer for {(_now - since).TotalSeconds:0} s" : "";
    }
}
