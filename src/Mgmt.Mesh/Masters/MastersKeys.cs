using System.Globalization;
using System.Text;
using Mgmt.Mesh.Place;

namespace Mgmt.Mesh.Masters;

/// <summary>Where the store says who volunteers and what operators want of the voters. Members are named by their id in hexadecimal, as an id that voted is never another's.</summary>
public static class MastersKeys
{
    /// <summary>The ideal number of voters, in decimal.</summary>
    public const string Size = "mgmt/masters/size";

    /// <summary>Below it, the card of each agent, by its host's name and under its lease.</summary>
    public const string Agents = "mgmt/agents/";

    /// <summary>Below it, whether each agent's graph is converged, by its host's name and under its lease: <see cref="ConvergedNote"/>.</summary>
    public const string Converged = "mgmt/converged/";

    /// <summary>Below it, the members that are to leave.</summary>
    public const string Drained = "mgmt/masters/drained/";

    /// <summary>Below it, what operators wish of a member: "promote" or "demote".</summary>
    public const string Wishes = "mgmt/masters/wishes/";

    /// <summary>The wish that a member votes, before all others.</summary>
    public const string PromoteWish = "promote";

    /// <summary>The wish that a member does not vote.</summary>
    public const string DemoteWish = "demote";

    /// <summary>The largest ideal size: more voters make every write slower and nothing safer.</summary>
    public const int LargestSize = 15;

    /// <summary>A member's key below a prefix.</summary>
    public static string Of(string prefix, ulong member) => prefix + StoreIdentity.Hex(member);

    /// <summary>The member that a key is about; 0 when it is about none.</summary>
    public static ulong MemberOf(string prefix, string key) =>
        key.StartsWith(prefix, StringComparison.Ordinal) && StoreIdentity.TryParseHex(key[prefix.Length..], out var id) ? id : 0;

    /// <summary>Reads the ideal size; what is not a size is the given one.</summary>
    public static int SizeOf(ReadOnlySpan<byte> value, int otherwise) =>
        value.Length <= 4 && int.TryParse(Encoding.ASCII.GetString(value), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= LargestSize
            ? size : otherwise;

    /// <summary>Reads a wish; what is none is none.</summary>
    internal static VoteWish WishOf(ReadOnlySpan<byte> value) => value.SequenceEqual("promote"u8) ? VoteWish.Promote : value.SequenceEqual("demote"u8) ? VoteWish.Demote : VoteWish.None;
}
