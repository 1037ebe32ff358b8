using ChunkStream.Cli.Parsing;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Cli;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1000", 1000)]
    [InlineData("1000B", 1000)]
    [InlineData("64k", 65536)]
    [InlineData("64K", 65536)]
    [InlineData("64KiB", 65536)]
    [InlineData("64kib", 65536)]
    [InlineData("64KB", 64000)]
    [InlineData("256MiB", 256L << 20)]
    [InlineData("256 MiB", 256L << 20)]
    [InlineData("1.5GiB", 3L << 29)]
    [InlineData("2TB", 2_000_000_000_000)]
    [InlineData("7P", 7L << 50)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Sizes_as_people_write_them(string text, long bytes)
    {
        Assert.True(SizeText.TryParse(text, out long parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("1,5k")]
    [InlineData("k")]
    [InlineData("1 2")]
    [InlineData("1X")]
    [InlineData("1KiBB")]
    [InlineData("0.3B")]
    [InlineData("1.0001k")]
    [InlineData("9223372036854775808")]
    [InlineData("8192P")]
    [InlineData("99999999999999999999P")]
    [InlineData("٣k")]
    public void What_is_no_size(string? text) => Assert.False(SizeText.TryParse(text, out _));

    [Theory]
    [InlineData("20MiB/s", 20L << 20)]
    [InlineData("20 MiB/S ", 20L << 20)]
    [InlineData("500k", 500L << 10)]
    [InlineData("1.5GB/s", 1_500_000_000)]
    public void Rates_as_people_write_them(string text, long bytesPerSecond)
    {
        Assert.True(SizeText.TryParseRate(text, out long parsed));
        Assert.Equal(bytesPerSecond, parsed);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0MiB/s")]
    [InlineData("20MiB/m")]
    [InlineData("/s")]
    [InlineData("20/s/s")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_rate(string? text) => Assert.False(SizeText.TryParseRate(text, out _));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(1_048_575, "1.00 MiB")]
    [InlineData(50_000_000, "47.7 MiB")]
    [InlineData(256L << 20, "256 MiB")]
    [InlineData(3L << 29, "1.50 GiB")]
    [InlineData(1023L << 20, "1.00 GiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Sizes_as_people_read_them(long bytes, string text) => Assert.Equal(text, SizeText.Format(bytes));

    [Fact]
    public void Whole_units_are_read_exactly() => Gen.Select(Gen.Long[0, 4095], Gen.Int[0, 5]).Sample((number, unit) =>
    {
        string[] units = ["", "KiB", "MiB", "GiB", "TiB", "PiB"];
        Assert.True(SizeText.TryParse(number + units[unit], out long bytes));
        Assert.Equal(number << (10 * unit), bytes);
    });

    [Fact]
    public void Any_text_is_a_size_or_none() => Gen.String.Sample(text => SizeText.TryParse(text, out long bytes) ? bytes >= 0 : bytes == 0);
}
