using Mgmt.Engine;
using Mgmt.Engine.Kinds;

namespace Mgmt.Resources.Timer;

/// <summary>Fires each time that an interval passes, which its successors see as a change.</summary>
/// <param name="time">The clock; a monotonic one.</param>
public sealed class TimerKind(TimeProvider time) : Kind
{
    private static readonly Field<long> Interval = new(
        "interval", FieldType.Integer, "Seconds from one firing to the next, and from the start to the first; required.", 0) { Minimum = 1, Maximum = int.MaxValue };

    private static readonly FieldSet AllFields = new(Interval);

    /// <inheritdoc/>
    public override string Name => "timer";

    /// <inheritdoc/>
    public override string Summary => "Fires each time that an interval passes, which its successors see as a change.";

    /// <inheritdoc/>
    public override FieldSet Fields => AllFields;

    /// <inheritdoc/>
    public override bool RunsForExporter => false;

    /// <inheritdoc/>
    public override IEnumerable<FieldProblem> Check(string name, FieldValues values)
    {
        if (!values.Has(Interval)) yield return new FieldProblem(null, "cannot do without interval: write the seconds between two firings");
    }

    /// <inheritdoc/>
    public override IResource Create(ResourceSpec spec) => new TimerResource(TimeSpan.FromSeconds(spec.Values.Get(Interval)), time);
}
