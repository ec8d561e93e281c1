using System.Collections.Concurrent;
using Mgmt.Linux.Files;

namespace Mgmt.Linux.Accounts;

/// <summary>
/// The numbers of users and groups, from wherever the host keeps them (files, LDAP, …). A name that was found is believed for a second, so that
/// thousands of files of one owner ask once; a name that was not found is asked again each time, since the same graph may be making the user.
/// </summary>
public sealed class AccountNumbers(TimeProvider time)
{
    private const int MostNames = 1024;
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(bool IsGroup, string Name), (uint Number, long At)> _found = new();

    /// <summary>The number of a user; null when there is none of that name.</summary>
    /// <exception cref="FileException">The host's databases cannot be asked.</exception>
    public uint? FindUser(string name) => Find(name, isGroup: false);

    /// <summary>The number of a group; null when there is none of that name.</summary>
    /// <exception cref="FileException">The host's databases cannot be asked.</exception>
    public uint? FindGroup(string name) => Find(name, isGroup: true);

    private uint? Find(string name, bool isGroup)
    {
        if (_found.TryGetValue((isGroup, name), out var known) && time.GetElapsedTime(known.At) < Believed) return known.Number;
        var number = Ask(name, isGroup);
        if (number is not { } found) return null;
        if (_found.Count >= MostNames) _found.Clear();
        _found[(isGroup, name)] = (found, time.GetTimestamp());
        return found;
    }

    private static uint? Ask(string name, bool isGroup)
    {
        var number = isGroup ? Account.FindGroupByName(name, out var errno) : Account.FindByName(name, out errno)?.User;
        return errno == 0 ? number : throw FileException.Of($"look up the {(isGroup ? "group" : "user")} {name}", errno);
    }
}
