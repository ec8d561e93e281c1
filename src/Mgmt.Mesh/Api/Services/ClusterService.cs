using Google.Protobuf.Collections;
using Grpc.Core;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Api.Messages;
using Mgmt.Store;

namespace Mgmt.Mesh.Api.Services;

/// <summary>Members. Headers of these answers have no revision, as etcd's.</summary>
internal sealed class ClusterService(StoreAccess store, Headers headers, IMembership membership) : Wire.Cluster.ClusterBase
{
    private const int MostUrls = 16;
    private const int LongestUrl = 1024;

    public override Task<Wire.MemberListResponse> MemberList(Wire.MemberListRequest request, ServerCallContext context)
    {
        var answer = new Wire.MemberListResponse { Header = headers.Of(0) };
        answer.Members.AddRange(All());
        return Task.FromResult(answer);
    }

    public override async Task<Wire.MemberAddResponse> MemberAdd(Wire.MemberAddRequest request, ServerCallContext context)
    {
        CheckUrls(request.PeerURLs);
        var member = await ChangeAsync(cancel => membership.AddAsync(request.PeerURLs, request.IsLearner, cancel), context);
        var answer = new Wire.MemberAddResponse { Header = headers.Of(0), Member = All().FirstOrDefault(one => one.ID == member) ?? new() { ID = member } };
        answer.Members.AddRange(All());
        return answer;
    }

    public override async Task<Wire.MemberRemoveResponse> MemberRemove(Wire.MemberRemoveRequest request, ServerCallContext context)
    {
        await CheckKnownAsync(request.ID, context);
        await ChangeAsync(cancel => membership.RemoveAsync(request.ID, cancel), context);
        var answer = new Wire.MemberRemoveResponse { Header = headers.Of(0) };
        answer.Members.AddRange(All());
        return answer;
    }

    public override async Task<Wire.MemberUpdateResponse> MemberUpdate(Wire.MemberUpdateRequest request, ServerCallContext context)
    {
        CheckUrls(request.PeerURLs);
        await CheckKnownAsync(request.ID, context);
        await ChangeAsync(cancel => membership.UpdateAsync(request.ID, request.PeerURLs, cancel), context);
        var answer = new Wire.MemberUpdateResponse { Header = headers.Of(0) };
        answer.Members.AddRange(All());
        return answer;
    }

    public override async Task<Wire.MemberPromoteResponse> MemberPromote(Wire.MemberPromoteRequest request, ServerCallContext context)
    {
        await CheckKnownAsync(request.ID, context);
        await ChangeAsync(cancel => membership.PromoteAsync(request.ID, cancel), context);
        var answer = new Wire.MemberPromoteResponse { Header = headers.Of(0) };
        answer.Members.AddRange(All());
        return answer;
    }

    private async ValueTask CheckKnownAsync(ulong member, ServerCallContext context)
    {
        if (!(await store.LatestAsync(context)).Members.ContainsKey(member)) throw Failures.Of(StoreError.MemberNotFound);
    }

    private async ValueTask<ulong> ChangeAsync(Func<CancellationToken, ValueTask<MemberChange>> change, ServerCallContext context)
    {
        using var limit = store.Limit(context);
        var made = await limit.WaitAsync(change(limit.Token), static error => new(0, error));
        Failures.ThrowIf(made.Error);
        return made.Member;
    }

    private static void CheckUrls(RepeatedField<string> urls)
    {
        var isSound = urls.Count is > 0 and <= MostUrls && urls.All(static one => one.Length <= LongestUrl && IsPeerUrl(one));
        if (!isSound) throw Failures.Of(Grpc.Core.StatusCode.InvalidArgument, "etcdserver: given member URLs are invalid");
    }

    private static bool IsPeerUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.AbsolutePath == "/" && text.TrimEnd('/').EndsWith($":{url.Port}", StringComparison.Ordinal);

    private IEnumerable<Wire.Member> All()
    {
        foreach (var one in store.Node.View.Members.Values)
        {
            var member = new Wire.Member { ID = one.Id, Name = one.Name, IsLearner = one.IsLearner };
            member.PeerURLs.AddRange(one.PeerUrls);
            member.ClientURLs.AddRange(one.ClientUrls);
            yield return member;
        }
    }
}
