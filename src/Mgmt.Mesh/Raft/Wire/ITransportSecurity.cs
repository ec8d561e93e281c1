using Mgmt.Mesh.Consensus;

namespace Mgmt.Mesh.Raft.Wire;

/// <summary>Makes sure of who is at the other end of a connection. Both ends do their part before anything else is said.</summary>
public interface ITransportSecurity
{
    /// <summary>Does the part of the one that connected.</summary>
    /// <param name="connection">The connected stream; who asks closes it when this throws.</param>
    /// <param name="member">Who is to be at the other end.</param>
    /// <param name="address">Where it was found.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>The stream to go on with; closing it closes the connection.</returns>
    /// <exception cref="IOException">It is somebody else, or the connection broke.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">It is somebody else.</exception>
    ValueTask<Stream> AuthenticateAsClientAsync(Stream connection, ulong member, PeerAddress address, CancellationToken cancel);

    /// <summary>Does the part of the one that was connected to.</summary>
    /// <exception cref="IOException">The caller may not call, or the connection broke.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The caller may not call.</exception>
    ValueTask<Caller> AuthenticateAsServerAsync(Stream connection, CancellationToken cancel);
}

/// <summary>Who called.</summary>
/// <param name="Stream">The stream to go on with; closing it closes the connection.</param>
/// <param name="Member">The member that it is, so that it cannot say it were another; null when that is not known.</param>
public readonly record struct Caller(Stream Stream, ulong? Member);

/// <summary>No security: for one host, and for tests.</summary>
public sealed class PlainTransport : ITransportSecurity
{
    /// <summary>The only one there need be.</summary>
    public static PlainTransport Instance { get; } = new();

    /// <inheritdoc/>
    public ValueTask<Stream> AuthenticateAsClientAsync(Stream connection, ulong member, PeerAddress address, CancellationToken cancel) => new(connection);

    /// <inheritdoc/>
    public ValueTask<Caller> AuthenticateAsServerAsync(Stream connection, CancellationToken cancel) => new(new Caller(connection, null));
}
