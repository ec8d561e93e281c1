namespace Mgmt.Mesh.Trust;

/// <summary>Files that are secret.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Looks whether the owner alone may read and write it.</summary>
    /// <exception cref="MeshException">Others may.</exception>
    public static void Check(string path)
    {
        if ((File.GetUnixFileMode(path) & Others) != 0) throw new MeshException($"cannot use {path}: others may read or write it; chmod 600 it");
    }
}
