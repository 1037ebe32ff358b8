namespace ChunkStream.Storage;

/// <summary>A volume and its room, in bytes.</summary>
public sealed record VolumeSpace(string VolumeId, long TotalBytes, long FreeBytes);
