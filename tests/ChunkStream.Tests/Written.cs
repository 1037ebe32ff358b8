using Xunit;

namespace ChunkStream.Tests;

/// <summary>Files of the repository that are generated, reviewed, and compared.</summary>
internal static class Written
{
    /// <summary>
    /// Compares the file with what it should be. With <c>CHUNKSTREAM_WRITE=1</c> in the environment it is written, to be reviewed like
    /// any other change.
    /// </summary>
    public static void Equal(string path, string expected)
    {
        string file = Path.Combine(Repository.Root, path);
        if (Environment.GetEnvironmentVariable("CHUNKSTREAM_WRITE") == "1") File.WriteAllText(file, expected);
        string actual = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (actual != expected) Assert.Fail($"{path} isn't what the code says. Run this test with CHUNKSTREAM_WRITE=1 and review the difference.");
    }
}
