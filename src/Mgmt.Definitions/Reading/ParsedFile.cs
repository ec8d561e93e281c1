using Mgmt.Engine;
using Semaphore = Mgmt.Engine.Semaphore;

namespace Mgmt.Definitions;

/// <summary>What one file says, understood as far as that can be done without the others. Immutable once made, so that a later load may use it again.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Text">Its text; null when it was not text.</param>
/// <param name="IsReadable">Whether its resources are known. Where they are not, what refers to them cannot be judged.</param>
/// <param name="GivesGraph">Whether it has the key <c>graph</c>, be its value right or not.</param>
/// <param name="Graph">The graph's name, if the file gives a usable one.</param>
/// <param name="Content">What it declares.</param>
/// <param name="Diagnostics">The mistakes within it.</param>
/// <param name="Mistakes">How many mistakes there are, of which the diagnostics may be the first.</param>
/// <param name="ItemsRead">How many items of lists were read for it, not taken over from its last version.</param>
/// <param name="Outline">Where its items are, if its next version may be read by parts.</param>
internal sealed record ParsedFile(
    string Name, string? Text, bool IsReadable, bool GivesGraph, GraphName? Graph, FileContent Content, IReadOnlyList<Diagnostic> Diagnostics, int Mistakes, int ItemsRead, Outline? Outline = null);

/// <summary>A graph's name and where it is given.</summary>
internal sealed record GraphName(string Text, Place Place);

/// <summary>The parts that a file declares, in the order written.</summary>
internal sealed class FileContent
{
    /// <summary>Its resources, the broken ones too.</summary>
    public List<Declaration> Resources { get; init; } = [];

    /// <summary>Its edges whose ends are well written.</summary>
    public List<Connection> Edges { get; init; } = [];

    /// <summary>What it collects.</summary>
    public List<CollectSpec> Collects { get; init; } = [];

    /// <summary>How many resources, edges and collections there are.</summary>
    public int Count => Resources.Count + Edges.Count + Collects.Count;

    /// <summary>The semaphores that its resources hold.</summary>
    public List<SemaphoreUse> Semaphores { get; init; } = [];
}

/// <summary>A resource with an address.</summary>
/// <param name="Address">Its address, without <c>@@</c>.</param>
/// <param name="IsExported">Whether its name was written with <c>@@</c>.</param>
/// <param name="Spec">The resource; null when it has mistakes, which are reported.</param>
/// <param name="Claim">What of the host it has for itself, if it is known and there is such a thing.</param>
/// <param name="Place">Where its name is.</param>
internal readonly record struct Declaration(Address Address, bool IsExported, ResourceSpec? Spec, string? Claim, Place Place);

/// <summary>An edge and where its ends are written.</summary>
internal readonly record struct Connection(EdgeSpec Spec, Place From, Place To);

/// <summary>A semaphore and where a resource asks for it.</summary>
internal readonly record struct SemaphoreUse(Semaphore Semaphore, Address Holder, Place Place);
