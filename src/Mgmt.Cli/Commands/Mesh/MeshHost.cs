using Mgmt.Mesh.Masters;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Mesh;

/// <summary>One host of a mesh as it is shown: an agent, or a member that has none any more.</summary>
internal sealed record MeshHost
{
    /// <summary>Its name; empty for a member that was added and has not come yet.</summary>
    public required string Host { get; init; }

    /// <summary>Its member id.</summary>
    public required ulong Member { get; init; }

    /// <summary>What it is: leader, voter, learner, volunteer, agent (it does not volunteer), down (it votes, and is gone), unstarted.</summary>
    public required string Role { get; init; }

    /// <summary>Its card, while its agent runs.</summary>
    public AgentCard? Card { get; init; }

    /// <summary>Where its API is; empty when nobody said.</summary>
    public string Api { get; init; } = "";

    /// <summary>How many entries it is behind; null when it keeps no store or did not say.</summary>
    public long? Lag { get; init; }

    /// <summary>Whether its graph is converged; null when it did not say.</summary>
    public ConvergedNote? Note { get; init; }

    /// <summary>What operators want of it, and what else is of note.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<MeshHost> AllOf(MeshFacts facts)
    {
        var members = facts.Members.Select(one => Of(facts, one, facts.Cards.Values.FirstOrDefault(card => card.MemberId == one.ID)));
        var others = facts.Cards.Values.Where(card => facts.Members.All(one => one.ID != card.MemberId)).Select(card => Of(facts, null, card));
        return [.. members.Concat(others).OrderBy(static one => one.Host, StringComparer.Ordinal).ThenBy(static one => one.Member)];
    }

    private static MeshHost Of(MeshFacts facts, Member? member, AgentCard? card)
    {
        var id = member?.ID ?? card!.MemberId;
        var host = card?.Host ?? member!.Name;
        return new()
        {
            Host = host,
            Member = id,
            Role = RoleOf(facts, member, card),
            Card = card,
            Api = card?.Api ?? (member!.ClientURLs.FirstOrDefault() is { } url && Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Authority : ""),
            Lag = member is not null && facts.Statuses.TryGetValue(id, out var status) ? LagOf(facts, status) : null,
            Note = card is null ? null : facts.Notes.GetValueOrDefault(host),
            Marks = [.. MarksOf(facts, id, card)],
        };
    }

    private static string RoleOf(MeshFacts facts, Member? member, AgentCard? card)
    {
        if (member is null) return card!.Volunteers ? "volunteer" : "agent";
        if (member.Name.Length == 0) return "unstarted";
        if (member.IsLearner) return "learner";
        if (card is null && !facts.Statuses.ContainsKey(member.ID)) return "down";
        return member.ID == facts.Leader ? "leader" : "voter";
    }

    // Behind the newest that anybody is known to have committed.
    private static long LagOf(MeshFacts facts, StatusResponse status) =>
        Math.Max(0, (long)facts.Statuses.Values.Max(static one => one.RaftIndex) - (long)status.RaftAppliedIndex);

    private static IEnumerable<string> MarksOf(MeshFacts facts, ulong id, AgentCard? card)
    {
        if (facts.Drained.Contains(id)) yield return "drained";
        if (facts.Wishes.TryGetValue(id, out var wish)) yield return wish;
        if (card is { IsLeaving: true }) yield return "leaving";
        if (card is not null && facts.Silent.Contains(id)) yield return "silent";
    }
}
