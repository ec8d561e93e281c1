using System.Globalization;

namespace Mgmt.Linux.Inotify;

/// <summary>The kernel's limit of inotify watches, in words.</summary>
internal static class InotifyLimit
{
    private const string System = "fs.inotify.max_user_watches", Namespace = "user.max_inotify_watches";

    /// <summary>Which limit is reached, and what can be done.</summary>
    internal static string Words()
    {
        // In a user namespace of its own the second one counts, elsewhere they are the same.
        var (name, value) = (System, Read(System));
        if (Read(Namespace) is { } own && own < (value ?? long.MaxValue)) (name, value) = (Namespace, own);
        var known = value is null ? name : $"{name} = {value}";
        return $"the user's limit is reached ({known}); raise it with \"sysctl {name}={Suggest(value ?? 0)}\", or let the agent have CAP_SYS_ADMIN, with which one fanotify mark is enough";
    }

    private static long Suggest(long value) => Math.Max(524_288, (long)global::System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)Math.Min(value, int.MaxValue) * 2));

    private static long? Read(string sysctl)
    {
        try
        {
            return long.TryParse(File.ReadAllText("/proc/sys/" + sysctl.Replace('.', '/')), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
