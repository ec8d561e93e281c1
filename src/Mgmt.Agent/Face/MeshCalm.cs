using System.Collections.Immutable;
using Mgmt.Agent.Exchange;
using Mgmt.Mesh.Masters;

namespace Mgmt.Agent.Face;

/// <summary>What is known of all agents of the mesh.</summary>
/// <param name="Agents">Those that run; null while it is not known.</param>
/// <param name="Notes">What they said of their graphs last; null while it is not known.</param>
internal sealed record MeshCalm(ImmutableHashSet<string>? Agents, ImmutableDictionary<string, ConvergedNote>? Notes)
{
    /// <summary>Nothing is known.</summary>
    public static MeshCalm Unknown { get; } = new(null, null);

    /// <summary>Whether there are agents, and all are converged.</summary>
    public bool IsCalm => Agents is { IsEmpty: false } && Notes is not null && Agents.All(one => Notes.TryGetValue(one, out var note) && note.Converged);

    /// <summary>With the agents that run now.</summary>
    public MeshCalm WithAgents(PrefixView view) => this with { Agents = [.. view.Values.Keys.Select(static key => key[MastersKeys.Agents.Length..])] };

    /// <summary>
    /// With what they say now. An agent takes back what it said only when it ends, and then its card goes with it: until that is heard of, the last word holds.
    /// </summary>
    public MeshCalm WithNotes(PrefixView view)
    {
        var notes = Notes ?? ImmutableDictionary<string, ConvergedNote>.Empty;
        notes = notes.RemoveRange(notes.Keys.Where(one => Agents?.Contains(one) != true));
        foreach (var (key, value) in view.Values)
        {
            if (ConvergedNote.Decode(value.Bytes.Span) is { } note) notes = notes.SetItem(key[MastersKeys.Converged.Length..], note);
        }

        return this with { Notes = notes };
    }

    /// <summary>Whether anything happened since at an agent that runs; that one ended is nothing.</summary>
    public bool IsNewsAfter(MeshCalm before) =>
        Agents!.Any(one => before.Agents?.Contains(one) != true || before.Notes?.GetValueOrDefault(one) != Notes!.GetValueOrDefault(one));
}
