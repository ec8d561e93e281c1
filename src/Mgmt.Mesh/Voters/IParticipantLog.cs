using Mgmt.Mesh.Api;

namespace Mgmt.Mesh.Voters;

/// <summary>Takes what an operator should know of a member, one sentence at a time. Called by any thread.</summary>
public interface IParticipantLog : IApiLog
{
    /// <summary>Something happened that is as it should be.</summary>
    void Say(string sentence);

    /// <summary>The same, about another host.</summary>
    void Say(string sentence, string peer) => Say(sentence);

    /// <summary>Something is wrong that is about another host.</summary>
    void Warn(string sentence, string peer) => Warn(sentence);
}
