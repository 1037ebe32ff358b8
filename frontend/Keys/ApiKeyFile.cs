using System.Buffers.Text;
using System.Security.Cryptography;

namespace ChunkStream.Frontend.Keys;

/// <summary>
/// The key of a data folder: made on the first start, readable by the folder's owner alone, and found by a command line on the same
/// machine. Its owner is called <see cref="Owner"/>.
/// </summary>
public static class ApiKeyFile
{
    public const string Owner = "local";
    public const string Name = "api-key";
    public const string Prefix = "cs_";
    private const int RandomBytes = 32;
    // Two seconds.
    private const int MaxTurns = 200;

    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, Name);

    /// <summary>The folder's key, or null where it has none.</summary>
    /// <exception cref="IOException">The file is there and can't be read, or is empty.</exception>
    public static string? Read(string dataDirectory)
    {
        string path = PathIn(dataDirectory);
        if (!File.Exists(path)) return null;
        string key = File.ReadAllText(path).Trim();
        return key.Length > 0 ? key : throw new IOException($"The API key file {path} is empty; delete it, and a new one is made.");
    }

    /// <summary>The folder's key; made where there is none.</summary>
    public static string Ensure(string dataDirectory)
    {
        if (Read(dataDirectory) is { } key) return key;
        Directory.CreateDirectory(dataDirectory);
        using FileStream turn = TakeTurn(PathIn(dataDirectory) + ".lock");
        if (Read(dataDirectory) is { } others) return others;
        string made = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        string temporary = $"{PathIn(dataDirectory)}.{Guid.NewGuid():N}";
        try
        {
            // Private from its first moment, and whole from its first moment.
            using (FileStream file = new(temporary, OwnerOnly()))
            using (StreamWriter writer = new(file))
            {
                writer.WriteLine(made);
                writer.Flush();
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, PathIn(dataDirectory), overwrite: false);
            return made;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // Moving a file where there is none isn't one step on every system: those that start at the same moment take turns.
    private static FileStream TakeTurn(string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (attempt < MaxTurns)
            {
                Thread.Sleep(10);
            }
        }
    }

    private static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }
}
