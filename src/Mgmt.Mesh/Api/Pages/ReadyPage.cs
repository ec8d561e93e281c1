using Mgmt.Mesh.Node;
using Microsoft.AspNetCore.Http;

namespace Mgmt.Mesh.Api.Pages;

/// <summary>
/// GET /readyz, as etcd's but for free: it asks nobody. 200: this agent keeps the store and knows a leader. 503: it knows none now. 410: it keeps no store,
/// and whoever follows it should follow another.
/// </summary>
internal sealed class ReadyPage(IStoreNode node)
{
    public Task AnswerAsync(HttpContext context)
    {
        var (status, word) = node switch
        {
            { Voters.Count: 0 } => (StatusCodes.Status410Gone, "keeps no store"),
            { Leadership.IsKnown: false } => (StatusCodes.Status503ServiceUnavailable, "knows no leader"),
            _ => (StatusCodes.Status200OK, "ok"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(word + "\n", context.RequestAborted);
    }
}
