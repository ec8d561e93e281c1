namespace Mgmt.Engine.Kinds;

/// <summary>The shape of a field's value in the graph file.</summary>
public enum FieldType
{
    /// <summary>A string.</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A whole number (<see cref="long"/>).</summary>
    Integer,

    /// <summary>A number with a fraction, or <c>.inf</c> (<see cref="double"/>).</summary>
    Number,

    /// <summary>A list of strings (<see cref="TextList"/>).</summary>
    List,

    /// <summary>A map from string to string (<see cref="TextMap"/>).</summary>
    Map,
}

/// <summary>
/// One field of a kind, declared once: the loader, the checks, the JSON Schema and the documentation are all derived from it.
/// </summary>
/// <param name="name">The key in the graph file.</param>
/// <param name="type">The shape of its value.</param>
/// <param name="summary">One sentence for the documentation, with the unit if there is one.</param>
public abstract class Field(string name, FieldType type, string summary)
{
    /// <summary>The key in the graph file.</summary>
    public string Name { get; } = name;

    /// <summary>The shape of its value.</summary>
    public FieldType Type { get; } = type;

    /// <summary>One sentence for the documentation.</summary>
    public string Summary { get; } = summary;

    /// <summary>The only values allowed, when there are few; empty when any is.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

    /// <summary>The smallest number allowed.</summary>
    public long Minimum { get; init; } = long.MinValue;

    /// <summary>The largest number allowed.</summary>
    public long Maximum { get; init; } = long.MaxValue;

    /// <summary>Where the field stands in its kind's <see cref="FieldSet"/>; set by it.</summary>
    internal int Ordinal { get; set; } = -1;

    /// <summary>The value of a field that was not written.</summary>
    public abstract object? DefaultValue { get; }

    /// <summary>
    /// Checks one written value of the type that <see cref="Type"/> names. The answer is null when it is right, else the end of
    /// a sentence that starts with "cannot use mode "9z": " (for example: <c>it is not an octal number such as "0644"</c>).
    /// </summary>
    public abstract string? Check(object value);
}

/// <summary>A field whose value is of type <typeparamref name="T"/>.</summary>
/// <typeparam name="T">string, bool, long, double, <see cref="TextList"/> or <see cref="TextMap"/>, as <see cref="Field.Type"/> says.</typeparam>
public sealed class Field<T>(string name, FieldType type, string summary, T defaultValue) : Field(name, type, summary)
{
    /// <summary>The value of a field that was not written.</summary>
    public T Default { get; } = defaultValue;

    /// <summary>A check beyond type, range and choice; see <see cref="Check"/> for what it answers.</summary>
    public Func<T, string?>? Rule { get; init; }

    /// <inheritdoc/>
    public override object? DefaultValue => Default;

    /// <inheritdoc/>
    public override string? Check(object value) => value switch
    {
        string text when OneOf.Count > 0 && !OneOf.Contains(text) => $"it is none of {string.Join(", ", OneOf)}",
        long number when number < Minimum => $"it is less than {Minimum}",
        long number when number > Maximum => $"it is more than {Maximum}",
        double number when double.IsNaN(number) || number < Minimum => $"it is less than {Minimum}",
        double number when number > Maximum && Maximum < long.MaxValue => $"it is more than {Maximum}",
        _ => Rule?.Invoke((T)value),
    };
}
