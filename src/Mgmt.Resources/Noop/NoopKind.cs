using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Noop;

/// <summary>Does nothing, and is always in order: a point that edges can meet in.</summary>
public sealed class NoopKind : Kind
{
    private static readonly FieldSet NoFields = new();
    private static readonly NoopResource Only = new();

    /// <inheritdoc/>
    public override string Name => "noop";

    /// <inheritdoc/>
    public override string Summary => "Does nothing: a point that edges can meet in.";

    /// <inheritdoc/>
    public override FieldSet Fields => NoFields;

    /// <inheritdoc/>
    public override bool RunsForExporter => false;

    /// <inheritdoc/>
    public override bool CanGroup(ResourceSpec one, ResourceSpec other) => true;

    /// <inheritdoc/>
    public override IResource Create(ResourceSpec spec) => Only;

    private sealed class NoopResource : IResource
    {
        public bool IsQuick => true;

        public ValueTask<IAsyncDisposable?> WatchAsync(IWatchSink sink, CancellationToken cancel) => ValueTask.FromResult<IAsyncDisposable?>(null);

        public ValueTask<CheckResult> CheckAsync(CheckRequest request, CancellationToken cancel) => ValueTask.FromResult(CheckResult.InOrder);
    }
}
