using Mgmt.Mesh.Api.Messages;
using Mgmt.Store;
using Mgmt.Store.Watches;

namespace Mgmt.Mesh.Api.Watches;

/// <summary>What a client wants to watch, in the store's words.</summary>
internal static class WatchCreation
{
    private static readonly Bytes SmallestKey = Bytes.Own([0]);

    public static WatchRequest Read(Wire.WatchCreateRequest request)
    {
        var keys = Requests.Keys(request.Key, request.RangeEnd);
        if (keys.Key.IsEmpty) keys = keys with { Key = SmallestKey };
        return new(keys)
        {
            StartRevision = request.StartRevision,
            NoPut = request.Filters.Contains(Wire.WatchCreateRequest.Types.FilterType.Noput),
            NoDelete = request.Filters.Contains(Wire.WatchCreateRequest.Types.FilterType.Nodelete),
        };
    }
}
