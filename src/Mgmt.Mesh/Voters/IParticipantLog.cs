using Mgmt.Mesh.Api;

namespace Mgmt.Mesh.Voters;

/// <summary>Takes what an operator should know of a member, one sentence at a time. Called by any thread.</summary>
public interface IParticipantLog : IApiLog
{
    /// <summary>Something happened that is as it should be.</summary>
    void Say(string sentence);
}
