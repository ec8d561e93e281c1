using Grpc.Core;
using Mgmt.Mesh.Api.Calls;

namespace Mgmt.Mesh.Api.Services;

/// <summary>What an operator asks of one member beside etcd's API.</summary>
internal sealed class CareService(StoreAccess store) : Wire.Care.CareBase
{
    public override async Task<Wire.ScrubResponse> Scrub(Wire.ScrubRequest request, ServerCallContext context)
    {
        if (await store.Node.ScrubAsync(context.CancellationToken) is not { } found) throw Failures.Of(StatusCode.FailedPrecondition, "this host keeps no store now");
        return new()
        {
            Home = found.Home, Records = found.Report.Documents, Bytes = found.Report.Bytes, Index = found.View.Index, Revision = found.View.Revision, Problems = { found.Report.Problems },
        };
    }
}
