using Orleans.Storage;

namespace ChunkStream.KilledService;

/// <summary>The real grain storage; a session that is being written, and one that was, are kill points.</summary>
internal sealed class WatchedGrainStorage(IGrainStorage inner, KillPoint killPoint) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (stateName == "session") killPoint.Reach("recording");
        await inner.WriteStateAsync(stateName, grainId, grainState);
        if (stateName == "session") killPoint.Reach("recorded");
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);

    public void Participate(ISiloLifecycle observer) => ((ILifecycleParticipant<ISiloLifecycle>)inner).Participate(observer);
}
