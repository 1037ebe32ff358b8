using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Receiving;

/// <summary>Gets a file's manifest over a lane, and checks one before anything in it is believed.</summary>
internal static class ManifestFetch
{
    /// <summary>Asks for it; that needn't wait for the welcome.</summary>
    public static ValueTask AskAsync(Lane lane, CancellationToken cancellationToken) =>
        lane.WriteAsync(FrameHeader.Of(FrameType.FetchManifest, 0), cancellationToken);

    /// <summary>After <see cref="AskAsync"/> and the welcome: writes the manifest as the gateway has it.</summary>
    public static async Task CopyAsync(Lane lane, Stream destination, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] piece = new byte[FrameLimits.MaxManifestPieceBytes];
        while (true)
        {
            FrameHeader header = await LaneOpening.ReadAsync(lane, cancellationToken).ConfigureAwait(false);
            if (header.Type == FrameType.Pong)
            {
                await LaneOpening.ReadPongAsync(lane, header, time, cancellationToken).ConfigureAwait(false);
                continue;
            }
            if (header.Type == FrameType.Priority)
            {
                // Of one short answer there is nothing to hold back.
                await LaneOpening.ReadPriorityAsync(lane, header, cancellationToken).ConfigureAwait(false);
                continue;
            }
            if (header.Type != FrameType.Manifest)
                throw new LaneException(FailureCode.FrameUnknown, $"The gateway answered FetchManifest with {header.Type}.");
            if (header.BodyBytes == 0) return;
            await lane.ReadBodyAsync(piece.AsMemory(0, header.BodyBytes), cancellationToken).ConfigureAwait(false);
            await destination.WriteAsync(piece.AsMemory(0, header.BodyBytes), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a manifest through: it must be whole, be this file's, and merge to the file's hash.</summary>
    public static async Task<Failure?> CheckAsync(
        Stream manifest, Guid fileId, FileLayout layout, Digest blake3, Digest manifestDigest, CancellationToken cancellationToken)
    {
        var reader = new ManifestReader(manifest);
        if (!await reader.ReadHeaderAsync(cancellationToken).ConfigureAwait(false)) return reader.Fault!.ToFailure();
        ManifestHeader header = reader.Header;
        if (header.FileId != fileId || header.Layout != layout || header.ContentHash != blake3)
            return new(FailureCode.ManifestInvalid, $"The manifest is of file {header.FileId} with hash {header.ContentHash}, not of {fileId} with {blake3}.");
        var digests = new Digest[layout.ShardCount];
        while (await reader.ReadStripeAsync(digests, cancellationToken).ConfigureAwait(false))
        {
        }
        if (reader.Fault is { } fault) return fault.ToFailure();
        return reader.ManifestDigest == manifestDigest
            ? null
            : new(FailureCode.ManifestInvalid, $"The manifest's digest is {reader.ManifestDigest}; the service recorded {manifestDigest}.");
    }
}
