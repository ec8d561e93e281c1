using Mgmt.Store;

namespace Mgmt.Mesh.Api;

/// <summary>How much clients may ask for at once. What is over is refused with "too many requests".</summary>
public sealed record ApiLimits
{
    /// <summary>The longest message in bytes: a request and etcd's allowance beside it. It is also where answers are parted for watches that want fragments.</summary>
    public const int MessageBytes = Limits.RequestBytes + (512 * 1024);

    /// <summary>Connections, of all kinds.</summary>
    public int Connections { get; init; } = 4096;

    /// <summary>Calls at once on one connection; a client waits for its turn.</summary>
    public int CallsPerConnection { get; init; } = 1024;

    /// <summary>Requests with one answer that are on their way.</summary>
    public int Requests { get; init; } = 8192;

    /// <summary>Open streams.</summary>
    public int Streams { get; init; } = 4096;

    /// <summary>Watches on one stream.</summary>
    public int WatchesPerStream { get; init; } = 16_384;

    /// <summary>Watches on all streams.</summary>
    public int Watches { get; init; } = 65_536;

    /// <summary>How long a request may take whose client names no deadline, or a later one: etcd's five seconds and two election timeouts.</summary>
    public TimeSpan RequestTime { get; init; } = TimeSpan.FromSeconds(7);
}
