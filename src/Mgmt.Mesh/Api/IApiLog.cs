namespace Mgmt.Mesh.Api;

/// <summary>Takes what an operator should know of the API's server, one sentence at a time. Called by any thread.</summary>
public interface IApiLog
{
    /// <summary>Something went wrong that no client was at fault for.</summary>
    void Warn(string sentence);
}
