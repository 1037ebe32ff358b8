using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Paths;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using ChunkStream.Grains.Files;
using ChunkStream.Grains.Paths;
using ChunkStream.Grains.Sessions;
using ChunkStream.Grains.Transfers;

namespace ChunkStream.Tests.Grains.State;

/// <summary>One state of each grain with every member set.</summary>
internal static class StoredStates
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly Guid TransferId = new("01890a5d-ac96-774b-bcce-b302099a8057");
    private static readonly FileLayout Layout = new(10_000_000, 256 * 1024, 10, 3);
    private static readonly ShardHome[] Homes = [.. Enumerable.Range(0, 13).Select(shard => new ShardHome("gateway-1", $"volume-{shard % 3}"))];

    public static TransferRecord Transfer { get; } = new()
    {
        Revision = 7,
        Plan = new()
        {
            TransferId = TransferId,
            SessionId = new("01890a5d-ac96-774b-bcce-b302099a8058"),
            FileId = new("01890a5d-ac96-774b-bcce-b302099a8059"),
            Direction = TransferDirection.Receive,
            Owner = "alice",
            Name = "a/../ü.mov",
            Layout = Layout,
            Parity = ParityMode.Adaptive,
            Homes = Homes,
        },
        State = TransferState.Paused,
        Priority = TransferPriority.Low,
        Key = "k1",
        CreatedAt = Time,
        UpdatedAt = Time.AddSeconds(1),
        PausedByNetwork = true,
        ContentHash = TestFiles.Hash(1),
        ManifestDigest = TestFiles.Hash(2),
        RebuiltChunks = 5,
        FailureCode = FailureCode.PathLost,
        FailureMessage = "No path is left.",
        IsSettled = true,
    };

    /// <summary>The members that came later: what went wrong, and the hash that was known beforehand.</summary>
    public static TransferRecord TransferWithHistory { get; } = Transfer with
    {
        Failures =
        [
            new() { At = Time, Code = FailureCode.PathLost, Message = "No path is left.", RecoveredAt = Time.AddSeconds(3) },
            new() { At = Time.AddMinutes(1), Code = FailureCode.TimedOut, Message = "Nothing came." },
        ],
        DeclaredHash = TestFiles.Hash(5),
    };

    public static TransferKeyRecord TransferKey { get; } = new() { Holder = TransferId };

    public static SessionRecord Session { get; } = new()
    {
        TransferId = TransferId,
        Status = SessionStatus.Active,
        Layout = Layout,
        Committed = Set((0, 0), (1, 0), (3, 0), (2, 12)),
        Failed = Set((1, 7)),
        CreatedAt = Time,
        UpdatedAt = Time.AddSeconds(2),
    };

    public static FileRecord File { get; } = new()
    {
        Revision = 3,
        File = new()
        {
            Id = new("01890a5d-ac96-774b-bcce-b302099a8059"),
            Owner = "alice",
            Name = "film.mov",
            Layout = Layout,
            ContentHash = TestFiles.Hash(3),
            ManifestDigest = TestFiles.Hash(4),
            Homes = Homes,
            Health = FileHealth.Degraded,
            CreatedAt = Time,
        },
        DeletedAt = Time.AddDays(1),
        IsDropped = true,
    };

    /// <summary>The member that came later: the checks.</summary>
    public static FileRecord FileWithChecks { get; } = File with
    {
        Checks =
        [
            new()
            {
                Record = new(IntegritySubject.File, File.File.Id, null, Time.AddDays(2), Layout.SizeBytes, Layout.SizeBytes - 7, TestFiles.Hash(3), default),
                CheckedChunks = 52,
                BadChunks = 9,
                RebuiltChunks = 4,
                LostStripes = 1,
                Manifest = ManifestCondition.Rewritten,
            },
        ],
    };

    public static PathRecord Path { get; } = new()
    {
        Health = new()
        {
            Status = PathStatus.Degraded,
            RoundTrip = TimeSpan.FromMilliseconds(42),
            BytesPerSecond = 1.5e6,
            LossRate = 0.0625,
            Bytes = 1 << 20,
            Chunks = 16,
            Failures = 2,
            UpdatedAt = Time,
            FailuresInRow = 1,
            GoodInRow = 2,
        },
    };

    private static ChunkSet Set(params (int Stripe, int Shard)[] chunks)
    {
        ChunkSet set = new(Layout.ShardCount);
        foreach ((int stripe, int shard) in chunks) set.Add(new ChunkIndex(stripe, shard));
        return set;
    }
}
