using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mgmt.Linux.Accounts;

namespace Mgmt.Linux.Processes;

/// <summary>
/// What a command needs to run as somebody else: words before its own, which hand it to setpriv, and variables. Changing the identity between
/// fork and exec is not something posix_spawn can do, and a runtime with threads cannot fork.
/// </summary>
internal sealed record Identity(IReadOnlyList<string> Words, IReadOnlyList<KeyValuePair<string, string>> Environment)
{
    private const uint Root = 0;

    internal static Identity Own { get; } = new([], []);

    /// <summary>Resolves a user and a group, each a name, a number or empty.</summary>
    internal static bool TryResolve(string user, string group, [NotNullWhen(true)] out Identity? identity, [NotNullWhen(false)] out string? error)
    {
        (identity, error) = (null, null);
        if (user.Length == 0 && group.Length == 0)
        {
            identity = Own;
            return true;
        }

        var own = ProcessNative.GetEUid();
        var account = user.Length == 0 ? null : Account.Find(user);
        var number = group.Length == 0 ? account?.Group : Account.FindGroup(group);
        if (user.Length > 0 && account is null) error = $"there is no user \"{user}\"";
        else if (number is null) error = group.Length > 0 ? $"there is no group \"{group}\"" : $"user {user} has no entry that names its group: write one";
        else if (group.Length == 0 && account!.User == own && own != Root) identity = new Identity([], Variables(account));
        else if (own != Root) error = "only an agent that runs as root can run it as another user or group";
        else if (FindSetPriv() is not { } setPriv) error = "the program setpriv (of util-linux), which changes the user, is not installed";
        else identity = new Identity([setPriv, .. SetPrivOptions(account, number.Value), "--"], Variables(account));
        return identity is not null;
    }

    // Where the user has an entry, its other groups are those that the entry's name is in. A group alone leaves the agent's own others.
    private static IEnumerable<string> SetPrivOptions(Account? account, uint group)
    {
        if (account is not null) yield return string.Create(CultureInfo.InvariantCulture, $"--reuid={account.User}");
        yield return string.Create(CultureInfo.InvariantCulture, $"--regid={group}");
        yield return account switch { null => "--keep-groups", { Group: null } => "--clear-groups", _ => "--init-groups" };
    }

    private static KeyValuePair<string, string>[] Variables(Account? account) =>
        account is null ? [] : [new("HOME", account.Home), new("USER", account.Name), new("LOGNAME", account.Name)];

    private static string? FindSetPriv() => ProgramPath.TryFind("setpriv", ProgramPath.Default, "", out var found, out _) ? found : null;
}
