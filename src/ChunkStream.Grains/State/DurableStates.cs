using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Providers;
using Orleans.Storage;

namespace ChunkStream.Grains.State;

/// <summary>Makes the durable states of grains on the silo's default storage.</summary>
internal sealed class DurableStates(
    [FromKeyedServices(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME)] IGrainStorage storage, WriteTurns turns, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger(typeof(DurableState<>).Namespace!);

    /// <param name="name">What the state is called in the database; never changed, and different for every kind of grain.</param>
    public DurableState<T> For<T>(string name, IGrainBase grain) where T : class => new(name, grain, storage, turns, _logger);
}
