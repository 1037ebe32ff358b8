using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Running;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Verifying;

/// <summary>Checks a file of this machine, chunk by chunk and over all cores, against a manifest.</summary>
internal static class LocalVerifier
{
    /// <summary>Against a manifest of this machine.</summary>
    public static async Task<int> AgainstFileAsync(Call call, string file, string manifest, string? log, CancellationToken cancellationToken)
    {
        await using FileStream stream = LocalFiles.OpenRead(manifest);
        return await VerifyAsync(call, file, stream, null, log, cancellationToken);
    }

    /// <summary>Against the manifest that the service keeps.</summary>
    public static async Task<int> AgainstServiceAsync(Call call, string file, Guid fileId, string? log, CancellationToken cancellationToken)
    {
        StoredFile stored = await call.Control.GetFileAsync(fileId, cancellationToken);
        var expected = new FileExpectation { FileId = fileId, SizeBytes = stored.SizeBytes, ContentHash = stored.Blake3, ManifestDigest = stored.ManifestDigest };
        // It may be larger than memory.
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        await using var manifest = new FileStream(Path.Combine(Path.GetTempPath(), $"chunkstream-{Guid.NewGuid():n}.manifest"), options);
        await new ChunkStreamClient(call.Control).ReadManifestAsync(fileId, manifest, cancellationToken);
        manifest.Position = 0;
        return await VerifyAsync(call, file, manifest, expected, log, cancellationToken);
    }

    private static async Task<int> VerifyAsync(
        Call call, string file, FileStream manifest, FileExpectation? expected, string? log, CancellationToken cancellationToken)
    {
        await using FileStream stream = LocalFiles.OpenRead(file);
        await using FileStream? records = log is null ? null : LocalFiles.OpenLog(log);
        long startedAt = call.Environment.Time.GetTimestamp();
        FileVerification found = await FileVerifier.VerifyAsync(stream, manifest, Environment.ProcessorCount, expected, cancellationToken);
        var report = LocalReport.Of(file, stream.Length, found, call.Environment.Time.GetElapsedTime(startedAt));
        if (records is not null) await CheckRecords.AddAsync(records, found, stream.Length, call.Environment.Time, cancellationToken);
        call.Write(report, console =>
        {
            foreach (string line in report.Lines()) console.WriteLine(line);
        });
        return report.IsGood ? ExitCode.Done : ExitCode.Integrity;
    }
}
