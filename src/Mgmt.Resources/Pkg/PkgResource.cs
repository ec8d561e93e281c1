using Mgmt.Engine.Kinds;
using Mgmt.Linux.Bus;
using Mgmt.Linux.Files;

namespace Mgmt.Resources.Pkg;

/// <summary>One package. What is in order needs neither the bus nor PackageKit; what is not, and meets an absence, is checked again when it is over.</summary>
internal sealed class PkgResource(PkgWish wish, PackageHost host) : IJointResource
{
    private PkgWatch? _watch;

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable?> WatchAsync(IWatchSink sink, CancellationToken cancel)
    {
        try
        {
            // Only PackageKit hears that there is a newer one.
            if (wish.State == PkgFields.Newest || !host.HasDpkg) await host.PackageKit.Signals.OpenAsync(cancel);
            return _watch = PkgWatch.Open(host, wish, sink);
        }
        catch (Exception error) when (error is BusException or FileException)
        {
            throw new ResourceException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancel) =>
        (await CheckTogetherAsync([new JointCheck(this, request)], cancel))[0];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<CheckResult>> CheckTogetherAsync(IReadOnlyList<JointCheck> members, CancellationToken cancel)
    {
        var resources = members.Select(static one => (PkgResource)one.Resource).ToList();
        var check = new PkgCheck(host, [.. resources.Zip(members, static (resource, member) => (resource.Wish, member.Request.Apply))]);
        try
        {
            var results = await check.RunAsync(cancel);
            for (var i = 0; i < resources.Count; i++) resources[i].Conclude(check.Members[i], results[i]);
            return results;
        }
        catch (Exception error) when (error is BusException or FileException or PackageKitException)
        {
            foreach (var resource in resources) resource._watch?.WaitForPackageKit();
            return [.. resources.Select(resource => CheckResult.Failed(resource.Describe(error)))];
        }
    }

    private PkgWish Wish => wish;

    private void Conclude(PkgMember member, CheckResult result)
    {
        if (_watch is not { } watch) return;
        if (result.Outcome != Outcome.Failed) watch.Recover();
        else if (member.NeedsPackageKit) watch.WaitForPackageKit();
        else if (member.Tries > 0) watch.Rest();
        watch.Note(member.Facts, result.Outcome is Outcome.InOrder or Outcome.Changed);
    }

    private string Describe(Exception error) =>
        error.Message.StartsWith("cannot ", StringComparison.Ordinal) ? error.Message : $"cannot look at package {wish.Package.Text}: {error.Message}";
}
