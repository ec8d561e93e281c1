using System.Buffers.Binary;
using System.Net;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.Membership;

namespace Mgmt.Mesh.Raft.Log;

/// <summary>The voters on the disk, with the index of the entry that named them.</summary>
internal sealed class VoterFile : IClusterConfigurationStorage<EndPoint>
{
    private readonly Lock _gate = new();
    private readonly SlotFile _file;

    private VoterFile(SlotFile file)
    {
        _file = file;
        if (file.Content is not { Length: >= 8 } content) return;
        (Version, Voters, IsKnown) = (BinaryPrimitives.ReadInt64LittleEndian(content), VoterSet.Parse(content.AsSpan(8)), true);
    }

    public event Func<IClusterConfiguration<EndPoint>, CancellationToken, ValueTask>? ConfigurationChanged;

    /// <summary>Whether the file holds voters at all, be it nobody.</summary>
    public bool IsKnown { get; private set; }

    public VoterSet Voters { get; private set; } = VoterSet.Nobody;

    public long Version { get; private set; }

    public static VoterFile Open(string path) => new(SlotFile.Open(path, 4096));

    /// <summary>Writes the voters, unless later ones are known.</summary>
    public bool Save(VoterSet voters, long version)
    {
        lock (_gate)
        {
            if (IsKnown && version <= Version) return false;
            var content = new byte[8 + voters.Bytes.Length];
            BinaryPrimitives.WriteInt64LittleEndian(content, version);
            voters.Bytes.Span.CopyTo(content.AsSpan(8));
            _file.Write(content);
            (Version, Voters, IsKnown) = (version, voters, true);
            return true;
        }
    }

    public async ValueTask<bool> SaveConfigurationAsync<TConfiguration>(TConfiguration configuration, long configurationVersion, CancellationToken token = default)
        where TConfiguration : IDataTransferObject
    {
        var bytes = new BoundedBuffer(_file.MaxLength);
        await configuration.WriteToAsync(bytes, token);
        var voters = VoterSet.Parse(bytes.Written.Span);
        if (!Save(voters, configurationVersion)) return false;
        if (ConfigurationChanged is { } changed) await changed(voters, token);
        return true;
    }

    public ValueTask<IClusterConfiguration<EndPoint>> LoadConfigurationAsync(CancellationToken token = default) => new(Voters);

    ValueTask<(IDataTransferObject Configuration, long Version)> IClusterConfigurationStorage.LoadConfigurationAsync(CancellationToken token)
    {
        lock (_gate) return new((Voters, Version));
    }

    public void Dispose() => _file.Dispose();
}
