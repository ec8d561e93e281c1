namespace Mgmt.Engine.Plans;

/// <summary>One edge between two resources, by their positions in the definition; between the same two there may be several.</summary>
/// <param name="From">The resource that comes first.</param>
/// <param name="To">The resource that comes after.</param>
/// <param name="Name">What its author called it; of one that was found, the key by which it was found.</param>
/// <param name="Notify">Whether a change delivers a refresh.</param>
internal readonly record struct Arc(int From, int To, string Name, bool Notify);
