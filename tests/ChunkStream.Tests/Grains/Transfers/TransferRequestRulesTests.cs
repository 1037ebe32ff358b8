using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Grains.Transfers;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Transfers;

public sealed class TransferRequestRulesTests
{
    [Theory]
    [InlineData("film.mov")]
    [InlineData("../../etc/passwd")]
    [InlineData("/")]
    [InlineData("..")]
    [InlineData("C:\\film.mov")]
    [InlineData("ünïcödé 影片 🎞")]
    [InlineData(" ")]
    public void Any_text_is_a_name(string name) => Assert.Null(TransferRequestRules.Check(Send(name)));

    [Theory]
    [InlineData("", "0 characters")]
    [InlineData("a\0b", "U+0000 at position 1")]
    [InlineData("a\nb", "U+000A")]
    [InlineData("a\u007f", "U+007F")]
    [InlineData("a\u0085", "U+0085")]
    public void Control_characters_and_nothing_are_no_names(string name, string told)
    {
        Failure failure = TransferRequestRules.Check(Send(name))!;
        Assert.Equal(FailureCode.InvalidName, failure.Code);
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_name() => Assert.Equal(FailureCode.InvalidName, TransferRequestRules.Check(Send("a\ud83cb"))!.Code);

    [Fact]
    public void A_name_has_at_most_1024_characters()
    {
        Assert.Null(TransferRequestRules.Check(Send(new string('x', 1024))));
        Failure failure = TransferRequestRules.Check(Send(new string('x', 10_000)))!;
        Assert.Equal(FailureCode.InvalidName, failure.Code);
        Assert.Contains("10000", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1024", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 0, 10, 3, "-1")]
    [InlineData(1, 100_000, 10, 3, "100000")]
    [InlineData(1, 32 * 1024, 10, 3, "32768")]
    [InlineData(1, 0, 0, 3, "0")]
    [InlineData(1, 0, 129, 3, "129")]
    [InlineData(1, 0, 10, 246, "246")]
    [InlineData(1, 0, 10, -1, "-1")]
    public void A_layout_outside_of_its_bounds_is_refused_with_the_value_and_what_is_allowed(
        long sizeBytes, int chunkBytes, int dataShards, int parityShards, string told)
    {
        Failure failure = TransferRequestRules.LayoutOf(Send() with
        {
            SizeBytes = sizeBytes,
            ChunkBytes = chunkBytes,
            DataShards = dataShards,
            ParityShards = parityShards,
        }).Refused(FailureCode.InvalidLayout);
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(21, 0.0, null, 512)]
    [InlineData(21, 0.0, 1024, 1024)]
    [InlineData(26, 0.0, 1024, 512)]
    [InlineData(21, null, 1024, 256)]
    [InlineData(null, null, 1024, 256)]
    public void The_size_that_a_network_had_is_kept_while_it_wavers(int? milliseconds, double? loss, int? previousKiB, int expectedKiB)
    {
        TransferRequest request = Send() with
        {
            ChunkBytes = 0,
            SizeBytes = 1 << 30,
            RoundTrip = milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null,
            LossRate = loss,
            PreviousChunkBytes = previousKiB * 1024,
        };
        Assert.Equal(expectedKiB * 1024, TransferRequestRules.LayoutOf(request).Ok().ChunkBytes);
    }

    [Fact]
    public void A_chunk_length_of_0_is_chosen()
    {
        FileLayout layout = TransferRequestRules.LayoutOf(Send() with { ChunkBytes = 0 }).Ok();
        Assert.InRange(layout.ChunkBytes, FileLayout.MinChunkBytes, FileLayout.MaxChunkBytes);
    }

    [Fact]
    public void Values_that_no_enumeration_or_measure_has_are_refused()
    {
        TransferRequest[] wrong =
        [
            Send(owner: ""), Send() with { Direction = (TransferDirection)7 }, Send() with { Parity = (ParityMode)7 },
            Send() with { Priority = (TransferPriority)7 }, Send() with { LossRate = 1.5 }, Send() with { PreviousChunkBytes = 100_000 }, Send() with { LossRate = double.NaN },
            Send() with { RoundTrip = TimeSpan.FromSeconds(-1) }, Send(fingerprint: new string('f', 257)), Receive(Guid.Empty),
        ];
        Assert.All(wrong, request => Assert.Equal(FailureCode.InvalidRequest, TransferRequestRules.Check(request)?.Code));
    }

    [Fact]
    public void The_key_tells_owner_name_and_fingerprint_apart()
    {
        string? key = TransferRequestRules.KeyOf(Send("film", "f1", "alice"));
        Assert.Equal(key, TransferRequestRules.KeyOf(Send("film", "f1", "alice")));
        Assert.NotEqual(key, TransferRequestRules.KeyOf(Send("film2", "f1", "alice")));
        Assert.NotEqual(key, TransferRequestRules.KeyOf(Send("film", "f2", "alice")));
        Assert.NotEqual(key, TransferRequestRules.KeyOf(Send("film", "f1", "bob")));
        Assert.NotEqual(TransferRequestRules.KeyOf(Send("xfilm", "f1", "alice")), TransferRequestRules.KeyOf(Send("film", "f1", "alicex")));
        Assert.Null(TransferRequestRules.KeyOf(Send("film", "")));
        Assert.Null(TransferRequestRules.KeyOf(Receive(Guid.NewGuid())));
    }
}
