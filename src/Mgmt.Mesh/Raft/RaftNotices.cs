using Microsoft.Extensions.Logging;

namespace Mgmt.Mesh.Raft;

/// <summary>What DotNext has to say of errors, in one place with the rest.</summary>
internal sealed class RaftNotices(RaftOptions options) : ILoggerFactory, ILogger
{
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
        if (IsEnabled(logLevel)) options.Notice?.Invoke($"Raft: {formatter(state, exception)}{(exception is null ? "" : ": " + exception.Message)}");
    }
}
