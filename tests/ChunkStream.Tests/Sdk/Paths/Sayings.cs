using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Tests.Sdk.Paths;

/// <summary>Keeps the numbers of what is logged.</summary>
internal sealed class Sayings : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<(int Id, string Text)> _said = [];

    public IEnumerable<string> All => _said.Select(one => one.Text);

    public bool Said(int id) => _said.Any(one => one.Id == id);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _said.Enqueue((eventId.Id, formatter(state, exception)));

    public void Dispose()
    {
    }
}
