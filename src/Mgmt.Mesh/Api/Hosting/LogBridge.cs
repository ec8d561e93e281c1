using Microsoft.Extensions.Logging;

namespace Mgmt.Mesh.Api.Hosting;

/// <summary>
/// Brings what the web server finds wrong with itself to the API's log. What clients do wrong stays quiet, and so does the host, which throws what it logs.
/// </summary>
internal sealed class LogBridge(IApiLog log) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Category(log, categoryName);

    public void Dispose()
    {
    }

    private sealed class Category(IApiLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        private readonly bool _isHost = name.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error && !_isHost;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            var what = exception is null ? "" : $": {exception.GetType().Name}: {exception.Message}";
            log.Warn($"the API's server: {name}: {formatter(state, exception)}{what}");
        }
    }
}
