using System.Collections.Concurrent;
using Orleans.Storage;

namespace ChunkStream.Tests.Grains;

/// <summary>The real storage, with faults that tests arm and writes that they count or hold.</summary>
internal sealed class FaultyStorage(IGrainStorage real) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    private readonly ConcurrentDictionary<string, int> _writes = [];

    /// <summary>Says of a state's name whether its next write fails, before it reaches the database.</summary>
    public Func<string, bool> FailsBefore { get; set; } = _ => false;

    /// <summary>Says of a state's name whether its next write fails after it took effect, as a timeout may.</summary>
    public Func<string, bool> FailsAfter { get; set; } = _ => false;

    public Func<string, bool> FailsToRead { get; set; } = _ => false;

    /// <summary>What a write of a state waits for before it reaches the database.</summary>
    public Func<string, Task> Holds { get; set; } = _ => Task.CompletedTask;

    public int WritesOf(string state) => _writes.GetValueOrDefault(state);

    public void Heal() => (FailsBefore, FailsAfter, FailsToRead, Holds) = (_ => false, _ => false, _ => false, _ => Task.CompletedTask);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (FailsToRead(stateName)) throw new IOException("The database was told not to read.");
        await real.ReadStateAsync(stateName, grainId, grainState);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _writes.AddOrUpdate(stateName, 1, (_, writes) => writes + 1);
        await Holds(stateName);
        if (FailsBefore(stateName)) throw new IOException("The database was told to fail.");
        await real.WriteStateAsync(stateName, grainId, grainState);
        if (FailsAfter(stateName)) throw new TimeoutException("The database was told to take effect and time out.");
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => real.ClearStateAsync(stateName, grainId, grainState);

    public void Participate(ISiloLifecycle observer) => ((ILifecycleParticipant<ISiloLifecycle>)real).Participate(observer);
}
