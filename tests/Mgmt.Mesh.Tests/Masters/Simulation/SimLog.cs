namespace Mgmt.Mesh.Tests.Masters.Simulation;

internal enum SimKind
{
    /// <summary>The first of a leader's term.</summary>
    Begin,

    /// <summary>A client's write.</summary>
    Write,

    /// <summary>Who votes from now on.</summary>
    Voters,

    /// <summary>The state's list: a member learns.</summary>
    SetLearner,

    /// <summary>The state's list: a member votes.</summary>
    SetVoter,

    /// <summary>The state's list: a member is none any more.</summary>
    Unset,

    /// <summary>An offer is put under its agent's lease.</summary>
    Offer,

    /// <summary>A lease is over.</summary>
    OfferEnds,
}

internal sealed record SimEntry(long Term, SimKind Kind, ulong Member = 0, IReadOnlyList<ulong>? Voters = null);

/// <summary>A log on a disk: it stays when its host goes down. Indexes begin with 1.</summary>
internal sealed class SimLog
{
    private readonly List<SimEntry> _entries = [];
    private readonly List<int> _voters = [];

    public int Last => _entries.Count;

    public long LastTerm => TermAt(Last);

    /// <summary>Who votes by the latest word in this log, committed or not; nobody in an empty one.</summary>
    public IReadOnlyList<ulong> Voters => _voters.Count == 0 ? [] : _entries[_voters[^1] - 1].Voters!;

    /// <summary>Where that stands.</summary>
    public int VotersAt => _voters.Count == 0 ? 0 : _voters[^1];

    public SimEntry this[int index] => _entries[index - 1];

    public long TermAt(int index) => index == 0 ? 0 : _entries[index - 1].Term;

    public void Append(SimEntry entry)
    {
        _entries.Add(entry);
        if (entry.Kind == SimKind.Voters) _voters.Add(Last);
    }

    public void CutAfter(int index)
    {
        _entries.RemoveRange(index, Last - index);
        _voters.RemoveAll(one => one > index);
    }

    public IReadOnlyList<SimEntry> Slice(int after, int most) => _entries.GetRange(after, Math.Min(most, Last - after));
}
