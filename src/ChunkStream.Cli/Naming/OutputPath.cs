using ChunkStream.Cli.Failures;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Naming;

/// <summary>Where <c>get</c> writes.</summary>
internal static class OutputPath
{
    /// <param name="option">What <c>-o</c> says: a file, a folder, a path that ends in a separator, or nothing.</param>
    /// <param name="replace">Whether a file that is there may be replaced.</param>
    /// <param name="storedName">Asks for the name that the service keeps; only where it is needed.</param>
    /// <exception cref="CliException">The folder doesn't exist, or a file is there.</exception>
    public static async Task<string> ResolveAsync(string? option, bool replace, Func<Task<string>> storedName)
    {
        bool isFolder = option is null || Path.EndsInDirectorySeparator(option) || Directory.Exists(option);
        string folder = isFolder ? option ?? "." : Path.GetDirectoryName(option) is { Length: > 0 } parent ? parent : ".";
        if (!Directory.Exists(folder))
            throw new CliException(FailureCode.TargetUnwritable, $"The folder '{Excerpt.Of(folder)}' doesn't exist.");
        string output = isFolder ? Path.Combine(folder, SafeFileName.Of(await storedName())) : option!;
        if (Directory.Exists(output)) throw new CliException(FailureCode.Conflict, $"'{Excerpt.Of(output)}' is a folder.");
        if (File.Exists(output) && !replace)
            throw new CliException(FailureCode.Conflict, $"'{Excerpt.Of(output)}' exists; --force replaces it.");
        return Path.GetFullPath(output);
    }
}
