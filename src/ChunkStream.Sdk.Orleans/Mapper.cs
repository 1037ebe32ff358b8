using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Paths;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Sdk.Orleans;

/// <summary>Between the grains' records and the client's: the one place that knows both.</summary>
internal static class Mapper
{
    public static TransferRequest ToRequest(CreateTransfer request, string owner) => new()
    {
        Owner = owner,
        Direction = To<Abstractions.Transfers.TransferDirection, Control.TransferDirection>(request.Direction),
        Name = request.Name,
        SizeBytes = request.SizeBytes,
        Fingerprint = request.Fingerprint,
        ChunkBytes = request.ChunkBytes,
        DataShards = request.DataShards,
        ParityShards = request.ParityShards,
        Parity = To<Abstractions.Transfers.ParityMode, Control.ParityMode>(request.Parity),
        Priority = ToPriority(request.Priority),
        FileId = request.FileId ?? Guid.Empty,
        ContentHash = request.Blake3,
        RoundTrip = Milliseconds(request.RoundTripMs),
        LossRate = request.LossRate,
        PreviousChunkBytes = request.PreviousChunkBytes,
    };

    public static CatalogQuery ToQuery(TransferQuery query, string owner) => new()
    {
        Owner = owner,
        State = query.State is { } state ? To<Abstractions.Transfers.TransferState, Control.TransferState>(state) : null,
        Direction = query.Direction is { } direction ? To<Abstractions.Transfers.TransferDirection, Control.TransferDirection>(direction) : null,
        Priority = query.Priority is { } priority ? To<Abstractions.Transfers.TransferPriority, Control.TransferPriority>(priority) : null,
        After = ToCursor(query.Cursor),
        Limit = query.Limit,
        NamePrefix = query.NamePrefix,
        CreatedFrom = query.CreatedFrom,
        CreatedBefore = query.CreatedBefore,
    };

    public static CatalogQuery ToQuery(FileQuery query, string owner) => new()
    {
        Owner = owner,
        After = ToCursor(query.Cursor),
        Limit = query.Limit,
        NamePrefix = query.NamePrefix,
        CreatedFrom = query.CreatedFrom,
        CreatedBefore = query.CreatedBefore,
    };

    public static Abstractions.Transfers.TransferPriority ToPriority(Control.TransferPriority priority) =>
        To<Abstractions.Transfers.TransferPriority, Control.TransferPriority>(priority);

    public static PathSample ToSample(PathReport report) =>
        new(Milliseconds(report.RoundTripMs), report.BytesPerSecond, report.LossRate, report.Bytes, report.Chunks, report.Failures)
        {
            ReceivedBytes = report.ReceivedBytes,
            ReceivedChunks = report.ReceivedChunks,
            ResentChunks = report.ResentChunks,
            HedgedChunks = report.HedgedChunks,
            CancelledChunks = report.CancelledChunks,
            Connections = report.Connections,
        };

    public static Opening ToOpening(TransferOpening opening) => new()
    {
        Transfer = ToTransfer(opening.Transfer),
        Parity = To<Control.ParityMode, Abstractions.Transfers.ParityMode>(opening.Plan.Parity),
        Homes = ToHomes(opening.Plan.Homes),
        Gateways = [.. opening.Gateways.Select(ToAddress)],
        Ticket = opening.Ticket,
        TicketExpiresAt = opening.TicketExpiresAt,
        Committed = ToBounds(opening.Committed),
        Blake3 = opening.ContentHash,
        ManifestDigest = opening.ManifestDigest,
        Existing = opening.Existing,
    };

    /// <summary>A file that is read without a transfer: the transfer in the opening carries the file's shape, and the empty id.</summary>
    public static Opening ToOpening(FileOpening opening) => new()
    {
        Transfer = new()
        {
            Id = Guid.Empty,
            SessionId = Guid.Empty,
            FileId = opening.File.Id,
            Direction = Control.TransferDirection.Receive,
            State = Control.TransferState.Transferring,
            Name = opening.File.Name,
            SizeBytes = opening.File.Layout.SizeBytes,
            ChunkBytes = opening.File.Layout.ChunkBytes,
            DataShards = opening.File.Layout.DataShards,
            ParityShards = opening.File.Layout.ParityShards,
            Priority = Control.TransferPriority.Normal,
            CreatedAt = opening.File.CreatedAt,
            UpdatedAt = opening.File.CreatedAt,
            TotalChunks = opening.File.Layout.ChunkCount,
            CommittedChunks = 0,
            CommittedBytes = 0,
            RebuiltChunks = 0,
            Blake3 = opening.File.ContentHash,
        },
        Parity = Control.ParityMode.Full,
        Homes = ToHomes(opening.File.Homes),
        Gateways = [.. opening.Gateways.Select(ToAddress)],
        Ticket = opening.Ticket,
        TicketExpiresAt = opening.TicketExpiresAt,
        Committed = [],
        Blake3 = opening.File.ContentHash,
        ManifestDigest = opening.File.ManifestDigest,
    };

    public static Transfer ToTransfer(TransferInfo transfer) => new()
    {
        Id = transfer.Id,
        SessionId = transfer.SessionId,
        FileId = transfer.FileId,
        Direction = To<Control.TransferDirection, Abstractions.Transfers.TransferDirection>(transfer.Direction),
        State = To<Control.TransferState, Abstractions.Transfers.TransferState>(transfer.State),
        Name = transfer.Name,
        SizeBytes = transfer.SizeBytes,
        ChunkBytes = transfer.ChunkBytes,
        DataShards = transfer.DataShards,
        ParityShards = transfer.ParityShards,
        Priority = To<Control.TransferPriority, Abstractions.Transfers.TransferPriority>(transfer.Priority),
        CreatedAt = transfer.CreatedAt,
        UpdatedAt = transfer.UpdatedAt,
        TotalChunks = transfer.TotalChunks,
        CommittedChunks = transfer.CommittedChunks,
        CommittedBytes = transfer.CommittedBytes,
        RebuiltChunks = transfer.RebuiltChunks,
        Blake3 = transfer.ContentHash,
        FailureCode = transfer.FailureCode == FailureCode.None ? null : transfer.FailureCode.ToName(),
        FailureMessage = transfer.FailureCode == FailureCode.None ? null : transfer.FailureMessage,
        Failures = transfer.Failures is { Count: > 0 } failures ? [.. failures.Select(ToFailure)] : null,
    };

