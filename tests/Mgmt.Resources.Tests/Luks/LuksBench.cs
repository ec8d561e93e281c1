using System.Text;
using Mgmt.Engine;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Memory;
using Mgmt.Resources.Luks;
using Mgmt.Resources.Tests.Exec;
using Mgmt.Resources.Tests.Mount;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Luks;

/// <summary>One encrypted disk with a stub for cryptsetup alone: its device, its file system and its mounts are real. The real cryptsetup is met by the acceptance tests, where the kernel has dm-crypt.</summary>
internal sealed class LuksBench : IAsyncDisposable
{
    internal const string Passphrase = "correct horse\tbattery ü";

    private readonly MountBench _mounts = new();

    internal LuksBench()
    {
        var stub = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../fixture/cryptsetup-stub/cryptsetup"));
        Shell.Run($"mkdir {Scratch.At("mapper")} {Scratch.At("uuid")} && cp {stub} {Scratch.At("cryptsetup")}");
        Scratch.Put("passphrase", Passphrase);
        Loop = _mounts.Loop();
        Kind = new LuksKind(_mounts.Watcher, _mounts.Spawner, TimeProvider.System, new LuksPlaces { Mapper = Scratch.At("mapper"), ByUuid = Scratch.At("uuid"), Program = Scratch.At("cryptsetup") });
    }

    internal Scratch Scratch => _mounts.Scratch;

    internal string Loop { get; }

    internal LuksKind Kind { get; }

    internal MountBench Mounts => _mounts;

    internal bool IsOpen => Path.Exists(Scratch.At("mapper/data"));

    /// <summary>A watched disk, and the sink that hears of it.</summary>
    internal async Task<(IResource Resource, Sink Sink, IAsyncDisposable Watch)> OpenAsync(params (string Name, object Value)[] fields)
    {
        var resource = Make(fields);
        var sink = new Sink();
        return (resource, sink, (await resource.WatchAsync(sink, default))!);
    }

    internal IResource Make(params (string Name, object Value)[] fields) =>
        Kind.Create(MountBench.Spec(Kind, "data", fields.Any(static one => one.Name == "device") ? fields : [("device", Loop), .. fields]));

    /// <summary>Gives an order, and has the check carry it out as the runner would.</summary>
    internal static async Task<(LuksAnswer Answer, CheckResult Result)> CarryOutAsync(IResource resource, Sink sink, Task<LuksAnswer> order, bool apply = true)
    {
        Assert.Equal("changed", await sink.NextAsync());
        var result = await MountBench.CheckAsync(resource, apply);
        return (await order.WaitAsync(ExecFixture.Deadline), result);
    }

    internal static LockedBytes Key(string text)
    {
        var key = new LockedBytes(LuksDesk.LongestKey);
        Assert.True(key.TryAppend(Encoding.UTF8.GetBytes(text)));
        return key;
    }

    public ValueTask DisposeAsync() => _mounts.DisposeAsync();
}
