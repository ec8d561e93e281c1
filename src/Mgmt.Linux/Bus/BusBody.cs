namespace Mgmt.Linux.Bus;

/// <summary>
/// The values that a message carries. Strings, object paths and signatures are strings; numbers and booleans are themselves; an array or a struct
/// is a list; a map with strings as keys is a dictionary; a variant is the value in it.
/// </summary>
public sealed class BusBody(IReadOnlyList<object> values)
{
    /// <summary>How many there are.</summary>
    public int Count => values.Count;

    /// <summary>One of the values.</summary>
    public object this[int index] => values[index];

    /// <summary>A string, object path or signature; empty when the message carries something else there.</summary>
    public string Text(int index) => index < values.Count && values[index] is string text ? text : "";

    /// <summary>A boolean; false when the message carries something else there.</summary>
    public bool Flag(int index) => index < values.Count && values[index] is true;

    /// <summary>A map; empty when the message carries something else there.</summary>
    public IReadOnlyDictionary<string, object> Map(int index) =>
        index < values.Count && values[index] is IReadOnlyDictionary<string, object> map ? map : new Dictionary<string, object>();

    /// <summary>An array or a struct; empty when the message carries something else there.</summary>
    public IReadOnlyList<object> List(int index) => index < values.Count && values[index] is IReadOnlyList<object> list ? list : [];
}
