using Mgmt.Mesh.Node;

namespace Mgmt.Mesh.Api.Messages;

/// <summary>The header of answers.</summary>
internal sealed class Headers(IStoreNode node)
{
    /// <summary>With a revision; 0 is left out, as etcd does where an answer has none.</summary>
    public Wire.ResponseHeader Of(long revision) => new()
    {
        ClusterId = node.Cluster,
        MemberId = node.Member,
        Revision = revision,
        RaftTerm = (ulong)node.Leadership.Term,
    };

    /// <summary>With the revision of the state that this member has now.</summary>
    public Wire.ResponseHeader Now() => Of(node.View.Revision);
}
