using System.Buffers.Text;
using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mgmt.Linux.Processes;

/// <summary>
/// A variable in each child's environment, by which its descendants are known even when they have left its group and lost their parents.
/// </summary>
internal static class ChildCookie
{
    internal const string Variable = "MGMT_CHILD";

    private static readonly string Agent = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)) + "-";
    private static readonly byte[] Assignment = Encoding.ASCII.GetBytes($"{Variable}={Agent}");

    /// <summary>The value for one child.</summary>
    internal static string Value(ulong number) => Agent + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Finds the child's number in an environment as /proc shows it; 0 when it is no child of this agent.</summary>
    internal static ulong Read(ReadOnlySpan<byte> environment)
    {
        var at = environment.IndexOf(Assignment);
        return at >= 0 && Utf8Parser.TryParse(environment[(at + Assignment.Length)..], out ulong number, out _) ? number : 0;
    }

    /// <summary>The agent's own environment with others on top, the last of a name winning, and the cookie.</summary>
    internal static Dictionary<string, string> Environment(
        ulong number, IEnumerable<KeyValuePair<string, string>> identity, IEnumerable<KeyValuePair<string, string>> own)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables()) all[(string)entry.Key] = (string?)entry.Value ?? "";
        foreach (var (name, value) in identity.Concat(own)) all[name] = value;
        all[Variable] = Value(number);
        return all;
    }
}
