using System.Buffers;
using System.Collections.Concurrent;

namespace Mgmt.Linux.Files;

/// <summary>
/// The numbers of users and groups, from wherever the host keeps them (files, LDAP, …). A name that was found is believed for a second, so that
/// thousands of files of one owner ask once; a name that was not found is asked again each time, since the same graph may be making the user.
/// </summary>
public sealed class Accounts(TimeProvider time)
{
    private const int MostNames = 1024;
    private const int FirstBuffer = 4 * 1024, LargestBuffer = 1024 * 1024;
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
        var number = Ask(new FileName(name), isGroup);
        if (number is not { } found) return null;
        if (_found.Count >= MostNames) _found.Clear();
        _found[(isGroup, name)] = (found, time.GetTimestamp());
        return found;
    }

    private static uint? Ask(FileName name, bool isGroup)
    {
        for (var size = FirstBuffer; ; size *= 4)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                var errno = isGroup ? AskGroup(name, buffer, out var number) : AskUser(name, buffer, out number);
                switch (errno)
                {
                    case 0: return number;
                    case Errno.Range when size < LargestBuffer: continue;
                    // The manual lists these as other ways to say that there is no such name.
                    case Errno.NoEntry or Errno.NotPermitted or Errno.NotOpen: return null;
                    default: throw FileException.Of($"look up the {(isGroup ? "group" : "user")} {name}", errno);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static int AskUser(FileName name, byte[] buffer, out uint? number)
    {
        var errno = FileNative.GetPwNamR(in name.Start, out var entry, ref buffer[0], (nuint)buffer.Length, out var found);
        number = found == 0 ? null : entry.Uid;
        return errno;
    }

    private static int AskGroup(FileName name, byte[] buffer, out uint? number)
    {
        var errno = FileNative.GetGrNamR(in name.Start, out var entry, ref buffer[0], (nuint)buffer.Length, out var found);
        number = found == 0 ? null : entry.Gid;
        return errno;
    }
}
