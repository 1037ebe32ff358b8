using System.Runtime.CompilerServices;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;
using ChunkStream.Core.Scheduling;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace ChunkStream.Sdk.Receiving;

/// <summary>One call's reading of a file: its manifest, its paths and its fetcher. Made by <see cref="OpenAsync"/>.</summary>
internal sealed class FileFetch : IAsyncDisposable
{
    private readonly SafeFileHandle? _manifestFile;
    private readonly ManifestFile? _manifest;
    private readonly ChunkDispatcher<FetchRequest> _dispatcher;
    private readonly PathRunner<FetchRequest> _paths;
    private readonly TicketHolder _ticket;
    private readonly TimeProvider _time;
    private readonly StripeFetcher? _fetcher;
    private readonly BandwidthFlow _bandwidth;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    private FileFetch(
        FileLayout layout, SafeFileHandle? manifestFile, ManifestFile? manifest, ChunkDispatcher<FetchRequest> dispatcher,
        PathRunner<FetchRequest> paths, TicketHolder ticket, BandwidthFlow bandwidth, int windowMiB, TimeProvider time)
    {
        Layout = layout;
        (_manifestFile, _manifest, _dispatcher, _paths, _ticket, _bandwidth, _time) = (manifestFile, manifest, dispatcher, paths, ticket, bandwidth, time);
        if (manifest is not null) _fetcher = new(layout, manifest, dispatcher, windowMiB, time);
    }

    public FileLayout Layout { get; }

    /// <summary>The manifest, checked. Null for an empty file, which needs none.</summary>
    public ManifestFile? Manifest => _manifest;

    public IReadOnlyList<PathSummary> Paths => _paths.Summaries;

    public IReadOnlyList<PathLink> Links => _paths.Links;

    public bool IsUp => _paths.IsUp;

    public long ReceivedChunks => _fetcher?.ReceivedChunks ?? 0;

    public long RebuiltChunks => _fetcher?.RebuiltChunks ?? 0;

    /// <summary>
    /// Gets ready to read: the manifest is taken from <paramref name="manifestPath"/> where it is there and checks out, and put there
    /// otherwise.
    /// </summary>
    public static async Task<FileFetch> OpenAsync(
        Opening opening, HeadStart headStart, Func<CancellationToken, Task<Opening>> renew, string manifestPath, ChunkStreamClientOptions options,
        PathDialer dialer, SharedBandwidth shared, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        Transfer transfer = opening.Transfer;
        FileLayout layout = new(transfer.SizeBytes, transfer.ChunkBytes, transfer.DataShards, transfer.ParityShards);
        var dispatcher = new ChunkDispatcher<FetchRequest>();
        var ticket = new TicketHolder(opening, renew);
        var paths = new PathRunner<FetchRequest>(dispatcher, dialer, options, ticket, headStart, gatewaySends: true, time, logger);
        if (layout.IsEmpty) return new(layout, null, null, dispatcher, paths, ticket, OpenBandwidth(), options.WindowMiB, time);

        if (!await IsGoodAsync().ConfigureAwait(false))
        {
            string arriving = $"{manifestPath}.{Guid.NewGuid():N}";
            try
            {
                await paths.OnceAsync(
                    async (lane, token) =>
                    {
                        await LaneOpening.HelloAsync(lane, ticket.Ticket, time, token).ConfigureAwait(false);
                        await ManifestFetch.AskAsync(lane, token).ConfigureAwait(false);
                        await LaneOpening.WelcomedAsync(lane, options.Timing.WelcomeWithin, time, token).ConfigureAwait(false);
                        await using FileStream file = File.Create(arriving);
                        await ManifestFetch.CopyAsync(lane, file, time, token).ConfigureAwait(false);
                    },
                    cancellationToken).ConfigureAwait(false);
                if (await CheckAsync(arriving).ConfigureAwait(false) is { } bad) throw new ChunkStreamException(bad);
                File.Move(arriving, manifestPath, overwrite: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new ChunkStreamException(FailureCode.TargetUnwritable, $"The manifest can't be kept at '{manifestPath}': {exception.Message}", exception);
            }
            finally
            {
                File.Delete(arriving);
            }
        }
        SafeFileHandle handle = File.OpenHandle(manifestPath);
        if (ManifestFile.Open(handle, out ManifestFile? manifest) is { } fault)
        {
            handle.Dispose();
            throw new ChunkStreamException(fault.ToFailure());
        }
        return new(layout, handle, manifest, dispatcher, paths, ticket, OpenBandwidth(), options.WindowMiB, time);

        BandwidthFlow OpenBandwidth() => shared.Open((Priority)transfer.Priority);

        async Task<bool> IsGoodAsync() => File.Exists(manifestPath) && await CheckAsync(manifestPath).ConfigureAwait(false) is null;

        async Task<Failure?> CheckAsync(string path)
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, useAsync: false);
            return await ManifestFetch.CheckAsync(
                file, transfer.FileId, layout, opening.Blake3!.Value, opening.ManifestDigest!.Value, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Fetches these stripes' wanted data shards, in order, over all paths. Once. The paths end after it, until this is disposed of.</summary>
    public async IAsyncEnumerable<FetchedStripe> FetchAsync(
        IEnumerable<(int Stripe, ShardSet Wanted)> stripes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_fetcher is null) yield break;
        await using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(static stopping => ((CancellationTokenSource)stopping!).Cancel(), _stopping);
        _running = RunPathsAsync();
        try
        {
            await using IAsyncEnumerator<FetchedStripe> fetched = _fetcher.FetchAsync(stripes, _stopping.Token).GetAsyncEnumerator(_stopping.Token);
            while (true)
            {
                bool more;
                try
                {
                    more = await fetched.MoveNextAsync().ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    // The paths have given up: theirs is the reason.
                    await _running.ConfigureAwait(false);
                    throw;
                }
                if (!more) yield break;
                yield return fetched.Current;
            }
        }
        finally
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _fetcher?.Dispose();
        _bandwidth.Dispose();
        _manifestFile?.Dispose();
        _ticket.Dispose();
    }

    private async Task RunPathsAsync()
    {
        try
        {
            await _paths.RunAsync(
                async (lane, link, retired, token) =>
                {
                    await LaneOpening.HelloAsync(lane, _ticket.Ticket, _time, token).ConfigureAwait(false);
                    await new FetchingLane(lane, link, WelcomedAsync, _fetcher!, _dispatcher, _bandwidth, _time).RunAsync(retired, token).ConfigureAwait(false);

                    async Task WelcomedAsync(CancellationToken cancellationToken)
                    {
                        await LaneOpening.WelcomedAsync(lane, _paths.Timing.WelcomeWithin, _time, cancellationToken).ConfigureAwait(false);
                        _paths.Up(link, lane);
                    }
                },
                _stopping.Token).ConfigureAwait(false);
        }
        finally
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
    }
}
