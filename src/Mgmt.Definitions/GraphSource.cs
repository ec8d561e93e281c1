using System.Text;

namespace Mgmt.Definitions;

/// <summary>One graph file, read but not yet understood.</summary>
/// <param name="Name">The file as the user named it; every message about it begins so.</param>
/// <param name="Content">Its bytes, UTF-8. Not changed while a load runs.</param>
public sealed record GraphSource(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>A source of text that is already decoded, such as one that was typed.</summary>
    public static GraphSource FromText(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));
}
