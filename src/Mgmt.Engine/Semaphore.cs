using System.Globalization;

namespace Mgmt.Engine;

/// <summary>A counting semaphore that resources share by its id.</summary>
/// <param name="Id">Its name: not empty, without a colon.</param>
/// <param name="Size">How many may hold it at once; at least 1.</param>
public readonly record struct Semaphore(string Id, int Size)
{
    /// <summary>Reads <c>id</c> or <c>id:size</c>.</summary>
    public static bool TryParse(string text, out Semaphore semaphore)
    {
        semaphore = default;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var id = colon < 0 ? text : text[..colon];
        var size = 1;
        if (id.Length == 0 || id.Any(char.IsWhiteSpace)) return false;
        if (colon >= 0 && !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out size)) return false;
        if (size < 1) return false;
        semaphore = new Semaphore(id, size);
        return true;
    }

    /// <summary><c>id:size</c>.</summary>
    public override string ToString() => $"{Id}:{Size}";
}
