using Mgmt.Mesh.Node;
using Mgmt.Store;
using Microsoft.AspNetCore.Http;

namespace Mgmt.Mesh.Api.Pages;

/// <summary>
/// GET /health, as etcd's: healthy is who has no alarm, knows a leader and gets a majority's word within a second. "?exclude=NOSPACE" overlooks an alarm.
/// </summary>
internal sealed class HealthPage(IStoreNode node, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task AnswerAsync(HttpContext context)
    {
        var isHealthy = !HasAlarm(context.Request.Query["exclude"]) && node.Leadership.IsKnown && await IsReadableAsync(context.RequestAborted);
        context.Response.StatusCode = isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(isHealthy ? """{"health":"true"}""" : """{"health":"false"}""" + "\n", context.RequestAborted);
    }

    private bool HasAlarm(IReadOnlyCollection<string?> excluded) => node.View.Alarms.Any(one => !excluded.Contains(one.Kind == AlarmKind.NoSpace ? "NOSPACE" : "CORRUPT"));

    private async ValueTask<bool> IsReadableAsync(CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return (await node.ReadBarrierAsync(both.Token)).Error is null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
