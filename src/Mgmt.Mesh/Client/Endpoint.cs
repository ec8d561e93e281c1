using System.Net;
using System.Net.Sockets;
using Mgmt.Mesh.Consensus;

namespace Mgmt.Mesh.Client;

/// <summary>Where a member's API answers.</summary>
public abstract record Endpoint
{
    /// <summary>The port of the store's API where none is written, as etcd's.</summary>
    public const int ApiPort = 2379;

    private Endpoint()
    {
    }

    /// <summary>A TCP port.</summary>
    public sealed record Tcp(PeerAddress Place) : Endpoint
    {
        /// <inheritdoc/>
        public override string ToString() => Place.ToString();

        internal override EndPoint Socket => IPAddress.TryParse(Place.Host, out var address) ? new IPEndPoint(address, Place.Port) : new DnsEndPoint(Place.Host, Place.Port);

        internal override string Host => Place.Host;

        internal override string Authority => Place.ToString();
    }

    /// <summary>The socket of the agent on this host.</summary>
    /// <param name="Path">Of the socket's file.</param>
    public sealed record Unix(string Path) : Endpoint
    {
        // A longer one does not fit into the kernel's address.
        internal const int LongestPath = 107;

        /// <inheritdoc/>
        public override string ToString() => $"unix:{Path}";

        internal override EndPoint Socket => new UnixDomainSocketEndPoint(Path);

        internal override string Host => "localhost";

        internal override string Authority => "localhost";
    }

    /// <summary>What to connect to.</summary>
    internal abstract EndPoint Socket { get; }

    /// <summary>What a server's certificate has to name.</summary>
    internal abstract string Host { get; }

    /// <summary>For the address of requests.</summary>
    internal abstract string Authority { get; }

    /// <summary>Whether only this host can reach an address. A name is trusted to be what it says only when it is localhost.</summary>
    public static bool IsLoopback(PeerAddress place) => IPAddress.TryParse(place.Host, out var address) ? IPAddress.IsLoopback(address) : place.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
