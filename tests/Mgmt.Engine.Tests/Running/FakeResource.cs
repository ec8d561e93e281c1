using Mgmt.Engine.Kinds;

namespace Mgmt.Engine.Tests.Running;

/// <summary>A resource whose watch and check are the test's own.</summary>
internal sealed class FakeResource : IResource
{
    public bool IsQuick { get; init; }

    public Func<CheckRequest, CancellationToken, ValueTask<CheckResult>> Check { get; set; } = (_, _) => ValueTask.FromResult(CheckResult.InOrder);

    public Action<IWatchSink> Watch { get; init; } = _ => { };

    public IWatchSink? Sink { get; private set; }

    public int Watches { get; private set; }

    public int Closed { get; private set; }

    public ValueTask<IAsyncDisposable?> WatchAsync(IWatchSink sink, CancellationToken cancel)
    {
        Sink = sink;
        Watches++;
        Watch(sink);
        return ValueTask.FromResult<IAsyncDisposable?>(new OpenWatch(this));
    }

    public ValueTask<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancel) => Check(request, cancel);

    private sealed class OpenWatch(FakeResource resource) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            resource.Closed++;
            return ValueTask.CompletedTask;
        }
    }
}
