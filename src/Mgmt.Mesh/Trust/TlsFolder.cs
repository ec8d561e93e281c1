using System.Security.Cryptography;
using System.Text;
using Mgmt.Linux.Files;

namespace Mgmt.Mesh.Trust;

/// <summary>
/// Where an agent keeps who it is: PREFIX/tls. A new key and its certificate are written beside the old ones, and take their places when both are there; a
/// crash at any point leaves the old pair, or is finished by <see cref="Settle"/>.
/// </summary>
/// <param name="Prefix">The agent's state directory.</param>
public sealed record TlsFolder(string Prefix)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The directory of everything below.</summary>
    public string Folder => Path.Combine(Prefix, "tls");

    /// <summary>This host's certificate, in PEM as all others.</summary>
    public string Certificate => Path.Combine(Folder, "cert.pem");

    /// <summary>Its key.</summary>
    public string Key => Path.Combine(Folder, "key.pem");

    /// <summary>The mesh's authority.</summary>
    public string Authority => Path.Combine(Folder, "ca.pem");

    /// <summary>Its key: who has it signs certificates.</summary>
    public string AuthorityKey => Path.Combine(Folder, "ca.key");

    /// <summary>A certificate for people and their tools.</summary>
    public string OperatorCertificate => Path.Combine(Folder, "operator.pem");

    /// <summary>Its key.</summary>
    public string OperatorKey => Path.Combine(Folder, "operator.key");

    /// <summary>The serial numbers that are known to be revoked.</summary>
    public string Revoked => Path.Combine(Folder, "revoked");

    /// <summary>Whether there is an identity, or one that only has to be put into its place.</summary>
    public bool HasIdentity => File.Exists(Certificate) || File.Exists(NextCertificate);

    /// <summary>What another host is to begin with, until it has been carried into its own state directory.</summary>
    public TlsFolder OfFounder(string host) => new(Path.Combine(Founders, host));

    /// <summary>Those of all founders that are still here.</summary>
    internal IEnumerable<TlsFolder> AllFounders => Directory.Exists(Founders) ? Directory.EnumerateDirectories(Founders).Select(static one => new TlsFolder(one)) : [];

    private string Founders => Path.Combine(Prefix, "founders");

    internal string NextKey => Path.Combine(Folder, "next.key");

    internal string NextCertificate => Path.Combine(Folder, "next.pem");

    /// <summary>Makes the directory, for its owner alone.</summary>
    public void Make()
    {
        Directory.CreateDirectory(Folder, OwnerOnly);
        File.SetUnixFileMode(Folder, OwnerOnly);
    }

    /// <summary>The key for the next certificate. It is on the disk before it is used, and the same until the certificate comes: asking again is asking for the same.</summary>
    /// <exception cref="CryptographicException">The file is no key.</exception>
    internal ECDsa NextKeyOrNew()
    {
        Make();
        Settle();
        if (!File.Exists(NextKey))
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            Write(NextKey, made.ExportPkcs8PrivateKeyPem());
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(NextKey));
            return key;
        }
        catch (ArgumentException e)
        {
            key.Dispose();
            throw new CryptographicException($"{NextKey} is no key: remove it", e);
        }
    }

    /// <summary>Takes the certificate for the next key, and puts both into their places.</summary>
    internal void Complete(string certificatePem, string? authoritiesPem)
    {
        if (authoritiesPem is not null) Write(Authority, authoritiesPem);
        Write(NextCertificate, certificatePem);
        Settle();
    }

    /// <summary>Finishes what was cut off: the certificate is written last, so that with it there everything is.</summary>
    internal void Settle()
    {
        if (!File.Exists(NextCertificate)) return;
        if (File.Exists(NextKey)) File.Move(NextKey, Key, overwrite: true);
        DurableFile.FlushFolder(Folder);
        File.Move(NextCertificate, Certificate, overwrite: true);
        DurableFile.FlushFolder(Folder);
    }

    internal static void Write(string path, string pem) => DurableFile.Write(path, Encoding.ASCII.GetBytes(pem + "\n"));
}
