using System.Diagnostics;

namespace Mgmt.Robustness.Voters;

/// <summary>A small file system in a file, mounted where only its voter sees it: gone with the voter's process, and there again at its next start.</summary>
internal sealed class SmallDisk
{
    private readonly string _image;
    private readonly string _place;
    private readonly int _mebibytes;
    private string _remove = "";

    public SmallDisk(string image, string place, int mebibytes)
    {
        (_image, _place, _mebibytes) = (image, place, mebibytes);
        Format();
    }

    /// <summary>Mounts it, in a shell.</summary>
    public string MountCommand => $"mount -o loop '{_image}' '{_place}'" + (_remove.Length > 0 ? $" && rm -f '{_place}/{_remove}'" : "");

    public void RemoveAtMount(string name) => _remove = name;

    public void Format()
    {
        File.Delete(_image);
        using (var image = File.Create(_image)) image.SetLength((long)_mebibytes << 20);
        using var make = Process.Start(new ProcessStartInfo("mkfs.ext4", ["-q", "-m", "0", "-O", "^has_journal", _image]))!;
        make.WaitForExit();
        if (make.ExitCode != 0) throw new InvalidOperationException($"mkfs.ext4 ended with {make.ExitCode}");
    }
}
