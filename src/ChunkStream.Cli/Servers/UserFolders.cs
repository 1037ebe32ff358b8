namespace ChunkStream.Cli.Servers;

/// <summary>Where this user's files belong: the XDG base directories, and their like on Windows.</summary>
internal static class UserFolders
{
    private const string Application = "chunkstream";

    /// <summary>The default data folder of <c>serve</c>.</summary>
    public static string Data(Func<string, string?> variable) => Folder(variable, "XDG_DATA_HOME", ".local/share");

    /// <summary>Where <c>serve</c> leaves word of itself.</summary>
    public static string State(Func<string, string?> variable) => Folder(variable, "XDG_STATE_HOME", ".local/state");

    private static string Folder(Func<string, string?> variable, string name, string underHome)
    {
        // The specification has relative paths ignored.
        if (variable(name) is { Length: > 0 } given && Path.IsPathRooted(given)) return Path.Combine(given, Application);
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), Application, Path.GetFileName(underHome));
        string home = variable("HOME") is { Length: > 0 } set ? set : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(home, underHome, Application);
    }
}
