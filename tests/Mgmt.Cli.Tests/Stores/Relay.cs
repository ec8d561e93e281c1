using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mgmt.Cli.Tests.Stores;

/// <summary>Stands between a client and a server, and can cut what is connected.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly List<TcpClient> _open = [];
    private readonly Task _loop;

    public Relay(string target)
    {
        _target = IPEndPoint.Parse(target);
        _listener.Start();
        _loop = LoopAsync();
    }

    public string Endpoint => _listener.LocalEndpoint.ToString()!;

    public void Cut()
    {
        lock (_open)
        {
            foreach (var one in _open) one.Dispose();
            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Cut();
    }

    private async Task LoopAsync()
    {
        while (true)
        {
            var (near, far) = (await _listener.AcceptTcpClientAsync(), new TcpClient());
            await far.ConnectAsync(_target);
            lock (_open) _open.AddRange([near, far]);
            _ = near.GetStream().CopyToAsync(far.GetStream());
            _ = far.GetStream().CopyToAsync(near.GetStream());
        }
    }
}

/// <summary>Keeps what is written, and lets a test wait for it.</summary>
internal sealed class SeenStream : MemoryStream
{
    private readonly SemaphoreSlim _news = new(0);
    private readonly StringBuilder _seen = new();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_seen) _seen.Append(Encoding.UTF8.GetString(buffer));
        _news.Release();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Waits until exactly this was written.</summary>
    public async Task WaitAsync(string text, TimeSpan deadline)
    {
        while (Seen().Length < text.Length && await _news.WaitAsync(deadline))
        {
        }

        Assert.Equal(text, Seen());
    }

    protected override void Dispose(bool disposing)
    {
        _news.Dispose();
        base.Dispose(disposing);
    }

    private string Seen()
    {
        lock (_seen) return _seen.ToString();
    }
}
