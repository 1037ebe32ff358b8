using System.Runtime.CompilerServices;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;

namespace ChunkStream.Gateway.Assembly;

/// <summary>A stored file's manifest, of which every volume that holds a shard has a copy: verified, and written anew where one is bad.</summary>
internal sealed class ManifestCopies : IAsyncDisposable
{
    private readonly IShardFiles _files;
    private readonly StoredFile _file;

    // A copy that was verified; null where none is good.
    private Stream? _good;

    private ManifestCopies(IShardFiles files, StoredFile file) => (_files, _file) = (files, file);

    /// <summary>What is wrong with the first bad copy; null where all are good.</summary>
    public string? Problem { get; private set; }

    public static async Task<ManifestCopies> OpenAsync(IShardFiles files, StoredFile file, CancellationToken cancellationToken)
    {
        var copies = new ManifestCopies(files, file);
        var expected = new FileExpectation
        {
            FileId = file.Id,
            Layout = file.Layout,
            ContentHash = file.ContentHash,
            ManifestDigest = file.ManifestDigest,
        };
        foreach (Stream? copy in files.OpenManifests())
        {
            string? problem = copy is null ? "A volume doesn't have the manifest." : await ProblemOfAsync(copy, expected, cancellationToken).ConfigureAwait(false);
            copies.Problem ??= problem;
            if (copy is null) continue;
            if (problem is null && copies._good is null) copies._good = copy;
            else await copy.DisposeAsync().ConfigureAwait(false);
        }
        return copies;
    }

    /// <summary>Every stripe's number, and its hashes by the manifest where a copy is good. For one caller at a time.</summary>
    public async IAsyncEnumerable<(int Number, Digest[]? Digests)> StripesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FileLayout layout = _file.Layout;
        ManifestReader? reader = null;
        if (_good is not null)
        {
            _good.Position = 0;
            reader = new(_good);
        }
        bool isReadable = reader is not null && await reader.ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        for (int stripe = 0; stripe < layout.StripeCount; stripe++)
        {
            Digest[] digests = new Digest[layout.ShardCount];
            isReadable = isReadable && await reader!.ReadStripeAsync(digests, cancellationToken).ConfigureAwait(false);
            yield return (stripe, isReadable ? digests : null);
        }
    }

    /// <summary>Writes all copies anew where one was bad: from a good one, or from the hashes beside the chunks.</summary>
    public async Task<ManifestCondition> RepairAsync(CancellationToken cancellationToken)
    {
        if (Problem is null) return ManifestCondition.Good;
        try
        {
            if (_good is { } good)
            {
                good.Position = 0;
                await _files.WriteManifestAsync((target, token) => good.CopyToAsync(target, token), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await FileAssembler.WriteManifestAsync(_files, _file.ContentHash, cancellationToken, _file.ManifestDigest).ConfigureAwait(false);
            }
            return ManifestCondition.Rewritten;
        }
        catch (Exception exception) when (exception is StoreException or IOException or InvalidDataException)
        {
            Problem += " " + exception.Message;
            return _good is null ? ManifestCondition.Lost : ManifestCondition.Damaged;
        }
    }

    public ValueTask DisposeAsync() => _good?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<string?> ProblemOfAsync(Stream copy, FileExpectation expected, CancellationToken cancellationToken)
    {
        try
        {
            ManifestVerification found = await ManifestVerifier.VerifyAsync(copy, expected, cancellationToken).ConfigureAwait(false);
            return found.Fault?.Detail;
        }
        catch (IOException exception)
        {
            return exception.Message;
        }
    }
}
