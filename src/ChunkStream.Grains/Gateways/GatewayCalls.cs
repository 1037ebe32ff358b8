using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;

namespace ChunkStream.Grains.Gateways;

/// <summary>How grains reach the gateways that hold a file's shards.</summary>
internal static class GatewayCalls
{
    public static IGatewayDirectoryGrain Directory(this IGrainFactory grains) => grains.GetGrain<IGatewayDirectoryGrain>(0);

    /// <summary>The gateways of these homes, each once.</summary>
    public static IReadOnlyList<string> GatewayIds(this IReadOnlyList<ShardHome> homes) => [.. homes.Select(home => home.GatewayId).Distinct(StringComparer.Ordinal)];

    /// <summary>Calls a gateway. One that isn't there, or goes away meanwhile, answers <c>no-gateway</c>; a defect in it, <c>internal</c>.</summary>
    public static async Task<Outcome<T>> CallGatewayAsync<T>(this IGrainFactory grains, string gatewayId, Func<IGatewayControl, Task<Outcome<T>>> call)
    {
        Outcome<IGatewayControl> control = await grains.Directory().GetControlAsync(gatewayId);
        if (!control.IsOk) return control.Failure!;
        try
        {
            return await call(control.Value!);
        }
        // Orleans tells of a process that has gone by several exceptions: unreachable, unavailable, timed out, rejected.
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            return new Failure(FailureCode.NoGateway, $"The gateway {gatewayId} didn't answer: {exception.Message}");
        }
        catch (Exception exception)
        {
            return new Failure(FailureCode.Internal, $"The gateway {gatewayId} failed: {exception.Message}");
        }
    }

    /// <summary>Has every gateway of these homes drop the file; null when all have.</summary>
    public static async Task<Failure?> DropAsync(this IGrainFactory grains, Guid fileId, IReadOnlyList<ShardHome> homes)
    {
        foreach (string gatewayId in homes.GatewayIds())
        {
            Outcome<bool> dropped = await grains.CallGatewayAsync<bool>(gatewayId, async control =>
            {
                await control.DropAsync(fileId);
                return true;
            });
            if (dropped.Failure is { } failure) return failure;
        }
        return null;
    }

    /// <summary>Has every gateway that is there close the transfer's lanes. One that isn't has none.</summary>
    public static Task CloseLanesAsync(this IGrainFactory grains, Guid transferId, FailureCode code, IReadOnlyList<ShardHome> homes) =>
        grains.TellAsync(homes, control => control.CloseLanesAsync(transferId, code));

    /// <summary>Tells every gateway that is there of the transfer's priority.</summary>
    public static Task SetPriorityAsync(this IGrainFactory grains, Guid transferId, TransferPriority priority, IReadOnlyList<ShardHome> homes) =>
        grains.TellAsync(homes, control => control.SetPriorityAsync(transferId, priority));

    private static async Task TellAsync(this IGrainFactory grains, IReadOnlyList<ShardHome> homes, Func<IGatewayControl, Task> tell) =>
        await Task.WhenAll(homes.GatewayIds().Select(gatewayId => grains.CallGatewayAsync<bool>(gatewayId, async control =>
        {
            await tell(control);
            return true;
        })));
}
