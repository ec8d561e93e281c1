using System.Globalization;
using Mgmt.Engine.Kinds;
using Mgmt.Linux.Mounts;
using Mgmt.Resources.Luks;
using Mgmt.Resources.Tests.Mount;
using Mgmt.Tests;

namespace Mgmt.Resources.Tests.Luks;

public sealed class LuksTests : IAsyncLifetime
{
    private static readonly CheckResult NeedsKey = CheckResult.Waiting("needs a key", "run: mgmt unlock data");

    private readonly LuksBench _bench = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _bench.DisposeAsync().AsTask();

    [RootFact]
    public async Task A_closed_disk_waits_for_its_passphrase()
    {
        var (resource, sink, watch) = await _bench.OpenAsync();
        await using var end = watch;
        Assert.Equal(NeedsKey, await MountBench.CheckAsync(resource));

        var (answer, result) = await LuksBench.CarryOutAsync(resource, sink, _bench.Kind.Desk.UnlockAsync("data", null, default));
        Assert.Equal((LuksOutcome.NeedsKey, NeedsKey), (answer.Outcome, result));

        using var wrong = LuksBench.Key("wrong");
        (answer, result) = await LuksBench.CarryOutAsync(resource, sink, _bench.Kind.Desk.UnlockAsync("data", wrong, default));
        Assert.Equal((LuksOutcome.WrongKey, NeedsKey), (answer.Outcome, result));
        Assert.False(_bench.IsOpen);

        using var key = LuksBench.Key(LuksBench.Passphrase);
        (answer, result) = await LuksBench.CarryOutAsync(resource, sink, _bench.Kind.Desk.UnlockAsync("data", key, default));
        Assert.Equal((LuksOutcome.Done, "data is unlocked"), (answer.Outcome, answer.Message));
        Assert.Equal(CheckResult.Changed("closed", "opened with a passphrase"), result);
        Assert.Equal(LuksBench.Passphrase, System.Text.Encoding.UTF8.GetString(key.Bytes));

        // What makes the mapping is an event of its own.
        Assert.Equal("changed", await sink.NextAsync());
        Assert.Equal(CheckResult.InOrder, await MountBench.CheckAsync(resource));

        // Neither arguments nor variables had it.
        Assert.DoesNotContain("correct horse", _bench.Scratch.Read("calls"), StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", _bench.Scratch.Read("calls"), StringComparison.Ordinal);
    }

    [RootFact]
    public async Task A_lock_unmounts_all_that_is_on_the_disk_and_holds_until_it_is_unlocked()
    {
        var (resource, sink, watch) = await _bench.OpenAsync();
        await using var end = watch;
        using var key = LuksBench.Key(LuksBench.Passphrase);
        await LuksBench.CarryOutAsync(resource, sink, _bench.Kind.Desk.UnlockAsync("data", key, default));
        var scratch = _bench.Scratch;
        Shell.Run($"cd {scratch.Path} && mkdir root again under && mount mapper/data root && mkdir root/in && mount -t tmpfs tmpfs root/in && mount --bind root again && mount -t tmpfs tmpfs under");

        using (System.IO.File.Create(scratch.At("root/in/open")))
        {
            var (refused, kept) = await LuksBench.CarryOutAsync(resource, await Settled(sink), _bench.Kind.Desk.LockAsync("data", default));
            Assert.Equal((LuksOutcome.Failed, true), (refused.Outcome, refused.Message.Contains("target is busy", StringComparison.Ordinal)));
            Assert.Equal(CheckResult.InOrder, kept);
            Assert.True(_bench.IsOpen);
        }

        var (answer, result) = await LuksBench.CarryOutAsync(resource, await Settled(sink), _bench.Kind.Desk.LockAsync("data", default));
        Assert.Equal((LuksOutcome.Done, "data is locked"), (answer.Outcome, answer.Message));
        Assert.Equal(CheckResult.Waiting("locked on request, needs a key", "run: mgmt unlock data"), result);
        Assert.False(_bench.IsOpen);
        Assert.Equal([scratch.At("under")], MountInfo.Read().Where(one => one.Point.StartsWith(scratch.Path, StringComparison.Ordinal)).Select(static one => one.Point));
    }

    [RootFact]
    public async Task A_key_file_opens_it_when_it_appears_and_not_after_a_lock()
    {
        var file = _bench.Scratch.At("stick/key");
        var (resource, sink, watch) = await _bench.OpenAsync(("keyfile", file));
        await using var end = watch;
        Assert.Equal($"needs a key, and there is no {file}", (await MountBench.CheckAsync(resource)).Wrong);
        Shell.Run($"mkdir {_bench.Scratch.At("stick")} && printf '%s' '{LuksBench.Passphrase}' >{file}");
        Assert.Equal("changed", await sink.NextAsync());
        Assert.Equal($"would open it with {file}", (await MountBench.CheckAsync(resource, apply: false)).Done);
        Assert.Equal($"opened with {file}", (await MountBench.CheckAsync(resource)).Done);

        await LuksBench.CarryOutAsync(resource, await Settled(sink), _bench.Kind.Desk.LockAsync("data", default));
        Assert.Equal(Outcome.Waiting, (await MountBench.CheckAsync(resource)).Outcome);
        Assert.False(_bench.IsOpen);

        var (answer, result) = await LuksBench.CarryOutAsync(resource, await Settled(sink), _bench.Kind.Desk.UnlockAsync("data", null, default));
        Assert.Equal((LuksOutcome.Done, Outcome.Changed), (answer.Outcome, result.Outcome));
    }

    [RootFact]
    public async Task One_that_is_to_be_closed_is_closed_once_nothing_uses_it()
    {
        Shell.Run($"cd {_bench.Scratch.Path} && ln -s {_bench.Loop} mapper/data && mkdir root && mount mapper/data root");
        var resource = _bench.Make(("state", "closed"));
        var result = await MountBench.CheckAsync(resource);
        Assert.Equal("cannot close data: Device data is still in use; end what uses it (lsblk, fuser -vm)", result.Wrong);
        Shell.Run($"umount {_bench.Scratch.At("root")}");
        Assert.Equal(CheckResult.Changed("open", "closed"), await MountBench.CheckAsync(resource));
        Assert.Equal(CheckResult.InOrder, await MountBench.CheckAsync(resource));
    }

    [RootFact]
    public async Task A_device_is_found_by_its_uuid_and_waited_for()
    {
        const string written = "2C1E5E1E-6a5b-4a57-9d9a-1f0a2b3c4d5e", uuid = "2c1e5e1e-6a5b-4a57-9d9a-1f0a2b3c4d5e";
        var (resource, sink, watch) = await _bench.OpenAsync(("device", $"UUID={written}"));
        await using var end = watch;
        Assert.StartsWith("cannot open data: there is no ", (await MountBench.CheckAsync(resource)).Wrong, StringComparison.Ordinal);
        Shell.Run($"ln -s {_bench.Loop} {_bench.Scratch.At($"uuid/{uuid}")}");
        Assert.Equal("changed", await sink.NextAsync()); // by the event, or by the end of the rest
        Assert.Equal(NeedsKey, await MountBench.CheckAsync(resource));
    }

    [RootFact]
    public async Task What_nobody_may_change_is_not_unlocked()
    {
        var (resource, sink, watch) = await _bench.OpenAsync();
        using var key = LuksBench.Key(LuksBench.Passphrase);
        var (answer, result) = await LuksBench.CarryOutAsync(resource, sink, _bench.Kind.Desk.UnlockAsync("data", key, default), apply: false);
        Assert.Equal((LuksOutcome.Failed, NeedsKey, false), (answer.Outcome, result, _bench.IsOpen));
        Assert.Equal(LuksOutcome.Unknown, (await _bench.Kind.Desk.UnlockAsync("date", key, default)).Outcome);

        // Who asks while it is not its turn may give up, and is told when there is nobody any more.
        using var impatient = new CancellationTokenSource();
        var asked = _bench.Kind.Desk.UnlockAsync("data", key, impatient.Token);
        Assert.Equal("somebody else unlocks or locks data at this moment; try again", (await _bench.Kind.Desk.LockAsync("data", default)).Message);
        await impatient.CancelAsync();
        Assert.Equal(LuksOutcome.Failed, (await asked).Outcome);
        asked = _bench.Kind.Desk.UnlockAsync("data", key, default);
        await watch.DisposeAsync();
        Assert.Equal(LuksOutcome.Failed, (await asked).Outcome);
        Assert.Equal(LuksOutcome.Unknown, (await _bench.Kind.Desk.LockAsync("data", default)).Outcome);
    }

    /// <summary>As the kernel tells of mappings; the tree is made up, as not every kernel here has device-mapper.</summary>
    [RootTheory]
    [InlineData("CRYPT-LUKS2-2c1e5e1e-data", true, "")]
    [InlineData("CRYPT-LUKS2-2c1e5e1e-data", false, "a mapping of sdb1")]
    [InlineData("LVM-abc", true, "the mapping LVM-abc")]
    [InlineData("", true, "a mapping that is not encrypted")]
    public void A_mapping_of_something_else_is_told(string uuid, bool isOfDevice, string other)
    {
        var number = DeviceNumber.Say(DeviceNumber.OfBlockDevice(_bench.Loop)!.Value);
        var folder = _bench.Scratch.At(string.Create(CultureInfo.InvariantCulture, $"sys/dev/block/{number}"));
        Shell.Run($"mkdir -p {folder}/dm {folder}/slaves/sdb1 && echo '{uuid}' >{folder}/dm/uuid && echo {(isOfDevice ? number : "8:17")} >{folder}/slaves/sdb1/dev && ln -s {_bench.Loop} {_bench.Scratch.At("mapper/data")}");
        var mapping = Mapping.Look(new LuksWish("data", _bench.Loop, true, ""), new LuksPlaces { Mapper = _bench.Scratch.At("mapper"), Sys = _bench.Scratch.At("sys") });
        Assert.Equal(other, mapping!.Other);
    }

    // What the events of the last step brought is not the next one's.
    private async Task<Exec.Sink> Settled(Exec.Sink sink)
    {
        await _bench.Mounts.Watcher.DrainAsync(default);
        while (sink.Count > 0) await sink.NextAsync();
        return sink;
    }
}

/// <summary>A theory that needs to be root.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "needs root";
    }
}
