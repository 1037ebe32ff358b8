using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Running;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Verifying;

/// <summary>What checks found, kept in a file: added to by each check, and enough to make the last one again without a manifest.</summary>
internal static class CheckRecords
{
    /// <summary>Adds a record of the file, and one of each chunk that is known to differ. A manifest that isn't believed leaves none.</summary>
    public static async Task AddAsync(FileStream log, FileVerification found, long foundBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!found.Manifest.IsGood || found.Manifest.Header is not { } header) return;
        foreach (ChunkVerification chunk in found.Chunks!.Details.OrderBy(chunk => chunk.Index))
            await IntegrityCheckLog.AppendAsync(log, IntegrityCheckRecord.OfChunk(header.FileId, chunk, time), cancellationToken);
        // The whole file's hash follows from its chunks' where all are good; otherwise nobody computed it.
        Digest hash = found.IsGood ? header.ContentHash : default;
        await AddAsync(log, IntegrityCheckRecord.OfFile(header.FileId, header.Layout.SizeBytes, header.ContentHash, new(hash, foundBytes), time), cancellationToken);
    }

    /// <summary>Makes the last check of a file again: the whole file's checksum, against what its record expects.</summary>
    public static async Task<int> CheckAgainAsync(Call call, string file, string path, CancellationToken cancellationToken)
    {
        await using FileStream stream = LocalFiles.OpenRead(file);
        LocalFiles.OpenRead(path).Dispose(); // A log that isn't there is not made.
        await using FileStream log = LocalFiles.OpenLog(path);
        var (last, damaged) = await LastAsync(log, cancellationToken);
        FileChecksum found = await FileChecksum.ComputeAsync(stream, Environment.ProcessorCount, cancellationToken);
        IntegrityCheckRecord now = last.CheckedAgain(found.LengthBytes, found.Hash, call.Environment.Time);
        await AddAsync(log, now, cancellationToken);
        call.Write(
            new
            {
                file,
                now.FileId,
                IsGood = now.Passed,
                now.CheckedAt,
                LastCheckedAt = last.CheckedAt,
                LastWasGood = last.Passed,
                now.ExpectedBytes,
                now.FoundBytes,
                ExpectedHash = now.Expected,
                FoundHash = now.Found,
                DamagedRecords = damaged,
            },
            console => console.WriteLine(now.Passed
                ? $"{Excerpt.Of(file)}  good: as recorded at {Output.Texts.Time(last.CheckedAt)}, {now.Found}"
                : $"{Excerpt.Of(file)}  differs: {now.FoundBytes} bytes with the hash {now.Found}, not {now.ExpectedBytes} with {now.Expected}"));
        if (damaged > 0) call.Say($"{damaged} records of '{Excerpt.Of(path)}' are damaged and were passed over.");
        return now.Passed ? ExitCode.Done : ExitCode.Integrity;
    }

    private static async Task AddAsync(FileStream log, IntegrityCheckRecord record, CancellationToken cancellationToken)
    {
        await IntegrityCheckLog.AppendAsync(log, record, cancellationToken);
        log.Flush(flushToDisk: true);
    }

    private static async Task<(IntegrityCheckRecord Last, long Damaged)> LastAsync(FileStream log, CancellationToken cancellationToken)
    {
        IntegrityCheckRecord? last = null;
        long damaged = 0;
        await foreach (IntegrityCheckRecord? record in IntegrityCheckLog.ReadAsync(log, cancellationToken))
        {
            if (record is null) damaged++;
            else if (record.Subject == IntegritySubject.File) last = record;
        }
        return last is null
            ? throw new CliException(FailureCode.NotFound, $"'{Excerpt.Of(log.Name)}' has no record of a file{(damaged > 0 ? $"; {damaged} of its records are damaged" : "")}. Give --manifest or FILE_ID.")
            : (last, damaged);
    }
}
