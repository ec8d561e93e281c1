namespace Mgmt.Linux.Bus;

/// <summary>A method call.</summary>
/// <param name="Destination">The well-known name of the service.</param>
/// <param name="Path">The object.</param>
/// <param name="Interface">The interface.</param>
/// <param name="Member">The method.</param>
/// <param name="Signature">The types of the arguments: <c>s o g b y n q i u x t d</c>, arrays, structs, maps and variants of them.</param>
/// <param name="Arguments">
/// The values, in that order: string, bool, byte, short, ushort, int, uint, long, ulong, double; any enumerable for an array and for a struct;
/// <see cref="KeyValuePair{TKey,TValue}"/> of string and object for the entry of a map; <see cref="BusVariant"/> for a variant.
/// </param>
public sealed record BusCall(string Destination, string Path, string Interface, string Member, string Signature = "", params IReadOnlyList<object> Arguments)
{
    /// <summary>How long to wait for the answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(25);
}

/// <summary>A value that carries its type.</summary>
/// <param name="Signature">The type of the value.</param>
/// <param name="Value">The value, as for <see cref="BusCall.Arguments"/>.</param>
public sealed record BusVariant(string Signature, object Value);

/// <summary>A signal that was heard.</summary>
/// <param name="Path">The object that sent it.</param>
/// <param name="Member">Its name.</param>
/// <param name="Body">What it carries.</param>
public sealed record BusSignal(string Path, string Member, BusBody Body);
