using Mgmt.Store;

namespace Mgmt.Mesh.Voters;

/// <summary>Why members are not changed, in etcd's words.</summary>
internal static class MemberErrors
{
    public static StoreError BadUrls { get; } = new(StatusCode.InvalidArgument, "etcdserver: given member URLs are invalid");

    public static StoreError UrlExists { get; } = new(StatusCode.FailedPrecondition, "etcdserver: Peer URLs already exists");

    public static StoreError NotLearner { get; } = new(StatusCode.FailedPrecondition, "etcdserver: can only promote a learner member");

    public static StoreError NotReady { get; } = new(StatusCode.FailedPrecondition, "etcdserver: can only promote a learner member which is in sync with leader");
}
