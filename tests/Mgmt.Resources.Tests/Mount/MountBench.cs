using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Inotify;
using Mgmt.Linux.Mounts;
using Mgmt.Linux.Processes;
using Mgmt.Resources.Mount;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Mount;

/// <summary>A mount kind on a scratch directory: whatever is mounted there, and every loop device of a file there, is gone after it.</summary>
internal sealed class MountBench : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    internal MountBench()
    {
        Watcher = new PathWatcher(Faults.Add);
        Kind = new MountKind(Watcher, Spawner, TimeProvider.System);
        Kind.KeepState(Scratch.At("state"));
    }

    internal Scratch Scratch { get; } = new();

    internal List<Exception> Faults { get; } = [];

    internal PathWatcher Watcher { get; }

    internal Spawner Spawner { get; } = new();

    internal MountKind Kind { get; }

    internal IResource Make(string path, params (string Name, object Value)[] fields) => Kind.Create(Spec(Kind, path, fields));

    internal static ResourceSpec Spec(Kind kind, string name, params (string Name, object Value)[] fields)
    {
        var written = new Dictionary<Field, object>();
        foreach (var (field, value) in fields)
        {
            Assert.True(kind.Fields.TryFind(field, out var found), field);
            Assert.Null(found.Check(value));
            written.Add(found, value);
        }

        var values = new FieldValues(kind.Fields, written);
        Assert.Empty(kind.Check(name, values).Select(static one => one.Message));
        return new ResourceSpec(new Address(kind.Name, name), kind, values, Meta.Default, default);
    }

    internal static Task<CheckResult> CheckAsync(IResource resource, bool apply = true) => resource.CheckAsync(new CheckRequest(apply, CheckReasons.Definition), default).AsTask().WaitAsync(Deadline);

    internal static async Task DoneAsync(IResource resource, string expected)
    {
        var result = await CheckAsync(resource);
        Assert.Equal($"{Outcome.Changed}: {expected}", $"{result.Outcome}: {result.Wrong}; {result.Done}");
        Assert.Equal(CheckResult.InOrder, await CheckAsync(resource));
    }

    /// <summary>What is on top at a path.</summary>
    internal static MountEntry? At(string path) => MountInfo.Read().LastOrDefault(one => one.Point == path);

    /// <summary>An image with a file system of a few MiB.</summary>
    internal string Image(string name = "image")
    {
        Shell.Run($"truncate -s 8M {Scratch.At(name)} && mkfs.ext4 -q -F {Scratch.At(name)}");
        return Scratch.At(name);
    }

    /// <summary>A loop device with an image.</summary>
    internal string Loop(string name = "image") => Shell.Run($"losetup -f --show {Image(name)}").Trim();

    public async ValueTask DisposeAsync()
    {
        await Spawner.DisposeAsync();
        await Watcher.DisposeAsync();
        Shell.Run($"awk '{{print $5}}' /proc/self/mountinfo | grep '^{Scratch.Path}/' | tac | xargs -r -n1 umount -l; losetup -O NAME,BACK-FILE -n | awk '$2 ~ \"^{Scratch.Path}/\" {{print $1}}' | xargs -r losetup -d");
        Scratch.Dispose();
        Assert.Empty(Faults);
    }
}
