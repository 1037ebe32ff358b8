using System.Text;
using ChunkStream.Cli.Naming;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Cli;

public sealed class SafeFileNameTests
{
    private static readonly string[] Parts =
        ["..", ".", "/", "\\", "-", "--", " ", "\0", "\n", "CON", "nul.txt", "COM¹", ":", "\u202E", "名", "🎬", "\ud800", "a", ".tar.gz", "x"];

    private static readonly Gen<string> Nasty = Gen.OneOf(
        Gen.String, Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]))
        .Array[0, 60].Select(string.Concat);

    [Theory]
    [InlineData("movie.mov", "movie.mov")]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("/", "file")]
    [InlineData("a/b/", "b")]
    [InlineData("C:\\Users\\x\\y.txt", "y.txt")]
    [InlineData("..", "file")]
    [InlineData("", "file")]
    [InlineData(".bashrc", "bashrc")]
    [InlineData("-rf", "rf")]
    [InlineData("--help.txt", "help.txt")]
    [InlineData(".-. x", "x")]
    [InlineData("a\0b\nc\u007fd\u009be", "abcde")]
    [InlineData("x\u202Egpj.exe", "xgpj.exe")]
    [InlineData("a:b|c?d*e<f>g\"h", "a_b_c_d_e_f_g_h")]
    [InlineData("con", "_con")]
    [InlineData("NUL.txt", "_NUL.txt")]
    [InlineData("com1 .log", "_com1 .log")]
    [InlineData("LPT².x", "_LPT².x")]
    [InlineData("CONIN$", "_CONIN$")]
    [InlineData("console.txt", "console.txt")]
    [InlineData("name. . .", "name")]
    [InlineData("\ud800x", "x")]
    [InlineData("naïve 名前 🎬.mkv", "naïve 名前 🎬.mkv")]
    public void Known_names(string name, string safe) => Assert.Equal(safe, SafeFileName.Of(name));

    [Fact]
    public void A_long_name_loses_the_end_of_its_stem()
    {
        string safe = SafeFileName.Of(new string('a', 10_000) + ".tar");
        Assert.Equal(new string('a', SafeFileName.MaxBytes - 4) + ".tar", safe);
        Assert.Equal(240, Encoding.UTF8.GetByteCount(SafeFileName.Of(string.Concat(Enumerable.Repeat("名", 1024)))));
        Assert.Equal(SafeFileName.MaxBytes, SafeFileName.Of("a." + new string('b', 10_000)).Length);
    }

    [Fact]
    public void Whatever_the_name_the_file_is_one_in_its_folder() => Nasty.Sample(name =>
    {
        string safe = SafeFileName.Of(name);
        Assert.InRange(Encoding.UTF8.GetByteCount(safe), 1, SafeFileName.MaxBytes);
        Assert.Equal(safe, Path.GetFileName(safe));
        Assert.DoesNotContain(safe, char.IsControl);
        Assert.DoesNotContain(safe, c => "/\\:*?\"<>|".Contains(c, StringComparison.Ordinal));
        Assert.False(safe[0] is '.' or '-' || char.IsWhiteSpace(safe[0]), safe);
        Assert.False(safe[^1] == '.' || char.IsWhiteSpace(safe[^1]), safe);
        Assert.Equal(safe, SafeFileName.Of(safe));
        string full = Path.GetFullPath(Path.Combine(Path.GetTempPath(), safe));
        Assert.Equal(Path.GetFullPath(Path.GetTempPath()).TrimEnd('/'), Path.GetDirectoryName(full));
    }, iter: 20_000);
}
