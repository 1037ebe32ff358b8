namespace ChunkStream.Storage.Local;

/// <summary>What <c>volume.json</c> says: which volume this folder is, so that a wrong disk in its place is noticed.</summary>
internal sealed record VolumeRecord(string VolumeId);
