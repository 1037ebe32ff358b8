using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using ChunkStream.Tests.Grains;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Xunit;

namespace ChunkStream.Tests.Abstractions;

/// <summary>The core's types cross between silos by surrogates.</summary>
public sealed class SerializationTests
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly Serializer _serializer = Services.GetRequiredService<Serializer>();

    [Fact]
    public void Layouts_survive() => Gen.Select(Gen.Long[0, 1L << 40], Gen.Int[16, 20], Gen.Int[1, 128], Gen.Int[0, 100])
        .Select((sizeBytes, log, dataShards, parityShards) => new FileLayout(sizeBytes, 1 << log, dataShards, parityShards))
        .Sample(layout => Assert.Equal(layout, Again(layout)));

    [Fact]
    public void Digests_survive() => Gen.Byte.Array[32].Sample(bytes => Assert.Equal(new Digest(bytes), Again(new Digest(bytes))));

    [Fact]
    public void Chunk_sets_survive() => Gen.Select(Gen.Int[0, 300], Gen.Int[0, 12]).List[0, 200].Sample(chunks =>
    {
        ChunkSet set = new(13);
        foreach ((int stripe, int shard) in chunks) set.Add(new ChunkIndex(stripe, shard));
        Assert.Equal(set.ToBytes(), Again(set).ToBytes());
    });

    [Fact]
    public void A_chunk_set_that_is_copied_is_another_one()
    {
        ChunkSet set = TestFiles.Chunks((0, 0));
        ChunkSet copy = Services.GetRequiredService<DeepCopier>().Copy(set);
        set.Add(new ChunkIndex(0, 1));
        Assert.Equal(1, copy.Count);
    }

    [Fact]
    public void Outcomes_survive_with_a_value_and_with_a_failure()
    {
        Outcome<AssemblyReport> good = new AssemblyReport(TestFiles.Hash(1), TestFiles.Hash(2), 3);
        Assert.Equal(good, Again(good));
        Outcome<TransferInfo> bad = new Failure(FailureCode.NotFound, "There is none.");
        Assert.Equal(bad, Again(bad));
        Assert.Equal("not-found: There is none.", Again(bad).Failure!.ToString());
    }

    [Fact]
    public void What_a_verification_found_survives()
    {
        ChunkVerification[] bad =
        [
            new(ChunkFinding.HashWrong, new(3, 1), 1L << 40, 65536, 65536, TestFiles.Hash(1), TestFiles.Hash(2)),
            ChunkVerification.NotRead(TestFiles.Layout, new(0, 5), ChunkFinding.Missing),
        ];
        var report = new HealthReport(9, 2, 1, 1) { LostBytes = 5, Bad = bad, Manifest = ManifestCondition.Rewritten, ManifestProblem = "It was cut." };
        HealthReport again = Again(report);
        Assert.Equal(bad, again.Bad);
        Assert.Equal(report, again with { Bad = bad });

        var record = new IntegrityCheckRecord(
            IntegritySubject.Chunk, Guid.NewGuid(), new(7, 8), DateTimeOffset.UtcNow, 1L << 41, 3, TestFiles.Hash(3), TestFiles.Hash(4));
        Assert.Equal(record, Again(record));
        Assert.Equal(record with { Index = null }, Again(record with { Index = null }));
    }

    [Fact]
    public void A_request_survives_with_all_that_it_asks_for()
    {
        TransferRequest request = TestFiles.Send("ü/..", "f") with
        {
            Parity = ParityMode.Adaptive,
            Priority = TransferPriority.High,
            RoundTrip = TimeSpan.FromMilliseconds(7),
            LossRate = 0.25,
            PreviousChunkBytes = 131072,
            FileId = Guid.NewGuid(),
        };
        Assert.Equal(request, Again(request));
    }

    private T Again<T>(T value) => _serializer.Deserialize<T>(_serializer.SerializeToArray(value))!;
}
