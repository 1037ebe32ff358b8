using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Layout;

namespace ChunkStream.Grains.Gateways;

/// <summary>
/// What room a gateway's volumes have, and how a file's shards are spread over them: evenly, because a volume is what fails as one.
/// What has been placed since the gateway's last announcement counts as taken.
/// </summary>
internal sealed class VolumeRoom(IReadOnlyList<VolumeInfo> volumes)
{
    private readonly long[] _freeBytes = [.. volumes.Select(volume => volume.FreeBytes)];

    public long FreeBytes => _freeBytes.Sum();

    /// <summary>The volume of each shard, whose bytes are taken from its room; null where the file doesn't fit.</summary>
    public IReadOnlyList<string>? TryPlace(FileLayout layout)
    {
        long[] free = [.. _freeBytes];
        int[] shards = new int[free.Length];
        string[] homes = new string[layout.ShardCount];
        for (int shard = 0; shard < homes.Length; shard++)
        {
            long bytes = layout.ShardBytes(shard);
            int best = -1;
            for (int volume = 0; volume < free.Length; volume++)
            {
                if (free[volume] < bytes) continue;
                if (best < 0 || (shards[volume], -free[volume]).CompareTo((shards[best], -free[best])) < 0) best = volume;
            }
            if (best < 0) return null;
            free[best] -= bytes;
            shards[best]++;
            homes[shard] = volumes[best].VolumeId;
        }
        free.CopyTo(_freeBytes, 0);
        return homes;
    }
}
