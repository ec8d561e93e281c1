using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace Mgmt.Tools.Tests.Tpush;

/// <summary>An answer of a forge's API.</summary>
internal sealed record Reply(int Code, string Body, string? RetryAfter = null);

/// <summary>Plays the status API of GitHub or GitLab on a port of loopback, by a play that gets the number of the poll (from 1) and the request's path.</summary>
internal sealed class PlayedForge : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Func<int, string, Reply> _play;
    private int _polls;

    public PlayedForge(Func<int, string, Reply> play)
    {
        _play = play;
        (_listener, Address) = Listen();
        _ = ServeAsync();
    }

    public string Address { get; }

    /// <summary>All requests: path, query and Authorization.</summary>
    public ConcurrentQueue<(string Path, string? Authorization)> Requests { get; } = new();

    public void Dispose() => _listener.Close();

    /// <summary>The first request of each poll.</summary>
    private static bool Opens(string path) => path.Contains("/status", StringComparison.Ordinal) || path.Contains("/pipelines", StringComparison.Ordinal);

    private static (HttpListener Listener, string Address) Listen()
    {
        while (true)
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Random.Shared.Next(20000, 60000)}");
            var listener = new HttpListener { Prefixes = { address + "/" } };
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException)
            {
                // Somebody has that port.
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var path = context.Request.RawUrl!;
            Requests.Enqueue((path, context.Request.Headers["Authorization"]));
            if (Opens(path)) _polls++;
            var reply = _play(_polls, path);
            context.Response.StatusCode = reply.Code;
            if (reply.RetryAfter is { } after) context.Response.Headers["Retry-After"] = after;
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(reply.Body));
            context.Response.Close();
        }
    }
}
