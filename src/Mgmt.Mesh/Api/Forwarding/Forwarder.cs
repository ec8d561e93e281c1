using System.Net;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Mgmt.Mesh.Api.Forwarding;

/// <summary>
/// Carries the calls of this host's own users to an agent that keeps the store, as they are, bytes for bytes. Only theirs: what others ask would be asked with
/// this host's rights.
/// </summary>
internal sealed class Forwarder(IUpstream upstream)
{
    private const int MostTries = 8;
    private static readonly string[] Streams = ["/etcdserverpb.Watch/Watch", "/etcdserverpb.Lease/LeaseKeepAlive"];

    // They change nothing: where no answer came, another can be asked.
    private static readonly string[] Reads = ["/etcdserverpb.KV/Range", "/etcdserverpb.Cluster/MemberList", "/etcdserverpb.Lease/LeaseTimeToLive", "/etcdserverpb.Lease/LeaseLeases"];

    /// <summary>Whether a call is to be carried on.</summary>
    public bool Takes(HttpContext context) =>
        upstream.IsWanted && context.Request.Path.Value?.StartsWith("/etcdserverpb.", StringComparison.Ordinal) == true
        && context.Request.ContentType?.StartsWith(GrpcFailure.ContentType, StringComparison.Ordinal) == true
        && context.Features.Get<Caller>() is { Role: Role.Operator, Host.Length: 0 };

    /// <summary>Carries it on, and its answer back.</summary>
    public async Task ForwardAsync(HttpContext context)
    {
        var isStream = Streams.Contains(context.Request.Path.Value);
        if (isStream) Unbound(context);
        var whole = isStream ? null : await WholeBodyAsync(context);
        for (var tries = 0; tries < MostTries && upstream.Line is { } line; tries++)
        {
            if (await TryAsync(context, line, whole)) return;
        }

        GrpcFailure.Answer(context, Grpc.Core.StatusCode.Unavailable, StoreError.NoLeader.Message);
    }

    // Answers false when nothing of it was done, so that another may be asked.
    private async Task<bool> TryAsync(HttpContext context, UpstreamLine line, byte[]? whole)
    {
        using var body = new BodyContent(context.Request, whole);
        try
        {
            using var limit = line.Limit(context.RequestAborted);
            using var request = RequestOf(context, line, body);
            using var response = await line.Invoker.SendAsync(request, limit.Token);
            if (Absence.IsIn(response))
            {
                upstream.Failed(line);
                if (whole is not null || !body.IsBegun) return false;
            }

            await AnswerAsync(context, response, limit.Token);
            return true;
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Whoever asked is gone.
            if (context.RequestAborted.IsCancellationRequested) return true;
            upstream.Failed(line);
            if (!body.IsBegun || (Reads.Contains(context.Request.Path.Value) && !context.Response.HasStarted)) return false;
            GrpcFailure.Answer(context, Grpc.Core.StatusCode.Unavailable, $"the line to {line.Place} broke");
            return true;
        }
    }

    // So that it can be said again to another, to whom it is news.
    private static async Task<byte[]> WholeBodyAsync(HttpContext context)
    {
        using var whole = new MemoryStream();
        await context.Request.Body.CopyToAsync(whole, context.RequestAborted);
        return whole.ToArray();
    }

    // Watches are quiet for days, and long in sum.
    private static void Unbound(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate) rate.MinDataRate = null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
    }

    private static HttpRequestMessage RequestOf(HttpContext context, UpstreamLine line, BodyContent body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(line.Base, context.Request.Path.Value)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = body };
        foreach (var (name, values) in context.Request.Headers)
        {
            if (name.StartsWith(':') || name.Equals("host", StringComparison.OrdinalIgnoreCase)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)) body.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        return request;
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancel)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers)) context.Response.Headers[name] = values.ToArray();
        await using var source = await response.Content.ReadAsStreamAsync(cancel);
        await context.Response.StartAsync(cancel);
        await BodyContent.CopyAsync(source, context.Response.Body, cancel);
        foreach (var (name, values) in response.TrailingHeaders) context.Response.AppendTrailer(name, values.ToArray());
    }
}
