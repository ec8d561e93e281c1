namespace Mgmt.Mesh.Client;

/// <summary>Where the store is, and how it is spoken to.</summary>
/// <param name="Endpoints">At least one; they are tried in turn.</param>
/// <param name="Tls">Who we are and whom we trust; null is plain, as on the agent's own socket.</param>
/// <param name="Timeout">How long each endpoint may take to answer a request.</param>
public sealed record StoreAddress(IReadOnlyList<Endpoint> Endpoints, TlsFiles? Tls, TimeSpan Timeout)
{
    /// <summary>The host that has to be there, by its certificate, whatever else the certificate names; empty for any host of the mesh.</summary>
    public string Host { get; init; } = "";

    /// <summary>How long a request may take unless something else is said, as with etcd's tools.</summary>
    public static TimeSpan UsualTimeout { get; } = TimeSpan.FromSeconds(5);
}

/// <summary>The files of mutual TLS, in PEM.</summary>
/// <param name="Authority">The certificates of those who sign members' certificates.</param>
/// <param name="Certificate">Our certificate, and those between it and the authority.</param>
/// <param name="Key">Its private key.</param>
public sealed record TlsFiles(string Authority, string Certificate, string Key);
