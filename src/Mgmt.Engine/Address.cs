namespace Mgmt.Engine;

/// <summary>What names a resource within one graph: its kind and its name, written <c>File[file1]</c>.</summary>
/// <param name="Kind">The kind's name in lower case, as the graph file spells it: <c>file</c>.</param>
/// <param name="Name">The resource's name: any text that is not empty.</param>
public readonly record struct Address(string Kind, string Name) : IComparable<Address>
{
    /// <inheritdoc/>
    public int CompareTo(Address other)
    {
        var byKind = string.CompareOrdinal(Kind, other.Kind);
        return byKind != 0 ? byKind : string.CompareOrdinal(Name, other.Name);
    }

    /// <inheritdoc/>
    /// <remarks>Of the name alone: few share it with one of another kind, and every reload hashes all of them.</remarks>
    public override int GetHashCode() => Name?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <summary>The address as people read it: <c>File[file1]</c>.</summary>
    public override string ToString() => $"{char.ToUpperInvariant(Kind[0])}{Kind.AsSpan(1)}[{Name}]";

    /// <summary>Ordinal order by kind, then by name.</summary>
    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order by kind, then by name.</summary>
    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order by kind, then by name.</summary>
    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order by kind, then by name.</summary>
    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;
}
