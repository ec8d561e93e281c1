using Mgmt.Mesh.Api.Calls;
using Microsoft.AspNetCore.Http;

namespace Mgmt.Mesh.Api.Forwarding;

/// <summary>Has the calls of this host's own users wait while the agent is just opening its store, as they would wait for an election. Others may ask another.</summary>
/// <param name="opening">Answers what ends when it is open; when nothing is being opened, that has ended.</param>
/// <param name="longest">How long a call waits at most.</param>
/// <param name="time">For that.</param>
internal sealed class Beginning(Func<Task> opening, TimeSpan longest, TimeProvider time)
{
    /// <summary>Whether a call is to wait.</summary>
    public bool Takes(HttpContext context) => !opening().IsCompleted && Absence.IsOfStore(context) && context.Features.Get<Caller>() is { Role: Role.Operator, Host.Length: 0 };

    /// <summary>Waits, for a bounded time; answers whether the caller still does.</summary>
    public async Task<bool> WaitAsync(HttpContext context)
    {
        await Task.WhenAny(opening(), Task.Delay(longest, time, context.RequestAborted));
        return !context.RequestAborted.IsCancellationRequested;
    }
}
