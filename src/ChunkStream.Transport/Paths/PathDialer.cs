using System.Net.Quic;
using System.Runtime.Versioning;
using ChunkStream.Core.Failures;
using ChunkStream.Transport.Congestion;
using ChunkStream.Transport.Lanes;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Transport.Paths;

/// <summary>
/// Makes a path live: QUIC where it works, TLS where it doesn't. Where QUIC is supported but its packets go nowhere nothing says so,
/// so TLS is dialled beside it after <see cref="QuicHeadStart"/>, and the first that stands is taken.
/// </summary>
public sealed partial class PathDialer(LaneChoice choice, ILogger<PathDialer> logger, TimeProvider time)
{
    /// <summary>Four round trips of a long link, and still within the second that users wait without wondering.</summary>
    public static readonly TimeSpan QuicHeadStart = TimeSpan.FromMilliseconds(600);

    /// <summary>How long one try may take in all.</summary>
    public static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(10);

    private static int _saidNoQuic, _saidNoCongestion;

    /// <summary>Whether this machine can speak QUIC (it needs libmsquic).</summary>
#pragma warning disable CA1416 // IsSupported is there to be asked everywhere.
    public static bool IsQuicSupported => QuicConnection.IsSupported;
#pragma warning restore CA1416

    /// <summary>What lanes may run over.</summary>
    public LaneChoice Choice => choice;

    /// <summary>How lanes that are dialled decide how fast to send. Default <see cref="CongestionControl.Bbr"/>. QUIC's is one for the whole process.</summary>
    public CongestionControl Congestion { get; init; }

    /// <summary>Loads what dialling needs, so that the first dial doesn't wait for it.</summary>
    public void Prepare()
    {
        if (choice != LaneChoice.Tls && IsQuicSupported) QuicCongestion.TryApply(Congestion);
        GatewayPin.Rehearse();
    }

    /// <exception cref="LaneException">Neither way led to the gateway; the message says both reasons.</exception>
    public Task<IPathConnection> DialAsync(PathAddress address, CancellationToken cancellationToken) => DialAsync(address, choice, cancellationToken);

    /// <summary>Dials over this kind of lane, where that isn't what the dialer would choose.</summary>
    /// <exception cref="LaneException">It didn't lead to the gateway.</exception>
    public async Task<IPathConnection> DialAsync(PathAddress address, LaneChoice only, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(DialTimeout, time);
        using var dialing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await DialEitherAsync(address, only, dialing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LaneException(FailureCode.Unreachable, $"No answer from the gateway at {address.EndPoint} within {DialTimeout.TotalSeconds:0} s.", exception);
        }
    }

    private async Task<IPathConnection> DialEitherAsync(PathAddress address, LaneChoice only, CancellationToken cancellationToken)
    {
        if (only == LaneChoice.Tls) return await DialTlsAsync(address, cancellationToken).ConfigureAwait(false);
        if (!IsQuicSupported || !address.HasQuic)
        {
            if (only == LaneChoice.Quic)
                throw new LaneException(FailureCode.Unreachable, IsQuicSupported
                    ? $"The gateway at {address.EndPoint} doesn't listen for QUIC. Use --transport auto or tls."
                    : "QUIC isn't supported on this machine: libmsquic is missing. Use --transport auto or tls.");
            if (!IsQuicSupported && Interlocked.Exchange(ref _saidNoQuic, 1) == 0) LogNoQuic();
            return await DialTlsAsync(address, cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1416 // Asked above.
        if (only == LaneChoice.Quic) return await DialQuicAsync(address, cancellationToken).ConfigureAwait(false);
        return await RaceAsync(address, DialQuicAsync, DialTlsAsync, cancellationToken).ConfigureAwait(false);
#pragma warning restore CA1416
    }

    [SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
    private ValueTask<IPathConnection> DialQuicAsync(PathAddress address, CancellationToken cancellationToken)
    {
        if (!QuicCongestion.TryApply(Congestion)) SayNoCongestion("QUIC");
        return QuicPath.DialAsync(address, time, cancellationToken);
    }

    private async ValueTask<IPathConnection> DialTlsAsync(PathAddress address, CancellationToken cancellationToken)
    {
        TlsPath path = await TlsPath.DialAsync(address, Congestion, cancellationToken).ConfigureAwait(false);
        if (!path.HasCongestion) SayNoCongestion("TCP");
        return path;
    }

    private void SayNoCongestion(string protocol)
    {
        if (Interlocked.Exchange(ref _saidNoCongestion, 1) == 0) LogNoCongestion(protocol, Congestion);
    }

    private async Task<IPathConnection> RaceAsync(
        PathAddress address,
        Func<PathAddress, CancellationToken, ValueTask<IPathConnection>> dialFirst,
        Func<PathAddress, CancellationToken, ValueTask<IPathConnection>> dialSecond,
        CancellationToken cancellationToken)
    {
        using var racing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<IPathConnection> first = dialFirst(address, racing.Token).AsTask();
        await Task.WhenAny(first, Task.Delay(QuicHeadStart, time, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (first.IsCompletedSuccessfully) return await first.ConfigureAwait(false);
        // A wrong key is wrong over TCP too, and worth telling as it is.
        if (first.Exception?.InnerException is LaneException { Code: FailureCode.PinMismatch }) return await first.ConfigureAwait(false);

        LogFallback(address.EndPoint.ToString() ?? "");
        Task<IPathConnection> second = dialSecond(address, racing.Token).AsTask();
        Task<IPathConnection> winner = await Task.WhenAny(first, second).ConfigureAwait(false);
        Task<IPathConnection> other = winner == first ? second : first;
        if (!winner.IsCompletedSuccessfully) (winner, other) = (other, winner);
        try
        {
            return await winner.ConfigureAwait(false);
        }
        catch (LaneException exception) when (other.Exception?.InnerException is LaneException also)
        {
            throw new LaneException(exception.Code, $"{also.Message} {exception.Message}", exception);
        }
        finally
        {
            await racing.CancelAsync().ConfigureAwait(false);
            _ = DropAsync(other);
        }
    }

    /// <summary>Lets go of a connection that isn't needed, once it stands.</summary>
    public static async Task DropAsync(Task<IPathConnection> unused)
    {
        try
        {
            await using IPathConnection connection = await unused.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is LaneException or OperationCanceledException)
        {
        }
    }
}
