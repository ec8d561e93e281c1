using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Google.Protobuf;

namespace Mgmt.Mesh.Client;

/// <summary>
/// Passphrases as bytes of messages. What is ours of them is pinned and wiped; what gRPC, HTTP and TLS copy into buffers of their own is not in our hands: those
/// are reused by the next call, and are never written to a disk or a log.
/// </summary>
public static class KeyBytes
{
    /// <summary>Takes a copy that <see cref="Wipe"/> leaves nothing of.</summary>
    public static ByteString Take(ReadOnlySpan<byte> key)
    {
        var pinned = GC.AllocateUninitializedArray<byte>(key.Length, pinned: true);
        key.CopyTo(pinned);
        return UnsafeByteOperations.UnsafeWrap(pinned);
    }

    /// <summary>Overwrites the bytes, in the message that has them too. It must not be used any more.</summary>
    public static void Wipe(ByteString key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (MemoryMarshal.TryGetArray(key.Memory, out var array) && array.Array is not null) CryptographicOperations.ZeroMemory(array.AsSpan());
    }
}
