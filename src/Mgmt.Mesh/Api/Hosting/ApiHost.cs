using System.Diagnostics.CodeAnalysis;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Api.Forwarding;
using Mgmt.Mesh.Api.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Mgmt.Mesh.Api.Hosting;

/// <summary>Puts the web server together, with nothing that reads files, the environment or the terminal.</summary>
internal static class ApiHost
{
    [SuppressMessage("Reliability", "CA2000", Justification = "The application owns the logger.")]
    public static WebApplication Build(ApiParts parts, Listening listening, IApiLog log, TimeSpan stopWithin)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = "/", ApplicationName = "mgmt" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(listening.Configure);
        builder.Logging.AddProvider(new LogBridge(log));
        builder.Services.Configure<SocketTransportOptions>(listening.Configure);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = stopWithin);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        parts.AddTo(builder.Services);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = ApiLimits.MessageBytes;
            grpc.MaxSendMessageSize = null;
            grpc.Interceptors.Add<CallGate>();
        });
        var app = builder.Build();
        Map(app, parts);
        return app;
    }

    // gRPC needs half of a start's time to learn its methods: it does so while the rest starts, and the first call waits for it.
    private static void Map(WebApplication app, ApiParts parts)
    {
        MapPages(app, parts);
        var mapping = Task.Run(() => MapServices(app));
        app.Use(async (context, next) =>
        {
            await mapping;
            await next(context);
        });
        app.UseRouting();
        app.Use(async (context, next) =>
        {
            if (!parts.Beginning.Takes(context) || await parts.Beginning.WaitAsync(context)) await next(context);
        });
        app.Use((context, next) => parts.Forwarder.Takes(context) ? parts.Forwarder.ForwardAsync(context) : parts.Absence.Takes(context) ? Absence.AnswerAsync(context) : next(context));
        app.UseEndpoints(static _ => { });
    }

    private static void MapServices(WebApplication app)
    {
        app.MapGrpcService<KvService>();
        app.MapGrpcService<WatchService>();
        app.MapGrpcService<LeaseService>();
        app.MapGrpcService<ClusterService>();
        app.MapGrpcService<MaintenanceService>();
        app.MapGrpcService<MeshService>();
        app.MapGrpcService<TrustService>();
        app.MapGrpcService<CareService>();
        app.MapGrpcService<HostService>();
    }

    private static void MapPages(WebApplication app, ApiParts parts)
    {
        MapPage(app, "/health", parts.Health.AnswerAsync);
        MapPage(app, "/readyz", parts.Ready.AnswerAsync);
        MapPage(app, "/metrics", parts.Metrics.AnswerAsync);
        MapPage(app, "/version", static context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync($$"""{"etcdserver":"{{ApiVersion.Server}}","etcdcluster":"{{ApiVersion.Cluster}}"}""", context.RequestAborted);
        });
    }

    // Pages are for whoever is known at all.
    private static void MapPage(WebApplication app, string path, RequestDelegate answer) => app.MapMethods(path, [HttpMethods.Get], context =>
    {
        var caller = context.Features.Get<Caller>();
        if (caller is { Role: >= Role.Agent }) return answer(context);
        context.Response.StatusCode = caller is { IsRevoked: true } ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });
}
