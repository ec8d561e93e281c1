using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Plans;

/// <summary>Whether two definitions differ in nothing that edges and groups depend on. Most exchanges change the content of a few resources, and that is seen at once.</summary>
internal static class Likeness
{
    public static bool Holds(PlanOrigin before, PlanOrigin after)
    {
        if (!ReferenceEquals(before.Grouper, after.Grouper) || !before.Surveys.SequenceEqual(after.Surveys, ReferenceEqualityComparer.Instance)) return false;
        var (old, now) = (before.Definition, after.Definition);
        if (old.Resources.Count != now.Resources.Count || !AreAlike(old.Edges, now.Edges)) return false;
        for (var i = 0; i < now.Resources.Count; i++)
        {
            var (one, other) = (old.Resources[i], now.Resources[i]);
            if (!ReferenceEquals(one, other) && !one.Equals(other) && !AreAlike(one, other)) return false;
        }

        return true;
    }

    // Where an edge was written does not count.
    private static bool AreAlike(IReadOnlyList<EdgeSpec> old, IReadOnlyList<EdgeSpec> now)
    {
        if (ReferenceEquals(old, now)) return true;
        if (old.Count != now.Count) return false;
        for (var i = 0; i < now.Count; i++)
        {
            var (one, other) = (old[i], now[i]);
            if (!ReferenceEquals(one, other) && (one.Name != other.Name || one.From != other.From || one.To != other.To || one.Notify != other.Notify)) return false;
        }

        return true;
    }

    private static bool AreAlike(ResourceSpec one, ResourceSpec other) =>
        one.Address == other.Address
        && ReferenceEquals(one.Kind, other.Kind)
        && one.Meta.AutoEdge == other.Meta.AutoEdge
        && one.Meta.AutoGroup == other.Meta.AutoGroup
        && (!one.Meta.AutoGroup || AreOfOneClass(one, other))
        && AreAlike(one.Kind.Tie(one), other.Kind.Tie(other));

    private static bool AreOfOneClass(ResourceSpec one, ResourceSpec other) =>
        one.Kind.CanGroup(one, one) ? one.Kind.CanGroup(one, other) : !other.Kind.CanGroup(other, other);

    private static bool AreAlike(Ties one, Ties other) =>
        ReferenceEquals(one, other)
        || (one.Identities.SequenceEqual(other.Identities)
            && one.Wishes.Count == other.Wishes.Count
            && one.Wishes.Zip(other.Wishes).All(pair => AreAlike(pair.First, pair.Second)));

    private static bool AreAlike(EdgeWish one, EdgeWish other) =>
        one.Order == other.Order && one.Notify == other.Notify && one.Alternatives.SequenceEqual(other.Alternatives);
}
