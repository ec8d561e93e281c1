using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Mgmt.Mesh.Raft.Wire;

/// <summary>The one port that other members reach this one at. It tells by the preamble what a connection is for, and whether it may be here at all.</summary>
internal sealed class Port : IConnectionListenerFactory, IConnectionListener
{
    /// <summary>Connections at once: members are few, and each has a few.</summary>
    private const int MaxConnections = 512;
    private static readonly TimeSpan GreetingTime = TimeSpan.FromSeconds(5);
    private readonly RaftOptions _options;
    private readonly ITransportSecurity _security;
    private readonly Func<Stream, ulong, CancellationToken, Task> _serveCalls;
    private readonly Socket? _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<ConnectionContext> _raft = Channel.CreateBounded<ConnectionContext>(64);
    private readonly SemaphoreSlim _room = new(MaxConnections, MaxConnections);
    private readonly HashSet<Stream> _open = [];
    private readonly News _news;
    private Task _accepting = Task.CompletedTask;

    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public Port(RaftOptions options, ITransportSecurity security, Func<Stream, ulong, CancellationToken, Task> serveCalls, TimeProvider time)
    {
        (_options, _security, _serveCalls, _news) = (options, security, serveCalls, new(time));
        EndPoint = new IPEndPoint(IPAddress.Loopback, 0);
        if (options.Listen is not { } listen) return;
        _listener = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(listen);
        _listener.Listen(128);
        EndPoint = _listener.LocalEndPoint!;
    }

    public EndPoint EndPoint { get; }

    public void Start()
    {
        if (_listener is { } listener) _accepting = AcceptAllAsync(listener);
    }

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => await _raft.Reader.ReadAsync(cancellationToken);

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => default;

    public ValueTask DisposeAsync() => default;

    public async ValueTask CloseAsync()
    {
        await _closing.CancelAsync();
        _listener?.Dispose();
        _raft.Writer.TryComplete();
        await _accepting;
        Stream[] open;
        lock (_open) open = [.. _open];
        foreach (var stream in open) await stream.DisposeAsync();
    }

    private async Task AcceptAllAsync(Socket listener)
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await _room.WaitAsync(_closing.Token);
                var socket = await listener.AcceptAsync(_closing.Token);
                socket.NoDelay = true;
                _ = ServeAsync(socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of descriptors, or the caller is gone already: others come.
                _room.Release();
                Tell($"cannot accept a connection on {EndPoint}: {e.Message}");
                if (!await PauseAsync()) return;
            }
        }
    }

    private async ValueTask<bool> PauseAsync()
    {
        try
        {
            await Task.Delay(50, _closing.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var remote = socket.RemoteEndPoint;
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        var (first, who) = (stream, "");
        try
        {
            lock (_open) _open.Add(first);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
            limit.CancelAfter(GreetingTime);
            (stream, var certified) = await _security.AuthenticateAsServerAsync(stream, limit.Token);
            if (await GreetAsync(stream, certified, remote, limit.Token) is not { } preamble) return;
            who = $"member {preamble.Caller:x}";
            limit.CancelAfter(Timeout.InfiniteTimeSpan);
            if (preamble.Purpose == Purpose.Calls) await _serveCalls(stream, preamble.Caller, _closing.Token);
            else await ServeRaftAsync(stream, remote);
        }
        catch (Exception e)
        {
            // Whatever a caller does ends its own connection and nothing else.
            if (!_closing.IsCancellationRequested) Tell(who.Length == 0 ? $"refused a connection from {HostOf(remote)}: {Describe(e)}" : $"the connection of {who} from {HostOf(remote)} ended: {e.Message}");
        }
        finally
        {
            lock (_open) _open.Remove(first);
            await stream.DisposeAsync();
            await first.DisposeAsync();
            _room.Release();
        }
    }

    private async Task ServeRaftAsync(Stream stream, EndPoint? remote)
    {
        await using var connection = new RaftConnection(stream, remote);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = connection.ConnectionClosed.Register(closed.SetResult);
        await _raft.Writer.WriteAsync(connection, _closing.Token);
        await closed.Task.WaitAsync(_closing.Token);
    }

    private async ValueTask<Preamble?> GreetAsync(Stream stream, ulong? certified, EndPoint? remote, CancellationToken cancel)
    {
        var bytes = new byte[Preamble.Size];
        await stream.ReadExactlyAsync(bytes, cancel);
        if (!Preamble.TryParse(bytes, out var preamble))
        {
            Tell($"refused a connection from {HostOf(remote)}: it is no member that called");
            return null;
        }

        var greeting = preamble.Judge(_options.Cluster, _options.Member, certified);
        if (greeting != Greeting.Welcome)
            Tell($"refused member {preamble.Caller:x} of cluster {preamble.Cluster:x} at {HostOf(remote)}, version {preamble.Version}, that asked for {preamble.Called:x}: {greeting}");
        await stream.WriteAsync(Preamble.Answer(greeting), cancel);
        await stream.FlushAsync(cancel);
        return greeting == Greeting.Welcome ? preamble : null;
    }

    // Each attempt comes from another port.
    private static string HostOf(EndPoint? remote) => remote is IPEndPoint { Address: var address } ? $"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}" : "somebody";

    private static string Describe(Exception error) => error switch
    {
        OperationCanceledException => $"it did not say who it is within {GreetingTime.TotalSeconds} s",
        IOException => "it ended before it said who it is",
        _ => error.Message,
    };

    private void Tell(string sentence)
    {
        if (_news.Is(sentence)) _options.Notice?.Invoke(sentence);
    }
}
