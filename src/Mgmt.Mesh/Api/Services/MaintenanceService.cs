using Google.Protobuf;
using Grpc.Core;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Api.Messages;
using Mgmt.Store;
using Mgmt.Store.Commands;

namespace Mgmt.Mesh.Api.Services;

/// <summary>Looking after the store. Some answers have no header, as etcd's.</summary>
internal sealed class MaintenanceService(StoreAccess store, Headers headers) : Wire.Maintenance.MaintenanceBase
{
    public override async Task<Wire.AlarmResponse> Alarm(Wire.AlarmRequest request, ServerCallContext context)
    {
        var isKnown = request.Action is >= 0 and <= Wire.AlarmRequest.Types.AlarmAction.Deactivate && request.Alarm is >= 0 and <= Wire.AlarmType.Corrupt;
        if (!isKnown) throw Failures.Of(Grpc.Core.StatusCode.InvalidArgument, "etcdserver: unknown alarm or action");
        var change = new Command.AlarmChange((AlarmAction)request.Action, new(request.MemberID, (AlarmKind)request.Alarm));
        var response = await store.ExecuteAsync<Response.Alarms>(change, context);
        var answer = new Wire.AlarmResponse();
        answer.Alarms.AddRange(response.Raised.Select(static one => new Wire.AlarmMember { MemberID = one.Member, Alarm = (Wire.AlarmType)one.Kind }));
        return answer;
    }

    public override Task<Wire.StatusResponse> Status(Wire.StatusRequest request, ServerCallContext context)
    {
        var (node, view, leadership) = (store.Node, store.Node.View, store.Node.Leadership);
        var answer = new Wire.StatusResponse
        {
            Header = headers.Of(view.Revision),
            Version = ApiVersion.Server,
            DbSize = node.HomeBytes,
            DbSizeInUse = view.Bytes,
            Leader = leadership.Leader,
            RaftIndex = (ulong)node.CommittedIndex,
            RaftAppliedIndex = (ulong)view.Index,
            RaftTerm = (ulong)leadership.Term,
            IsLearner = view.Members.TryGetValue(node.Member, out var self) && self.IsLearner,
        };
        if (!leadership.IsKnown) answer.Errors.Add(StoreError.NoLeader.Message);
        answer.Errors.AddRange(view.Alarms.Select(static one => $"memberID:{one.Member} alarm:{NameOf(one.Kind)} "));
        return Task.FromResult(answer);
    }

    public override async Task<Wire.DefragmentResponse> Defragment(Wire.DefragmentRequest request, ServerCallContext context)
    {
        var problem = await store.Node.DefragmentAsync(context.CancellationToken);
        return problem.Length == 0 ? new() : throw Failures.Of(Grpc.Core.StatusCode.Unknown, problem);
    }

    public override Task<Wire.HashResponse> Hash(Wire.HashRequest request, ServerCallContext context)
    {
        var view = store.Node.View;
        var hash = view.HashAll();
        return Task.FromResult(new Wire.HashResponse { Header = headers.Of(view.Revision), Hash = (uint)(hash ^ (hash >> 32)) });
    }

    public override Task<Wire.HashKVResponse> HashKV(Wire.HashKVRequest request, ServerCallContext context)
    {
        var view = store.Node.View;
        Failures.ThrowIf(view.HashKeys(request.Revision, out var hash));
        return Task.FromResult(new Wire.HashKVResponse { Header = headers.Of(view.Revision), Hash = hash, CompactRevision = view.CompactRevision });
    }

    public override async Task Snapshot(Wire.SnapshotRequest request, IServerStreamWriter<Wire.SnapshotResponse> responseStream, ServerCallContext context)
    {
        var view = await store.LatestAsync(context);
        var stream = OpenStream.Of(context);
        await stream.RunAsync(async cancel =>
        {
            foreach (var (blob, left) in SnapshotBody.Pieces(view))
            {
                cancel.ThrowIfCancellationRequested();
                await responseStream.WriteAsync(new() { Blob = UnsafeByteOperations.UnsafeWrap(blob), RemainingBytes = (ulong)left }, stream.Writing);
            }
        });
    }

    public override async Task<Wire.MoveLeaderResponse> MoveLeader(Wire.MoveLeaderRequest request, ServerCallContext context)
    {
        var node = store.Node;
        if (!node.Leadership.IsLocal) throw Failures.Of(StoreError.NotLeader);
        if (!node.Voters.Contains(request.TargetID)) throw Failures.Of(StoreError.BadTransferee);
        if (request.TargetID == node.Member) return new();
        using var limit = store.Limit(context);
        Failures.ThrowIf(await limit.WaitAsync(node.TransferAsync(request.TargetID, limit.Token), static error => error));
        return new();
    }

    private static string NameOf(AlarmKind kind) => kind switch
    {
        AlarmKind.NoSpace => "NOSPACE",
        AlarmKind.Corrupt => "CORRUPT",
        _ => "NONE",
    };
}
