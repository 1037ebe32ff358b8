using Microsoft.Extensions.FileProviders;

namespace ChunkStream.Silo.DataFolder;

/// <summary>Settings that may change while the service runs: <c>settings.json</c> in the data folder.</summary>
internal static class LiveSettings
{
    public const string FileName = "settings.json";

    /// <summary>
    /// Adds the file, which need not be there, above the other sources. It is looked at every 4 s: watching its folder would watch
    /// every file's folder below it.
    /// </summary>
    public static void AddLiveSettings(this IConfigurationBuilder configuration, string dataDirectory)
    {
        var files = new PhysicalFileProvider(Path.GetFullPath(dataDirectory)) { UsePollingFileWatcher = true, UseActivePolling = true };
        configuration.AddJsonFile(source =>
        {
            (source.FileProvider, source.Path, source.Optional, source.ReloadOnChange) = (files, FileName, true, true);
            // A file that isn't JSON counts as not there, until it is. It must not end a service that runs.
            source.OnLoadException = context => context.Ignore = true;
        });
    }
}
