using Mgmt.Store.Home;
using Mgmt.Store.Machine;

namespace Mgmt.Store.Tests.Home;

/// <summary>A directory of its own for one home.</summary>
internal sealed class Place : IDisposable
{
    public static readonly HomeIdentity Ours = new(7, 0x11);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mgmt-store-");

    public string Path => System.IO.Path.Combine(_directory.FullName, "store.db");

    public string LogPath => HomeFile.LogOf(Path);

    public StoreHome Create(StoreView view) => StoreHome.Create(Path, Ours, view);

    public HomeOpening Open() => StoreHome.Open(Path, Ours);

    public StoreHome Reopen()
    {
        var opening = Open();
        return Assert.IsType<HomeOpening.Opened>(opening, exactMatch: true).Home;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
