using Mgmt.Engine;

namespace Mgmt.Definitions;

/// <summary>What a field belongs to. Its words are made when a mistake needs them, which is seldom.</summary>
/// <param name="What">What it is: a kind's name, or the name of another part of the file.</param>
/// <param name="Name">Its own name, if it has a usable one.</param>
/// <param name="IsResource">Whether it is a resource, so that the two make an address.</param>
/// <param name="Part">The part of it that is meant, if not the whole.</param>
internal readonly record struct Owner(string What, string? Name, bool IsResource, string Part = "")
{
    /// <summary>The words, such as <c>File[file1]</c> or <c>edge e1</c>.</summary>
    public override string ToString() => this switch
    {
        { Part.Length: > 0 } => $"{Part} of {this with { Part = "" }}",
        { IsResource: true, Name: { } name } => new Address(What, Wording.Cut(name)).ToString(),
        { IsResource: true } => $"a {What} resource",
        { Name: { } name } => $"{What} {Wording.Cut(name)}",
        _ => What,
    };
}
