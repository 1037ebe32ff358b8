namespace ChunkStream.Core.Layout;

/// <summary>
/// Chooses how large a file's chunks are, from what is known of the network when the transfer is planned.
/// <list type="table">
/// <listheader><term>chunk</term><description>round trip at most, and packets lost at most</description></listheader>
/// <item><term>1 MiB</term><description>20 ms, 0.01 %</description></item>
/// <item><term>512 KiB</term><description>60 ms, 0.1 %</description></item>
/// <item><term>256 KiB</term><description>150 ms, 0.5 %</description></item>
/// <item><term>128 KiB</term><description>300 ms, 2 %</description></item>
/// <item><term>64 KiB</term><description>beyond</description></item>
/// </list>
/// <para>
/// Why large: every chunk costs a frame, a hash, an acknowledgement and a place in the session's state, and a megabyte shares them
/// best. Why small: a chunk is what waits, is hedged and is sent again. With packets of 1.3 KB a chunk of 1 MiB is 800 of them, one
/// of 64 KiB 50. At 0.01 % loss 8 % of the large chunks meet a loss; at 0.1 % 33 % of those of 512 KiB do, at 0.5 % 63 % of those of
/// 256 KiB, at 2 % 87 % of those of 128 KiB, so that no row but the last lets a chunk meet more than two. A loss holds its chunk up
/// for a round trip or more, so a long round trip counts in the same way: the less stands behind the hole, the better.
/// </para>
/// </summary>
public static class ChunkSizePlanner
{
    /// <summary>For a network that nobody has measured yet: 256 KiB, the middle of the table.</summary>
    public const int UnmeasuredChunkBytes = 256 * 1024;

    // A measurement must be a quarter beyond a row's bound before a size that is in use is left.
    private const double Hysteresis = 1.25;

    private static readonly (int ChunkBytes, TimeSpan MaxRoundTrip, double MaxLoss)[] s_rows =
    [
        (1024 * 1024, TimeSpan.FromMilliseconds(20), 0.0001),
        (512 * 1024, TimeSpan.FromMilliseconds(60), 0.001),
        (256 * 1024, TimeSpan.FromMilliseconds(150), 0.005),
        (128 * 1024, TimeSpan.FromMilliseconds(300), 0.02),
    ];

    /// <summary>The chunk size for a file on a network: <see cref="ForNetwork"/>, but no larger than <see cref="ForSize"/>.</summary>
    /// <param name="roundTrip">The round trip time of the paths that will carry most of the file.</param>
    /// <param name="lossFraction">Packets lost of packets sent, 0 to 1.</param>
    /// <param name="sizeBytes">The file's length.</param>
    /// <param name="dataShards"><c>k</c>, 1 to 128.</param>
    /// <param name="previousChunkBytes">The size that is in use where a transfer is planned again, or null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative or out of its bounds.</exception>
    public static int Plan(TimeSpan roundTrip, double lossFraction, long sizeBytes, int dataShards, int? previousChunkBytes = null) =>
        Math.Min(ForNetwork(roundTrip, lossFraction, previousChunkBytes), ForSize(sizeBytes, dataShards));

    /// <summary>The table. Never larger for a longer round trip or a greater loss.</summary>
    /// <param name="roundTrip">A round trip time.</param>
    /// <param name="lossFraction">Packets lost of packets sent, 0 to 1.</param>
    /// <param name="previousChunkBytes">
    /// The size that is in use, or null. It is kept until the network is a quarter better or worse than the bound between it and the next.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is negative or out of its bounds.</exception>
    public static int ForNetwork(TimeSpan roundTrip, double lossFraction, int? previousChunkBytes = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(roundTrip, TimeSpan.Zero);
        if (!(lossFraction is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(lossFraction), lossFraction, "A loss is a fraction, 0 to 1.");
        if (previousChunkBytes is not { } previous) return LookUp(roundTrip.TotalMilliseconds, lossFraction);

        int ifWorse = LookUp(roundTrip.TotalMilliseconds * Hysteresis, lossFraction * Hysteresis);
        int ifBetter = LookUp(roundTrip.TotalMilliseconds / Hysteresis, lossFraction / Hysteresis);
        return Math.Clamp(previous, ifWorse, ifBetter);
    }

    /// <summary>
    /// The largest chunk with which a file still fills a stripe: k chunks, one for each data shard's home. With fewer, homes and paths
    /// would stand idle, and m parity chunks would protect less than they are made for. A file of less than k × 64 KiB can't, and gets
    /// 64 KiB.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sizeBytes"/> is negative, or k not 1 to 128.</exception>
    public static int ForSize(long sizeBytes, int dataShards)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(dataShards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dataShards, FileLayout.MaxDataShards);
        int chunkBytes = FileLayout.MaxChunkBytes;
        while (chunkBytes > FileLayout.MinChunkBytes && (long)chunkBytes * dataShards > sizeBytes) chunkBytes /= 2;
        return chunkBytes;
    }

    private static int LookUp(double roundTripMilliseconds, double lossFraction)
    {
        foreach ((int chunkBytes, TimeSpan maxRoundTrip, double maxLoss) in s_rows)
        {
            if (roundTripMilliseconds <= maxRoundTrip.TotalMilliseconds && lossFraction <= maxLoss) return chunkBytes;
        }
        return FileLayout.MinChunkBytes;
    }
}
