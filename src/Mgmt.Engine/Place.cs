namespace Mgmt.Engine;

/// <summary>Where in a graph file something was written.</summary>
/// <param name="File">The file as the user named it; empty when the thing was made, not written.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters.</param>
public readonly record struct Place(string File, int Line, int Column)
{
    /// <summary><c>file:line:column</c>, as editors and terminals follow it.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}";
}
