using System.Text.Json;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Servers;

/// <summary><c>server.json</c> in this user's state folder: written by <c>serve</c>, read by every other command.</summary>
internal sealed class ServerRecordFile(Func<string, string?> variable)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path { get; } = System.IO.Path.Combine(UserFolders.State(variable), "server.json");

    /// <summary>The record, or null where there is none that can be read.</summary>
    public ServerRecord? Read()
    {
        try
        {
            return JsonSerializer.Deserialize<ServerRecord>(File.ReadAllText(Path), ControlJson.Options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Replaces the record, whole or not at all. The newest service of a user is the one that is found.</summary>
    public void Write(ServerRecord record)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        string temporary = $"{Path}.{Environment.ProcessId}";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(temporary, options)) JsonSerializer.Serialize(file, record, ControlJson.Options);
        File.Move(temporary, Path, overwrite: true);
    }

    /// <summary>Takes this record away; another service's, which replaced it meanwhile, stays.</summary>
    public void Remove(ServerRecord record)
    {
        if (Read() == record) File.Delete(Path);
    }
}
