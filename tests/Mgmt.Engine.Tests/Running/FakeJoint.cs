using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Tests.Running;

/// <summary>A resource that can be checked together with others; how, the test says.</summary>
internal sealed class FakeJoint : IJointResource
{
    public Func<IReadOnlyList<JointCheck>, CancellationToken, ValueTask<IReadOnlyList<CheckResult>>> Together { get; set; } =
        (members, _) => ValueTask.FromResult<IReadOnlyList<CheckResult>>([.. members.Select(_ => CheckResult.InOrder)]);

    public IWatchSink? Sink { get; private set; }

    public ValueTask<IAsyncDisposable?> WatchAsync(IWatchSink sink, CancellationToken cancel)
    {
        Sink = sink;
        return ValueTask.FromResult<IAsyncDisposable?>(null);
    }

    public async ValueTask<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancel) =>
        (await CheckTogetherAsync([new JointCheck(this, request)], cancel))[0];

    public ValueTask<IReadOnlyList<CheckResult>> CheckTogetherAsync(IReadOnlyList<JointCheck> members, CancellationToken cancel) => Together(members, cancel);
}
