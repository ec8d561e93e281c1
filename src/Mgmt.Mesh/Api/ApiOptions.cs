using System.Net;

namespace Mgmt.Mesh.Api;

/// <summary>Where the API listens, and its bounds.</summary>
public sealed record ApiOptions
{
    /// <summary>The path of the unix socket, absolute; null is none. Only the owner may connect.</summary>
    public string? SocketPath { get; init; }

    /// <summary>The TCP addresses. Without <see cref="Tls"/> only loopback is accepted. A port of 0 is chosen by the system.</summary>
    public IReadOnlyList<IPEndPoint> Endpoints { get; init; } = [];

    /// <summary>How TCP connections are secured; null is not at all.</summary>
    public ApiTls? Tls { get; init; }

    /// <summary>Speaks for the agent beside the store; null when there is none.</summary>
    public IHostTalk? Host { get; init; }

    /// <summary>Answers what ends when the store is open, while the agent is just opening it; its host's own users wait for that, for a bounded time.</summary>
    public Func<Task> Opening { get; init; } = static () => Task.CompletedTask;

    /// <summary>The bounds.</summary>
    public ApiLimits Limits { get; init; } = new();

    /// <summary>After how long a quiet watch that asked for it is told how far it is: as in etcd, this and up to a tenth more.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Streams whose client insists on a leader end after three of these without one.</summary>
    public TimeSpan ElectionTimeout { get; init; } = TimeSpan.FromSeconds(1);
}
