using Mgmt.Engine;

namespace Mgmt.Agent.Exchange;

/// <summary>What peers named, short enough for a message.</summary>
internal static class Words
{
    private const int Longest = 80;

    /// <summary>An address.</summary>
    public static string Short(Address address) => (address with { Name = Short(address.Name) }).ToString();

    /// <summary>Any text.</summary>
    public static string Short(string text, int longest = Longest) => text.Length <= longest ? text : $"{text[..longest]}…";
}
