using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using Orleans.Concurrency;

namespace ChunkStream.Abstractions.Gateways;

/// <summary>
/// What grains ask of a gateway. Grains decide, gateways do. Every call may come twice, and calls run beside one another: an
/// observer answers one call after the other by default, and a pause must not wait for another file's assembly.
/// </summary>
[Alias("chunkstream.IGatewayControl")]
public interface IGatewayControl : IGrainObserver
{
    /// <summary>
    /// Rebuilds the chunks of the file that aren't in <paramref name="committed"/>, merges the data chunks' values to the content
    /// hash, writes the manifest, and flushes all of it.
    /// </summary>
    [Alias("Assemble"), ResponseTimeout("02:00:00"), AlwaysInterleave]
    Task<Outcome<AssemblyReport>> AssembleAsync(TransferPlan plan, ChunkSet committed);

    /// <summary>Reads and verifies the manifest and every chunk of a file, rebuilds what is bad, and says what it found.</summary>
    [Alias("Verify"), ResponseTimeout("02:00:00"), AlwaysInterleave]
    Task<Outcome<HealthReport>> VerifyAsync(StoredFile file);

    /// <summary>Deletes a file's shards. A file that isn't there is no failure.</summary>
    [Alias("Drop"), AlwaysInterleave]
    Task DropAsync(Guid fileId);

    /// <summary>Closes the lanes of a transfer with this code: it was paused, cancelled, or has ended.</summary>
    [Alias("CloseLanes"), AlwaysInterleave]
    Task CloseLanesAsync(Guid transferId, FailureCode code);

    /// <summary>Whether a lane of the transfer is open.</summary>
    [Alias("HasLanes"), AlwaysInterleave]
    Task<bool> HasLanesAsync(Guid transferId);

    /// <summary>A transfer's priority has changed. A gateway that has no lane of it learns the priority when it opens one.</summary>
    [Alias("SetPriority"), AlwaysInterleave]
    Task SetPriorityAsync(Guid transferId, TransferPriority priority);
}
