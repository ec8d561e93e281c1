using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Mgmt.Engine.Kinds;

/// <summary>The fields of one kind, in the order in which they are documented. A field belongs to one set alone.</summary>
public sealed class FieldSet : IReadOnlyList<Field>
{
    private readonly Field[] _fields;
    private readonly Dictionary<string, Field> _byName;

    /// <summary>Gathers the fields and gives each its place.</summary>
    public FieldSet(params Field[] fields)
    {
        _fields = fields;
        _byName = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i].Ordinal >= 0) throw new ArgumentException($"field {fields[i].Name} belongs to another set", nameof(fields));
            fields[i].Ordinal = i;
        }
    }

    /// <inheritdoc/>
    public int Count => _fields.Length;

    /// <inheritdoc/>
    public Field this[int index] => _fields[index];

    /// <summary>Finds a field by its key in the graph file.</summary>
    public bool TryFind(string name, [MaybeNullWhen(false)] out Field field) => _byName.TryGetValue(name, out field);

    /// <inheritdoc/>
    public IEnumerator<Field> GetEnumerator() => ((IEnumerable<Field>)_fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _fields.GetEnumerator();
}

/// <summary>The values that one resource gives to its kind's fields. Immutable; compares by value, a written default being the same as none.</summary>
public sealed class FieldValues : IEquatable<FieldValues>
{
    private readonly FieldSet _fields;
    private readonly object?[] _values;

    /// <summary>Takes the written values; a field that is missing from them has its default.</summary>
    public FieldValues(FieldSet fields, IReadOnlyDictionary<Field, object>? written = null)
    {
        _fields = fields;
        _values = new object?[fields.Count];
        if (written is null) return;
        foreach (var (field, value) in written) _values[field.Ordinal] = value;
    }

    /// <summary>The fields that were written, with their values, in the order of the set.</summary>
    public IEnumerable<KeyValuePair<Field, object>> Written
    {
        get
        {
            for (var i = 0; i < _values.Length; i++)
            {
                if (_values[i] is { } value) yield return new(_fields[i], value);
            }
        }
    }

    /// <summary>The value of a field, or its default.</summary>
    public T Get<T>(Field<T> field) => _values[field.Ordinal] is T value ? value : field.Default;

    /// <summary>Whether the field was written in the graph file.</summary>
    public bool Has(Field field) => _values[field.Ordinal] is not null;

    /// <inheritdoc/>
    public bool Equals(FieldValues? other)
    {
        // A reload shares the values of what did not change.
        if (ReferenceEquals(this, other)) return true;
        if (other is null || !ReferenceEquals(_fields, other._fields)) return false;
        for (var i = 0; i < _values.Length; i++)
        {
            var byDefault = _fields[i].DefaultValue;
            if (!Equals(_values[i] ?? byDefault, other._values[i] ?? byDefault)) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FieldValues);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Length;
}
