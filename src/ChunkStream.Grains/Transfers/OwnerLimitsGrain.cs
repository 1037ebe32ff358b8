using System.Globalization;
using ChunkStream.Abstractions;
using ChunkStream.Core.Failures;

namespace ChunkStream.Grains.Transfers;

/// <summary>
/// Counts in memory, from what the catalogue has when it is activated. Nothing is stored: the transfers themselves are. Before a limit
/// refuses anybody the catalogue is asked again, so that a place that was never given back doesn't stay taken.
/// </summary>
[GrainType("chunkstream.owner-limits")]
internal sealed class OwnerLimitsGrain(TransferSurvey survey, TransferOptions options, TimeProvider time) : Grain, IOwnerLimits
{
    // How long a transfer may take from its place to its row in the catalogue.
    private static readonly TimeSpan CreatedWithin = TimeSpan.FromMinutes(1);

    // How often the catalogue is asked while the owner keeps coming to a limit.
    private static readonly TimeSpan CountAgainAfter = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<Guid, long> _entered = [];
    private Dictionary<Guid, long> _running = [];
    private long? _countedAt;

    public async Task<Outcome<bool>> EnterAsync(Guid transferId, long sizeBytes)
    {
        if (_countedAt is null) await CountAsync();
        if (await CheckAsync(transferId, sizeBytes) is { } refusal)
        {
            if (time.GetElapsedTime(_countedAt!.Value) < CountAgainAfter) return refusal;
            await CountAsync();
            if (await CheckAsync(transferId, sizeBytes) is { } again) return again;
        }
        _running[transferId] = sizeBytes;
        _entered[transferId] = time.GetTimestamp();
        return true;
    }

    public Task LeaveAsync(Guid transferId)
    {
        _running.Remove(transferId);
        _entered.Remove(transferId);
        return Task.CompletedTask;
    }

    private string Owner => this.GetPrimaryKeyString();

    private async Task<Failure?> CheckAsync(Guid transferId, long sizeBytes)
    {
        if (_running.ContainsKey(transferId)) return null;
        if (options.MaxRunningPerOwner > 0 && _running.Count >= options.MaxRunningPerOwner)
            return new(FailureCode.LimitReached, Text($"'{Owner}' has {_running.Count} transfers that haven't ended; the limit is {options.MaxRunningPerOwner} (MaxRunningPerOwner)."));
        if (options.MaxBytesPerOwner == 0 || sizeBytes == 0) return null;
        long used = await survey.StoredBytesAsync(Owner) + _running.Values.Sum();
        return used + sizeBytes <= options.MaxBytesPerOwner
            ? null
            : new(FailureCode.QuotaReached, Text($"'{Owner}' has files of {used} bytes, those being sent included; {sizeBytes} more don't fit into the limit of {options.MaxBytesPerOwner} (MaxBytesPerOwner)."));
    }

    // What the catalogue has, and what has entered so lately that it may not be there yet.
    private async Task CountAsync()
    {
        Dictionary<Guid, long> counted = await survey.RunningAsync(Owner);
        foreach ((Guid transferId, long enteredAt) in _entered)
        {
            if (time.GetElapsedTime(enteredAt) > CreatedWithin || counted.ContainsKey(transferId)) _entered.Remove(transferId);
            else counted[transferId] = _running[transferId];
        }
        _running = counted;
        _countedAt = time.GetTimestamp();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
