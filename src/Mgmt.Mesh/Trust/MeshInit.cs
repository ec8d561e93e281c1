using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Mgmt.Mesh.Api.Calls;

namespace Mgmt.Mesh.Trust;

/// <summary>What became of making a mesh's authority.</summary>
/// <param name="Made">The files that were made, in their order; those that were there from an attempt that was cut off are not among them.</param>
/// <param name="Problem">Why it was not done, beginning with "cannot"; empty when it was.</param>
public sealed record InitResult(IReadOnlyList<string> Made, string Problem);

/// <summary>A host that founds a mesh.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Names">Names and addresses by which others reach it.</param>
public sealed record Founder(string Host, IReadOnlyList<string> Names);

/// <summary>Makes a mesh's authority, the identities of the hosts that found it, and a certificate for whoever runs it. What is there is never replaced.</summary>
public sealed class MeshInit(string prefix, TrustOptions options, TimeProvider time)
{
    /// <summary>The name in the certificate that is made for people.</summary>
    public const string OperatorName = "operator";

    private readonly TlsFolder _folder = new(prefix);
    private readonly List<string> _made = [];

    /// <summary>Makes all of it. One that was cut off half way is finished.</summary>
    /// <param name="first">This host.</param>
    /// <param name="others">Those that found the mesh along with it; what they need is below <see cref="TlsFolder.OfFounder"/>, to be carried there.</param>
    public InitResult Run(Founder first, params IReadOnlyList<Founder> others) => Guard(() =>
    {
        if (Refusal([first, .. others]) is { } refusal) return refusal;
        _folder.Make();
        _folder.Settle();
        if (Obstacle() is { } obstacle) return obstacle;
        using var authority = MakeAuthority();
        MakeOperator(authority);
        foreach (var other in others) MakeIdentity(authority, _folder.OfFounder(other.Host), other, authority.Certificate.ExportCertificatePem());

        // The last of all: with it there is a mesh.
        MakeIdentity(authority, _folder, first, null);
        return "";
    });

    /// <summary>Makes a new certificate for whoever runs the mesh, where the authority's key is; one that is there is replaced.</summary>
    public InitResult RenewOperator() => Guard(() =>
    {
        using var authority = MeshAuthority.Load(_folder);
        if (authority is null) return $"cannot make a certificate for an operator: {_folder.AuthorityKey} is missing; do it on the host where mgmt mesh init was run";
        File.Delete(_folder.OperatorCertificate);
        MakeOperator(authority);
        return "";
    });

    private InitResult Guard(Func<string> act)
    {
        try
        {
            var problem = act();
            return new(_made, problem);
        }
        catch (MeshException e)
        {
            return new(_made, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return new(_made, $"cannot write to {_folder.Folder}: {e.Message.TrimEnd('.')}; name a directory of this user with --prefix");
        }
    }

    private static string? Refusal(IReadOnlyList<Founder> founders)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (host, names) in founders)
        {
            if ((CertificateNames.HostRefusal(host) ?? CertificateNames.NamesRefusal(names)) is { } refusal) return $"cannot make an identity for host {host}: {refusal}";
            if (names.Append(host).Distinct(StringComparer.OrdinalIgnoreCase).FirstOrDefault(name => !CertificateNames.IsOfEveryHost(name) && !taken.Add(name)) is { } name) return $"cannot make an identity for host {host}: {name} is that of another founder";
        }

        return null;
    }

    private string? Obstacle()
    {
        var (hasKey, hasAuthority) = (File.Exists(_folder.AuthorityKey), File.Exists(_folder.Authority));
        if (_folder.HasIdentity && hasKey) return $"cannot make a mesh in {_folder.Folder}: there is one; let other hosts in with mgmt mesh token, or move the directory away to begin anew";
        if (_folder.HasIdentity || (hasAuthority && !hasKey)) return $"cannot make a mesh in {_folder.Folder}: this host belongs to one already; move the directory away to leave that mesh";
        return null;
    }

    // The key is written first: without its certificate nobody has ever trusted it.
    private MeshAuthority MakeAuthority()
    {
        if (File.Exists(_folder.Authority)) return MeshAuthority.Load(_folder)!;
        var authority = MeshAuthority.Create(time);
        TlsFolder.Write(_folder.AuthorityKey, authority.KeyPem);
        TlsFolder.Write(_folder.Authority, authority.Certificate.ExportCertificatePem());
        _made.AddRange([_folder.AuthorityKey, _folder.Authority]);
        return authority;
    }

    private void MakeIdentity(MeshAuthority authority, TlsFolder folder, Founder founder, string? authoritiesPem)
    {
        if (folder.HasIdentity) return;
        using var key = folder.NextKeyOrNew();
        using var certificate = authority.Issue(new(KeyOf(key), founder.Host, Role.Voter, founder.Names, options.Life), time.GetUtcNow());
        folder.Complete(certificate.ExportCertificatePem(), authoritiesPem);
        _made.AddRange(authoritiesPem is null ? [folder.Key, folder.Certificate] : [folder.Authority, folder.Key, folder.Certificate]);
    }

    private void MakeOperator(MeshAuthority authority)
    {
        if (File.Exists(_folder.OperatorCertificate)) return;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = authority.Issue(new(KeyOf(key), OperatorName, Role.Operator, [], options.OperatorLife), time.GetUtcNow());
        TlsFolder.Write(_folder.OperatorKey, key.ExportPkcs8PrivateKeyPem());
        TlsFolder.Write(_folder.OperatorCertificate, certificate.ExportCertificatePem());
        _made.AddRange([_folder.OperatorKey, _folder.OperatorCertificate]);
    }

    private static PublicKey KeyOf(ECDsa key) => new(key);
}
