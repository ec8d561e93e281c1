using Mgmt.Mesh.Wire;

namespace Mgmt.Mesh.Api;

/// <summary>The agent beside the store, as those who run it ask for it.</summary>
public interface IHostTalk
{
    /// <summary>How its graph is.</summary>
    Task<DescribeResponse> DescribeAsync(DescribeRequest request, CancellationToken cancel);

    /// <summary>Opens an encrypted disk. The request's key is wiped before it returns.</summary>
    Task<KeyResponse> UnlockAsync(UnlockRequest request, CancellationToken cancel);

    /// <summary>Closes an encrypted disk, with all that is mounted from it.</summary>
    Task<KeyResponse> LockAsync(LockRequest request, CancellationToken cancel);
}