    public static Session ToSession(SessionInfo session) => new()
    {
        Id = session.Id,
        TransferId = session.TransferId,
        Status = EnumNames.Of(session.Status),
        StripeCount = session.Layout.StripeCount,
        TotalChunks = session.Layout.ChunkCount,
        CommittedChunks = session.Committed.Count,
        CommittedBytes = session.CommittedBytes,
        TotalBytes = session.Layout.StoredBytes,
        Committed = ToBounds(session.Committed),
        Failed = ToBounds(session.Failed),
        Remaining = ToBounds(session.Remaining()),
        IsResumable = session.IsResumable,
        NotResumableBecause = session.NotResumableBecause,
        UpdatedAt = session.UpdatedAt,
    };

    public static Control.StoredFile ToFile(Abstractions.Files.StoredFile file) => new()
    {
        Id = file.Id,
        Name = file.Name,
        SizeBytes = file.Layout.SizeBytes,
        Blake3 = file.ContentHash,
        ManifestDigest = file.ManifestDigest,
        ChunkBytes = file.Layout.ChunkBytes,
        DataShards = file.Layout.DataShards,
        ParityShards = file.Layout.ParityShards,
        Health = EnumNames.Of(file.Health),
        CreatedAt = file.CreatedAt,
    };

    public static VerifyReport ToReport(HealthReport report, FileLayout layout) =>
        new(report.CheckedChunks, report.BadChunks, report.RebuiltChunks, report.LostStripes)
        {
            LostBytes = report.LostBytes,
            Bad = report.Bad is { Count: > 0 } bad ? [.. bad.Select(chunk => DifferingChunk.Of(layout, chunk))] : null,
            Manifest = EnumNames.Of(report.Manifest),
            ManifestProblem = report.ManifestProblem,
        };

    public static IntegrityCheck ToCheck(FileCheck check) => new()
    {
        CheckedAt = check.Record.CheckedAt,
        Passed = check.Record.Passed,
        ExpectedBytes = check.Record.ExpectedBytes,
        FoundBytes = check.Record.FoundBytes,
        ExpectedHash = check.Record.Expected,
        FoundHash = check.Record.Found.IsZero ? null : check.Record.Found,
        CheckedChunks = check.CheckedChunks,
        BadChunks = check.BadChunks,
        RebuiltChunks = check.RebuiltChunks,
        LostStripes = check.LostStripes,
        Manifest = EnumNames.Of(check.Manifest),
    };

    public static PathState ToPath(PathInfo path) => new()
    {
        Key = path.Key,
        Status = EnumNames.Of(path.Status),
        RoundTripMs = path.RoundTrip.TotalMilliseconds,
        BytesPerSecond = path.BytesPerSecond,
        LossRate = path.LossRate,
        Bytes = path.Bytes,
        Chunks = path.Chunks,
        Failures = path.Failures,
        UpdatedAt = path.UpdatedAt,
        ReceivedBytes = path.ReceivedBytes,
        ReceivedChunks = path.ReceivedChunks,
        ResentChunks = path.ResentChunks,
        HedgedChunks = path.HedgedChunks,
        CancelledChunks = path.CancelledChunks,
        Connections = path.Connections,
    };

    public static GatewayState ToGateway(GatewayInfo gateway) => new(
        ToAddress(gateway.Address), gateway.OpenLanes, gateway.Volumes.Sum(volume => volume.TotalBytes), gateway.Volumes.Sum(volume => volume.FreeBytes));

    public static Control.Page<TTo> ToPage<TFrom, TTo>(Abstractions.Catalog.Page<TFrom> page, Func<TFrom, TTo> map) =>
        new([.. page.Items.Select(map)], page.Next?.ToString());

    private static CatalogCursor? ToCursor(string? cursor) => cursor is null ? null
        : CatalogCursor.Parse(cursor) ?? throw new ChunkStreamException(
            FailureCode.InvalidRequest, $"cursor is '{Excerpt.Of(cursor)}'. It is the 'next' of the page before, as it was answered.");

    private static Control.TransferFailure ToFailure(Abstractions.Transfers.TransferFailure failure) =>
        new(failure.At, failure.Code.ToName(), failure.Message, failure.RecoveredAt);

    private static Control.GatewayAddress ToAddress(Abstractions.Gateways.GatewayAddress address) => new()
    {
        GatewayId = address.GatewayId,
        Endpoints = address.Endpoints,
        SpkiSha256 = address.SpkiSha256,
        HasQuic = address.HasQuic,
    };

    private static string[] ToHomes(IReadOnlyList<ShardHome> homes) => [.. homes.Select(home => home.GatewayId)];

    private static int[][] ToBounds(ChunkSet chunks) => [.. Enumerable.Range(0, chunks.ShardCount).Select(shard => chunks[shard].ToBounds())];

    private static TimeSpan? Milliseconds(double? milliseconds) => milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;

    // The two sides' enums carry the same names, which a test holds them to; a number could move unnoticed.
    private static TTo To<TTo, TFrom>(TFrom value) where TTo : struct, Enum where TFrom : struct, Enum => Enum.Parse<TTo>(value.ToString());
}
