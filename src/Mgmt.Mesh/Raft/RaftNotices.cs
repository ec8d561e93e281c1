using System.Net.Sockets;
using Mgmt.Mesh.Raft.Wire;
using Microsoft.Extensions.Logging;

namespace Mgmt.Mesh.Raft;

/// <summary>What DotNext has to say of errors, in one place with the rest. What goes on failing, several times a second, is told once a minute.</summary>
internal sealed class RaftNotices(RaftOptions options, TimeProvider time) : ILoggerFactory, ILogger
{
    private readonly News _news = new(time);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error && options.Notice is not null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel) || IsOfALostConnection(exception)) return;
        var sentence = formatter(state, exception);

        // The sentence names a port that differs each time: the cause is what is the same.
        if (_news.Is(exception?.Message ?? sentence)) options.Notice?.Invoke($"Raft: {sentence}{(exception is null ? "" : ": " + exception.Message)}");
    }

    // Peers stop, die and are taken out: the leader says so where it matters.
    private static bool IsOfALostConnection(Exception? exception) =>
        exception is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown }
        || (exception is IOException && IsOfALostConnection(exception.InnerException));
}
