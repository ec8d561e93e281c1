using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Api;

/// <summary>The agent beside the store, as those who run it ask for it.</summary>
public interface IHostTalk
{
    /// <summary>How its graph is.</summary>
    Task<DescribeResponse> DescribeAsync(DescribeRequest request, CancellationToken cancel);
}
