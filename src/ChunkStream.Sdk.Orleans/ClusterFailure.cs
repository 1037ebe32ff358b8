using ChunkStream.Core.Failures;
using Orleans.Runtime.Messaging;

namespace ChunkStream.Sdk.Orleans;

/// <summary>What an exception from a grain call means, where it comes from the cluster and not from the grain's code.</summary>
internal static class ClusterFailure
{
    /// <summary>Null: not the cluster's; it is passed on as it is.</summary>
    public static FailureCode? CodeOf(Exception exception) => exception switch
    {
        TimeoutException => FailureCode.TimedOut,
        SiloUnavailableException or OrleansMessageRejectionException or GatewayTooBusyException => FailureCode.Unreachable,
        ConnectionFailedException or ClientNotAvailableException => FailureCode.Unreachable,
        // A client that isn't connected yet, or is being stopped.
        ObjectDisposedException or OrleansLifecycleCanceledException => FailureCode.ShuttingDown,
        _ => null,
    };

    public static string Message(FailureCode code) => code switch
    {
        FailureCode.TimedOut => "The cluster did not answer in time.",
        FailureCode.ShuttingDown => "The service is starting or stopping; try again in a moment.",
        _ => "The cluster can't be reached just now; try again in a moment.",
    };
}
