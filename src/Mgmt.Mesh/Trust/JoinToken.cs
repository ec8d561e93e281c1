using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Mgmt.Mesh.Trust;

/// <summary>
/// What lets one host into the mesh, once: a secret, of which the mesh knows only the hash, and the pin of the mesh's authority, by which the host knows that
/// it speaks with the right mesh before it says the secret. Its text is secret; <see cref="ToString"/> does not show it.
/// </summary>
public sealed class JoinToken
{
    private const string Start = "mgmt1.";
    private const int SecretBytes = 32, PinBytes = SHA256.HashSizeInBytes;

    private readonly byte[] _secret;
    private readonly byte[] _pin;

    private JoinToken(byte[] secret, byte[] pin) => (_secret, _pin) = (secret, pin);

    /// <summary>The text that people hand on.</summary>
    public string Text => Start + Base64Url.EncodeToString([.. _secret, .. _pin]);

    /// <summary>What is secret of it.</summary>
    internal ReadOnlyMemory<byte> Secret => _secret;

    /// <summary>Makes a token for the mesh of an authority.</summary>
    public static JoinToken Make(X509Certificate2 authority) => new(RandomNumberGenerator.GetBytes(SecretBytes), PinOf(authority));

    /// <summary>Reads a token's text; white space around it does not matter.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JoinToken? token)
    {
        token = null;
        var trimmed = text.Trim();
        if (!trimmed.StartsWith(Start, StringComparison.Ordinal) || trimmed.Length > 200) return false;
        var coded = Encoding.ASCII.GetBytes(trimmed[Start.Length..]);
        var bytes = new byte[SecretBytes + PinBytes];
        try
        {
            if (!Base64Url.TryDecodeFromUtf8(coded, bytes, out var written) || written != bytes.Length) return false;
        }
        catch (FormatException)
        {
            return false;
        }

        token = new(bytes[..SecretBytes], bytes[SecretBytes..]);
        return true;
    }

    /// <summary>Whether an authority is the one that the token is for.</summary>
    public bool IsFor(X509Certificate2 authority) => CryptographicOperations.FixedTimeEquals(_pin, PinOf(authority));

    /// <inheritdoc/>
    public override string ToString() => Start + "(secret)";

    private static byte[] PinOf(X509Certificate2 authority) => SHA256.HashData(authority.RawData);

    /// <summary>Whether what somebody sent can be a secret.</summary>
    internal static bool IsSecret(ReadOnlySpan<byte> secret) => secret.Length == SecretBytes;

    /// <summary>Where the store knows of a token: by its secret's hash.</summary>
    internal static string KeyOf(ReadOnlySpan<byte> secret) => TrustKeys.Tokens + Convert.ToHexStringLower(SHA256.HashData(secret));
}
