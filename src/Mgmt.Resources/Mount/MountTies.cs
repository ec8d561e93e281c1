using Mgmt.Engine.Kinds;
using Mgmt.Resources.File;

namespace Mgmt.Resources.Mount;

/// <summary>How mounts, their devices and what lies in them find each other.</summary>
internal static class MountTies
{
    /// <summary>A device that comes with a resource.</summary>
    internal static Identity Device(string path) => new("device", path);

    /// <summary>A device that is to be let go.</summary>
    internal static Identity Released(string path) => new("released", path);

    /// <summary>The directory that something is mounted at; it ends in "/". Whoever keeps the directory itself comes after the mount, as it means what is seen there.</summary>
    internal static Identity Point(string folder) => new("mount", folder);

    internal static Ties Of(MountWish wish)
    {
        var folder = wish.Path + "/";
        Identity[] own = [Identity.Path(folder), Point(folder)];
        if (wish.IsMounted) return new(own, [new(PathText.Above(folder).Select(Identity.Path)), .. OfDevice(wish.Device)]);

        // What lies in another one that is to go, goes first.
        Identity[] device = MountSource.PathOf(wish.Device) is { } path ? [Released(path)] : [];
        return new([.. own, new("unmounting", folder), .. device], [new(PathText.Above(folder).Select(static one => new Identity("unmounting", one)), WishOrder.Before)]);
    }

    /// <summary>The wishes for what a device is: one that a resource brings, an image, a directory, or what is nearest above.</summary>
    internal static IEnumerable<EdgeWish> OfDevice(string device)
    {
        if (MountSource.PathOf(device) is not { } path) yield break;
        yield return new([Device(path)]);
        if (path.StartsWith("/dev/", StringComparison.Ordinal)) yield break;
        var joined = PathText.Join(path, "", "").TrimEnd('/');
        yield return new([Identity.Path(joined), Identity.Path(joined + "/"), .. PathText.Above(joined).Select(Identity.Path)]);
    }
}
