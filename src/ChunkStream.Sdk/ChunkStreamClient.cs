using ChunkStream.Core.Scheduling;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Receiving;
using ChunkStream.Sdk.Sending;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChunkStream.Sdk;

/// <summary>
/// Sends files to the service and receives them. Thread-safe; one instance for a process is enough. A call that fails or is
/// cancelled keeps what was committed, and the same call again goes on from there.
/// </summary>
/// <remarks>
/// Every call throws <see cref="ChunkStreamException"/> for what goes wrong outside of the caller's code, and
/// <see cref="OperationCanceledException"/> when cancelled. Memory for chunks: <see cref="ChunkStreamClientOptions.WindowMiB"/> a call.
/// </remarks>
public sealed class ChunkStreamClient
{
    private readonly SharedBandwidth _bandwidth;
    private readonly FileSender _sender;
    private readonly FileReceiver _receiver;
    private readonly RangeReader _reader;

    /// <param name="control">The service's commands: <see cref="HttpControlPlane"/>, or grains.</param>
    /// <param name="options">How to connect; null: the defaults.</param>
    /// <param name="loggers">Null: nothing is logged.</param>
    /// <param name="time">Null: the system's clock.</param>
    /// <exception cref="ArgumentException">Options aren't allowed; the message names all of them.</exception>
    public ChunkStreamClient(IControlPlane control, ChunkStreamClientOptions? options = null, ILoggerFactory? loggers = null, TimeProvider? time = null)
    {
        options ??= new();
        string[] problems = [.. options.Problems()];
        if (problems.Length > 0) throw new ArgumentException(string.Join(" ", problems), nameof(options));
        loggers ??= NullLoggerFactory.Instance;
        time ??= TimeProvider.System;
        LaneChoice choice = options.Transport switch
        {
            TransportChoice.Quic => LaneChoice.Quic,
            TransportChoice.Tls => LaneChoice.Tls,
            _ => LaneChoice.Auto,
        };
        var dialer = new PathDialer(choice, loggers.CreateLogger<PathDialer>(), time) { Congestion = options.Congestion };
        Control = control;
        _bandwidth = new(options.MaxBytesPerSecond, sharesUnlimited: true, time);
        _sender = new(control, options, dialer, _bandwidth, loggers.CreateLogger<FileSender>(), time);
        _receiver = new(control, options, dialer, _bandwidth, loggers.CreateLogger<FileReceiver>(), time);
        _reader = new(control, options, dialer, _bandwidth, new(options.ManifestDirectory), loggers.CreateLogger<RangeReader>(), time);
    }

    /// <summary>The commands that don't move bytes.</summary>
    public IControlPlane Control { get; }

    /// <summary>
    /// The most bytes a second on the wire for all calls of this client together, both directions, parity and retries included.
    /// 0: no limit. A change acts at once, on calls that run too.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public long MaxBytesPerSecond
    {
        get => _bandwidth.MaxBytesPerSecond;
        set => _bandwidth.MaxBytesPerSecond = value;
    }

    /// <summary>The chunks that had to wait for their share of the bandwidth; none do without a limit and with calls of one priority.</summary>
    public ChunkQueueStatistics WaitingChunks => _bandwidth.Waiting;

    /// <summary>
    /// Sends a file and returns when the service has it whole, verified and on disk. The file must not change until then. Sending the
    /// same file again after a failure or a cancellation resumes its transfer.
    /// </summary>
    public Task<SendResult> SendAsync(
        string path, SendOptions? options = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _sender.SendAsync(path, options ?? new(), progress, cancellationToken);

    /// <summary>
    /// Receives a file. Until it is whole and verified its bytes are in <c>OUTPUT.part</c>, from which the same call again resumes.
    /// </summary>
    public Task<ReceiveResult> ReceiveAsync(
        Guid fileId, string outputPath, ReceiveOptions? options = null, IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        _receiver.ReceiveAsync(fileId, outputPath, options ?? new(), progress, cancellationToken);

    /// <summary>Reads a range of a file into a stream, each byte verified before it is written.</summary>
    public Task ReadAsync(Guid fileId, long offsetBytes, long lengthBytes, Stream destination, CancellationToken cancellationToken = default) =>
        _reader.ReadAsync(fileId, offsetBytes, lengthBytes, destination, cancellationToken);

    /// <summary>Copies a file's manifest, checked, to a stream.</summary>
    public Task ReadManifestAsync(Guid fileId, Stream destination, CancellationToken cancellationToken = default) =>
        _reader.ReadManifestAsync(fileId, destination, cancellationToken);
}
