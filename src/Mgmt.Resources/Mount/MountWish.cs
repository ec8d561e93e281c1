using Mgmt.Engine.Kinds;
using Mgmt.Resources.File;

namespace Mgmt.Resources.Mount;

/// <summary>What is wanted of one directory.</summary>
/// <param name="Device">What is to be mounted, as written; empty for any, where it is to be unmounted.</param>
/// <param name="Path">The directory, without a slash at its end.</param>
/// <param name="Type">The file system's type, or empty.</param>
/// <param name="Options">The options, as written.</param>
/// <param name="IsMounted">Whether it is to be mounted.</param>
internal sealed record MountWish(string Device, string Path, string Type, string Options, bool IsMounted)
{
    /// <summary>Whether it is another view of a directory.</summary>
    internal bool IsBind => MountOptions.Split(Options).Any(static one => one is "bind" or "rbind");

    internal static MountWish From(string name, FieldValues values) =>
        new(values.Get(MountFields.Device), PathOf(name, values), values.Get(MountFields.Type), values.Get(MountFields.Options), values.Get(MountFields.State) == MountFields.Mounted);

    internal static string PathOf(string name, FieldValues values) => PathText.Join(values.Get(MountFields.Path) is { Length: > 0 } path ? path : name, "", "").TrimEnd('/');
}
