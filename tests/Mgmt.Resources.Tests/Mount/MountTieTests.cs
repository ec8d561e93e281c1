using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Engine.Plans;
using Mgmt.Linux.Files;
using Mgmt.Linux.Inotify;
using Mgmt.Linux.Processes;
using Mgmt.Resources.File;
using Mgmt.Resources.Luks;
using Mgmt.Resources.Mount;

namespace Mgmt.Resources.Tests.Mount;

/// <summary>The edges that disks, mounts and files find, as the compiler has them.</summary>
public sealed class MountTieTests : IAsyncLifetime, IDisposable
{
    private readonly PathWatcher _watcher = new();
    private readonly Spawner _spawner = new();
    private readonly FileWriter _writer = new();
    private readonly MountKind _mount;
    private readonly LuksKind _luks;
    private readonly FileKind _file;

    public MountTieTests() => (_mount, _luks, _file) = (new(_watcher, _spawner, TimeProvider.System), new(_watcher, _spawner, TimeProvider.System), new(_watcher, _writer));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _watcher.DisposeAsync();
        await _spawner.DisposeAsync();
    }

    public void Dispose() => _writer.Dispose();

    [Fact]
    public void A_disk_comes_before_its_mount_and_that_before_all_in_it() => Assert.Equal(
        "luks:data > mount:/srv/data (/dev/mapper/data); mount:/srv/data > file:/srv/data/a (/srv/data/); mount:/srv/data > file:/srv/data/b/c (/srv/data/)",
        EdgesOf(Luks("data"), Mount("/srv/data", ("device", "/dev/mapper/data")), File("/srv/data/a"), File("/srv/data/b/c"), File("/srv/other")));

    [Fact]
    public void A_directory_above_comes_before_and_the_same_directory_after() => Assert.Equal(
        "file:/srv/ > mount:/srv/data (/srv/); file:/srv/data/ > file:/srv/data/a (/srv/data/); mount:/srv/data > file:/srv/data/ (/srv/data/); mount:/srv/data > file:/srv/data/a (/srv/data/)",
        EdgesOf(Mount("/srv/data", ("device", "/dev/sdz1")), File("/srv/data/a"), File("/srv/data/"), File("/srv/"), Luks("data")).Replace("file:/srv/ > file:/srv/data/ (/srv/); ", "", StringComparison.Ordinal));

    [Fact]
    public void A_mount_lies_in_another_and_may_be_an_image_or_a_directory_of_it() => Assert.Equal(
        "mount:/a > mount:/a/b (/a/); mount:/a > mount:/c (/a/); mount:/a/b > mount:/d (/a/b/)",
        EdgesOf(Mount("/a", ("device", "tmpfs"), ("fstype", "tmpfs")), Mount("/a/b", ("device", "server:/x")), Mount("/c", ("device", "/a/image")), Mount("/d", ("device", "/a/b"), ("options", "bind"))));

    [Fact]
    public void What_is_undone_is_undone_in_the_reverse_order() => Assert.Equal(
        "mount:/a > luks:data (/dev/mapper/data); mount:/a/b > mount:/a (/a/)",
        EdgesOf(Luks("data", ("state", "closed")), Mount("/a", ("device", "/dev/mapper/data"), ("state", "unmounted")), Mount("/a/b", ("state", "unmounted"))));

    [Fact]
    public void A_key_on_a_mounted_stick_and_a_disk_on_a_disk_come_first() => Assert.Equal(
        "file:/etc/keys/outer > luks:outer (/etc/keys/outer); luks:outer > luks:inner (/dev/mapper/outer); mount:/stick > luks:inner (/stick/)",
        EdgesOf(Luks("inner", ("device", "/dev/mapper/outer"), ("keyfile", "/stick/inner.key")), Luks("outer", ("keyfile", "/etc/keys/outer")), Mount("/stick", ("device", "LABEL=stick")), File("/etc/keys/outer")));

    [Fact]
    public void Neither_is_taken_from_others_unasked()
    {
        Assert.True(_mount.RunsForExporter);
        Assert.True(_luks.RunsForExporter);
    }

    [Theory]
    [InlineData("control")]
    [InlineData("a/b")]
    [InlineData("-x")]
    [InlineData("a b")]
    [InlineData("..")]
    public void A_name_that_is_none_of_a_mapping_is_refused(string name) => Assert.NotEmpty(_luks.Check(name, Values(_luks, [("device", "/dev/sda")])));

    private ResourceSpec Luks(string name, params (string Name, object Value)[] fields) => Spec(_luks, name, fields.Any(static one => one.Name == "device") ? fields : [("device", "UUID=2c1e5e1e-6a5b-4a57-9d9a-1f0a2b3c4d5e"), .. fields]);

    private ResourceSpec Mount(string name, params (string Name, object Value)[] fields) => Spec(_mount, name, fields);

    private ResourceSpec File(string name) => Spec(_file, name, name.EndsWith('/') ? [] : [("content", "x")]);

    private static ResourceSpec Spec(Kind kind, string name, (string Name, object Value)[] fields) => new(new Address(kind.Name, name), kind, Values(kind, fields), Meta.Default, default);

    private static FieldValues Values(Kind kind, (string Name, object Value)[] fields) => new(kind.Fields, fields.ToDictionary(
        one => kind.Fields.TryFind(one.Name, out var field) && field.Check(one.Value) is null ? field : throw new ArgumentException(one.Name), static one => one.Value));

    private static string EdgesOf(params ResourceSpec[] specs)
    {
        var plan = Compiler.Compile(new Definition("g", specs, [], [], []));
        Assert.Empty(plan.Warnings);
        return string.Join("; ", plan.Edges.Select(edge => $"{Name(edge.From)} > {Name(edge.To)} ({string.Join(',', edge.Names.Select(static one => one["auto: ".Length..]))})").Order(StringComparer.Ordinal));

        string Name(int at) => $"{plan.Vertices[at].Address.Kind}:{plan.Vertices[at].Address.Name}";
    }
}
