using Mgmt.Mesh.Founding;
using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary>All that was read of a mesh: its store at one revision, and how its members answered.</summary>
internal sealed record MeshFacts
{
    /// <summary>The cluster's id; 0 when nobody said.</summary>
    public ulong Cluster { get; init; }

    /// <summary>Who leads; 0 is nobody.</summary>
    public ulong Leader { get; init; }

    /// <summary>Raft's term.</summary>
    public ulong Term { get; init; }

    /// <summary>The store's revision.</summary>
    public long Revision { get; init; }

    /// <summary>The cards of the agents that run, by host.</summary>
    public IReadOnlyDictionary<string, AgentCard> Cards { get; init; } = new Dictionary<string, AgentCard>();

    /// <summary>Those that keep the store, or are to.</summary>
    public IReadOnlyList<Member> Members { get; init; } = [];

    /// <summary>How members answered, by id.</summary>
    public IReadOnlyDictionary<ulong, StatusResponse> Statuses { get; init; } = new Dictionary<ulong, StatusResponse>();

    /// <summary>Members that were asked and did not answer.</summary>
    public IReadOnlySet<ulong> Silent { get; init; } = new HashSet<ulong>();

    /// <summary>The ideal number of voters.</summary>
    public int Size { get; init; } = FoundingTalk.IdealSize;

    /// <summary>Members that are to leave.</summary>
    public IReadOnlySet<ulong> Drained { get; init; } = new HashSet<ulong>();

    /// <summary>What operators wish of members.</summary>
    public IReadOnlyDictionary<ulong, string> Wishes { get; init; } = new Dictionary<ulong, string>();

    /// <summary>Whether agents are converged, by host.</summary>
    public IReadOnlyDictionary<string, ConvergedNote> Notes { get; init; } = new Dictionary<string, ConvergedNote>();

    /// <summary>The kinds that hosts export, by host.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Exports { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Why this is not how the mesh is now but what one host knew last; or nothing.</summary>
    public string Stale { get; init; } = "";

    /// <summary>Those that vote.</summary>
    public IEnumerable<Member> Voters => Members.Where(static one => !one.IsLearner);

    /// <summary>The largest odd number of voters that the ideal size allows.</summary>
    public int OddSize => Quorum.OddUpTo(Size);

    /// <summary>How many there are to be, once all has settled.</summary>
    public int Target => Quorum.OddUpTo(Math.Min(Size, Math.Max(1, Cards.Values.Count(CanVote))));

    /// <summary>Whether an agent could be made to vote.</summary>
    public bool CanVote(AgentCard card) => card is { Volunteers: true, IsLeaving: false } && !IsToLeave(card.MemberId);

    /// <summary>Whether an operator does not want a member to vote.</summary>
    public bool IsToLeave(ulong member) => Drained.Contains(member) || Wishes.GetValueOrDefault(member) == MastersKeys.DemoteWish;

    /// <summary>Whether a member votes.</summary>
    public bool Votes(ulong member) => Voters.Any(one => one.ID == member);

    /// <summary>A member's host, or its id.</summary>
    public string NameOf(ulong member) => Members.FirstOrDefault(one => one.ID == member && one.Name.Length > 0)?.Name
        ?? Cards.Values.FirstOrDefault(one => one.MemberId == member)?.Host ?? Views.JsonView.Id(member);
}
