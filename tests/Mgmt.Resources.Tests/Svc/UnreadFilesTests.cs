using Mgmt.Resources.Svc;

namespace Mgmt.Resources.Tests.Svc;

/// <summary>Which files of a unit systemd has not read, on directories of the test's own and without a prefix.</summary>
public sealed class UnreadFilesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mgmt-unread-").FullName;
    private readonly UnreadFiles _files = new("");

    public UnreadFilesTests() => _files.Folders = [Make("etc"), Make("run"), _root + "/none", Make("lib")];

    [Fact]
    public void A_drop_in_is_unread_unless_it_was_read_or_one_of_its_name_stands_above_it()
    {
        var upper = Write("etc/a.service.d/x.conf");
        var lower = Write("lib/a.service.d/x.conf");
        Assert.True(_files.HasDropIn("a.service", []));
        Assert.True(_files.HasDropIn("a.service", [lower]));
        Assert.False(_files.HasDropIn("a.service", [upper]));
        Assert.False(_files.HasDropIn("b.service", []));
        Write("run/service.d/all.conf");
        Assert.True(_files.HasDropIn("b.service", []));
    }

    [Fact]
    public void An_ignored_state_is_ignored_until_anything_changes()
    {
        var file = Write("etc/a.service.d/x.conf");
        _files.Ignore("a.service", _files.Find("a.service", "loaded enabled"));
        Assert.Equal("", _files.Find("a.service", "loaded enabled"));
        Assert.NotEqual("", _files.Find("a.service", "not-found enabled"));
        Assert.NotEqual("", _files.Find("b.service", "loaded enabled"));
        System.IO.File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.NotEqual("", _files.Find("a.service", "loaded enabled"));
        _files.Ignore("a.service", _files.Find("a.service", "loaded enabled"));
        System.IO.File.CreateSymbolicLink(_root + "/lib/a.service", "/nowhere");
        Assert.NotEqual("", _files.Find("a.service", "loaded enabled"));
    }

    [Fact]
    public void A_file_is_newer_by_when_it_came_there_whatever_its_own_time()
    {
        var begun = (ulong)(DateTime.UtcNow.AddMinutes(-1) - DateTime.UnixEpoch).TotalMicroseconds;
        var file = Write("lib/a.service");
        System.IO.File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch); // as of a file from a package
        Assert.True(_files.IsAnyNewer(["", "/nowhere", file], begun));
        Assert.False(_files.IsAnyNewer(["", "/nowhere", file], begun + 120_000_000));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Make(string folder) => Directory.CreateDirectory($"{_root}/{folder}").FullName;

    private string Write(string name)
    {
        Make(Path.GetDirectoryName(name)!);
        System.IO.File.WriteAllText($"{_root}/{name}", "");
        return $"{_root}/{name}";
    }
}
