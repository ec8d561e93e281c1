using Mgmt.Mesh.Node;
using Mgmt.Mesh.Place;
using Mgmt.Store.Home;
using Mgmt.Store.Machine;

namespace Mgmt.Mesh.Tests;

/// <summary>A whole node of one member over <see cref="SoloConsensus"/>, with a real home in a directory of its own.</summary>
internal sealed class SoloNode : IAsyncDisposable
{
    private readonly string _folder;

    private SoloNode(string folder, StoreNode node, SoloConsensus consensus, List<string> warnings) => (_folder, Node, Consensus, Warnings) = (folder, node, consensus, warnings);

    public StoreNode Node { get; }

    public SoloConsensus Consensus { get; }

    public IReadOnlyList<string> Warnings { get; }

    public static SoloNode Start(NodeOptions? options = null, TimeProvider? time = null, HomeIdentity? of = null)
    {
        var folder = Directory.CreateTempSubdirectory("mgmt-solo-").FullName;
        var identity = of ?? new HomeIdentity(0xc0ffee, 0x11);
        var place = new StorePlace(folder);
        Directory.CreateDirectory(place.Folder);
        var home = StoreHome.Create(place.Home, identity, StoreView.Empty(identity.Cluster));
        var warnings = new List<string>();
        var node = new StoreNode(place, identity, home, options ?? new NodeOptions(), time ?? TimeProvider.System, (ulong)Random.Shared.NextInt64(), warnings.Add);
        var consensus = new SoloConsensus(node.Replica, identity.Member);
        node.Join(consensus);
        return new(folder, node, consensus, warnings);
    }

    public async ValueTask DisposeAsync()
    {
        await Consensus.DisposeAsync();
        await Node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
