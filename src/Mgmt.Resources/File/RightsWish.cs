using System.Globalization;
using Mgmt.Linux.Accounts;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.File;

/// <summary>The mode, owner and group that are wanted, as written; null where nothing was.</summary>
internal sealed record RightsWish(int? Mode, string? Owner, string? Group)
{
    /// <summary>Looks the names up.</summary>
    /// <param name="accounts">The host's users and groups.</param>
    /// <param name="unknown">Which name there is not, as in "owner of PATH to NAME: there is no such user"; null when all are known.</param>
    internal FileRights Resolve(AccountNumbers accounts, out UnknownAccount? unknown)
    {
        unknown = null;
        var user = Number(Owner, accounts.FindUser);
        if (Owner is not null && user is null) unknown = new UnknownAccount("owner", Owner, "user");
        var group = Number(Group, accounts.FindGroup);
        if (Group is not null && group is null) unknown ??= new UnknownAccount("group", Group, "group");
        return new FileRights(Mode, user, group);
    }

    private static uint? Number(string? text, Func<string, uint?> find)
    {
        if (text is null) return null;
        // The highest number means "leave it" to the kernel, so nobody can have it.
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number == uint.MaxValue ? null : number : find(text);
    }
}

/// <summary>A name that the host does not know.</summary>
internal sealed record UnknownAccount(string Field, string Name, string Kind)
{
    /// <summary>The failure.</summary>
    internal string Error(FilePath path) =>
        $"cannot set {Field} of {path} to {Name}: there is no such {Kind}; make it first, by a resource that comes before this one, or correct the name";

    /// <summary>What a run without changes says: the graph itself may be what makes the account.</summary>
    internal string Words => $"there is no {Kind} {Name} yet";
}
