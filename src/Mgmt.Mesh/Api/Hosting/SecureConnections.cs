using System.Collections.Concurrent;
using Mgmt.Mesh.Api.Calls;
using Mgmt.Mesh.Trust;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Mgmt.Mesh.Api.Hosting;

/// <summary>
/// Connections with TLS: who is at their other end is read from the certificate. Those of a certificate that is revoked are cut; when they come again they are
/// told so. They, and those without a certificate, are few and short, as all they can do is ask for one.
/// </summary>
internal sealed class SecureConnections : IDisposable
{
    private const int MostStrangers = 64;
    private static readonly TimeSpan StrangersStay = TimeSpan.FromMinutes(1);

    private readonly ApiTls _tls;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<ConnectionContext, string> _known = new();
    private int _strangers;

    public SecureConnections(ApiTls tls, TimeProvider time)
    {
        (_tls, _time) = (tls, time);
        if (tls.Revocations is { } revocations) revocations.Grown += CutRevoked;
    }

    public Task ServeAsync(ConnectionContext connection, ConnectionDelegate next) =>
        connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate is { } certificate
            ? ServeKnownAsync(connection, new(_tls.RoleOf(certificate), RoleWords.HostOf(certificate)), RoleWords.SerialOf(certificate), next)
            : ServeStrangerAsync(connection, new(Role.None), next);

    public void Dispose()
    {
        if (_tls.Revocations is { } revocations) revocations.Grown -= CutRevoked;
    }

    private async Task ServeKnownAsync(ConnectionContext connection, Caller caller, string serial, ConnectionDelegate next)
    {
        _known[connection] = serial;
        try
        {
            if (_tls.Revocations?.Has(serial) == true)
            {
                await ServeStrangerAsync(connection, new(Role.None, caller.Host, IsRevoked: true), next);
                return;
            }

            connection.Features.Set(caller);
            await next(connection);
        }
        finally
        {
            _known.TryRemove(connection, out _);
        }
    }

    private async Task ServeStrangerAsync(ConnectionContext connection, Caller caller, ConnectionDelegate next)
    {
        connection.Features.Set(caller);
        try
        {
            if (Interlocked.Increment(ref _strangers) > MostStrangers) return;
            await using var limit = _time.CreateTimer(_ => connection.Abort(), null, StrangersStay, Timeout.InfiniteTimeSpan);
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _strangers);
        }
    }

    private void CutRevoked()
    {
        foreach (var (connection, serial) in _known)
        {
            if (_tls.Revocations!.Has(serial)) connection.Abort(new ConnectionAbortedException("the certificate is revoked"));
        }
    }
}
