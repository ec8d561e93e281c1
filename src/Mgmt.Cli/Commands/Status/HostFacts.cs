using Mgmt.Cli.Commands.Mesh;
using Mgmt.Mesh.Client;
using Mgmt.Mesh.Wire;

namespace Mgmt.Cli.Commands.Status;

/// <summary>What was read of a host and its mesh at one moment.</summary>
/// <param name="Self">How its graph is; null when its agent does not tell.</param>
/// <param name="Mesh">The mesh as it sees it; null when it could not be read, or there is none.</param>
/// <param name="Failure">Why one of them is missing.</param>
internal sealed record HostFacts(DescribeResponse? Self, MeshFacts? Mesh, StoreFailure? Failure)
{
    // A screenful of what is not in order; the rest is counted.
    private const uint MostResources = 200;

    /// <summary>Reads both.</summary>
    public static async Task<HostFacts> ReadAsync(StoreClient client, MeshReader reader, CancellationToken cancel)
    {
        var self = await client.DescribeAsync(new() { MostResources = MostResources }, cancel);
        if (self.Failure is { Kind: FailureKind.Unreachable }) return new(null, null, self.Failure);
        if (self.Value is { Alone: true }) return new(self.Value, null, null);
        var (mesh, failure) = await reader.ReadAsync(askMembers: true, mayBeStale: true, cancel);
        return new(self.Value, mesh, failure ?? self.Failure);
    }

    /// <summary>Without what changes by the mere passing of time.</summary>
    public HostFacts Timeless()
    {
        if (Self is null) return this;
        var self = Self.Clone();
        foreach (var one in self.Resources) one.Seconds = 0;
        return this with { Self = self };
    }
}
