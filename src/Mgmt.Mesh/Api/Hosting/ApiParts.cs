using System.Security.Cryptography;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Api.Forwarding;
using Mgmt.Mesh.Api.Messages;
using Mgmt.Mesh.Api.Pages;
using Mgmt.Mesh.Api.Services;
using Mgmt.Mesh.Node;
using Microsoft.Extensions.DependencyInjection;

namespace Mgmt.Mesh.Api.Hosting;

/// <summary>What the services are made of, one of each.</summary>
internal sealed class ApiParts : IDisposable
{
    private readonly CallGate _gate;
    private readonly KvService _kv;
    private readonly WatchService _watch;
    private readonly LeaseService _lease;
    private readonly ClusterService _cluster;
    private readonly MaintenanceService _maintenance;
    private readonly MeshService _mesh;
    private readonly TrustService _trust;
    private readonly CareService _care;
    private readonly HostService _host;

    public ApiParts(ApiOptions options, IStoreNode node, IMembership membership, IMeshTalk talk, ITrustTalk trust, IUpstream upstream, TimeProvider time)
    {
        var counts = new CallCounts();
        var headers = new Headers(node);
        var store = new StoreAccess(node, options.Limits, counts, time);
        Streams = new(node, options, time);
        _gate = new(node, options.Limits, counts, Streams);
        _kv = new(store, headers);
        _watch = new(store, headers, options, counts, time);
        _lease = new(store, headers, NewLease);
        _cluster = new(store, headers, membership);
        _maintenance = new(store, headers);
        _mesh = new(talk);
        _trust = new(trust);
        _care = new(store);
        _host = new(options.Host);
        Beginning = new(options.Opening, options.Limits.RequestTime, time);
        Forwarder = new(upstream);
        Absence = new(node);
        Health = new(node, time);
        Ready = new(node);
        Metrics = new(node, counts, new(node));
    }

    public OpenStreams Streams { get; }

    public Beginning Beginning { get; }

    public Forwarder Forwarder { get; }

    public Absence Absence { get; }

    public HealthPage Health { get; }

    public ReadyPage Ready { get; }

    public MetricsPage Metrics { get; }

    /// <summary>gRPC finds the services, and the gate before them, by their types.</summary>
    public void AddTo(IServiceCollection services) =>
        services.AddSingleton(_gate).AddSingleton(_kv).AddSingleton(_watch).AddSingleton(_lease).AddSingleton(_cluster).AddSingleton(_maintenance).AddSingleton(_mesh).AddSingleton(_trust).AddSingleton(_care).AddSingleton(_host);

    public void Dispose() => Streams.Dispose();

    // An id that nobody can foresee, so that one client cannot take the lease that another is about to get.
    private static long NewLease()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return Math.Max(1, BitConverter.ToInt64(bytes) & long.MaxValue);
    }
}
