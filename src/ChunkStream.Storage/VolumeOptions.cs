namespace ChunkStream.Storage;

/// <summary>A folder that holds shards. Several volumes are several failure domains.</summary>
public sealed class VolumeOptions
{
    private const int MaxIdLength = 64;

    /// <summary>A stable name; plans name it. 1 to 64 characters of a-z, 0-9 and hyphen.</summary>
    public required string Id { get; init; }

    /// <summary>The folder; made where it doesn't exist.</summary>
    public required string Path { get; init; }

    /// <summary>Everything that is wrong with a gateway's volumes, one sentence each; empty where nothing is.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyList<VolumeOptions> volumes)
    {
        ArgumentNullException.ThrowIfNull(volumes);
        List<string> problems = [];
        if (volumes.Count == 0) problems.Add("There is no volume; a store has at least one.");
        HashSet<string> ids = [];
        var paths = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (VolumeOptions volume in volumes)
        {
            if (!IsId(volume.Id)) problems.Add($"'{volume.Id}' is no volume id: that is 1 to {MaxIdLength} characters of a-z, 0-9 and hyphen.");
            else if (!ids.Add(volume.Id)) problems.Add($"Two volumes have the id '{volume.Id}'.");

            if (string.IsNullOrWhiteSpace(volume.Path) || volume.Path.Contains('\0'))
            {
                problems.Add($"Volume '{volume.Id}' has no usable path: '{volume.Path}'.");
                continue;
            }
            string path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(volume.Path));
            if (!paths.TryAdd(path, volume.Id)) problems.Add($"Volumes '{paths[path]}' and '{volume.Id}' have the same path {path}.");
        }
        return problems;
    }

    private static bool IsId(string? id) =>
        id is { Length: > 0 and <= MaxIdLength } && id.All(letter => letter is '-' or (>= 'a' and <= 'z') or (>= '0' and <= '9'));
}
