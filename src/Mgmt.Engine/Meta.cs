using Mgmt.Engine.Kinds;

namespace Mgmt.Engine;

/// <summary>What the runner knows of a resource apart from its kind: the fields under <c>meta</c>, which every kind has.</summary>
public sealed record Meta
{
    private static readonly Field<bool> AutoEdgeField = new("autoedge", FieldType.Boolean, "Whether edges are found for it automatically.", true);
    private static readonly Field<bool> AutoGroupField = new("autogroup", FieldType.Boolean, "Whether it may be grouped with others.", true);
    private static readonly Field<bool> NoopField = new("noop", FieldType.Boolean, "Say what would be done, and change nothing.", false);
    private static readonly Field<long> RetryField = new("retry", FieldType.Integer, "How often a failure is tried again; -1 is for ever.", 0) { Minimum = -1, Maximum = int.MaxValue };
    private static readonly Field<long> DelayField = new("delay", FieldType.Integer, "Milliseconds between tries.", 0) { Minimum = 0, Maximum = int.MaxValue };
    private static readonly Field<long> PollField = new("poll", FieldType.Integer, "Seconds between checks without an event; 0 is never.", 0) { Minimum = 0, Maximum = int.MaxValue / 1000 };
    private static readonly Field<double> LimitField = new("limit", FieldType.Number, "Runs per second at most, on the average.", double.PositiveInfinity) { Minimum = 0, Rule = limit => limit > 0 ? null : "nothing could ever run" };
    private static readonly Field<long> BurstField = new("burst", FieldType.Integer, "Runs at once where a limit is set; 0 counts as 1.", 0) { Minimum = 0, Maximum = int.MaxValue };
    private static readonly Field<TextList> SemaField = new("sema", FieldType.List, "Counting semaphores to hold while running: \"id:2\"; \"id\" alone means 1.", TextList.Empty) { Rule = CheckSemaphores };
    private static readonly Field<long> TimeoutField = new("timeout", FieldType.Integer, "Milliseconds that one check may take; 0 is any.", 0) { Minimum = 0, Maximum = int.MaxValue };

    /// <summary>The fields under <c>meta</c>.</summary>
    public static FieldSet Fields { get; } = new(
        AutoEdgeField, AutoGroupField, NoopField, RetryField, DelayField, PollField, LimitField, BurstField, SemaField, TimeoutField);

    /// <summary>The defaults, which hold whether or not <c>meta</c> is written.</summary>
    public static Meta Default { get; } = new(new FieldValues(Fields));

    private readonly FieldValues _values;

    /// <summary>Takes checked values of <see cref="Fields"/>.</summary>
    public Meta(FieldValues values)
    {
        _values = values;
        Semaphores = [.. values.Get(SemaField).Select(text => Semaphore.TryParse(text, out var one) ? one : throw new ArgumentException(text))];
    }

    /// <summary>What of it was written.</summary>
    public FieldValues Values => _values;

    /// <summary>
    /// What of it holds where the resource is collected: whether it takes part in edges and groups, and whether it may change anything. How often and how long it runs is for the host to say
    /// that runs it.
    /// </summary>
    public Meta Collected => new(new FieldValues(Fields, _values.Written.Where(one => one.Key == AutoEdgeField || one.Key == AutoGroupField || one.Key == NoopField).ToDictionary()));

    /// <summary>Whether edges are found for it automatically.</summary>
    public bool AutoEdge => _values.Get(AutoEdgeField);

    /// <summary>Whether it may be grouped with others.</summary>
    public bool AutoGroup => _values.Get(AutoGroupField);

    /// <summary>Say what would be done, and change nothing.</summary>
    public bool Noop => _values.Get(NoopField);

    /// <summary>How often a failure is tried again; -1 is for ever.</summary>
    public long Retry => _values.Get(RetryField);

    /// <summary>The time between tries.</summary>
    public TimeSpan Delay => TimeSpan.FromMilliseconds(_values.Get(DelayField));

    /// <summary>The time between checks without an event; zero is never.</summary>
    public TimeSpan Poll => TimeSpan.FromSeconds(_values.Get(PollField));

    /// <summary>Runs per second at most, on the average; infinity is without limit.</summary>
    public double Limit => _values.Get(LimitField);

    /// <summary>Runs at once where a limit is set; at least 1.</summary>
    public long Burst => Math.Max(1, _values.Get(BurstField));

    /// <summary>Semaphores to hold while running.</summary>
    public IReadOnlyList<Semaphore> Semaphores { get; }

    /// <summary>The time that one check may take; zero is any.</summary>
    public TimeSpan Timeout => TimeSpan.FromMilliseconds(_values.Get(TimeoutField));

    /// <inheritdoc/>
    public bool Equals(Meta? other) => other is not null && _values.Equals(other._values);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.GetHashCode();

    private static string? CheckSemaphores(TextList texts)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (!Semaphore.TryParse(text, out var one)) return $"\"{text}\" is not a semaphore such as \"id\" or \"id:2\"";
            if (!seen.Add(one.Id)) return $"semaphore \"{one.Id}\" is named twice";
        }

        return null;
    }
}
