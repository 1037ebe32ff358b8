using System.Diagnostics;
using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Erasure;

/// <summary>
/// The code's matrix: identity above, Cauchy below, as ISA-L's <c>gf_gen_cauchy1_matrix</c> builds it. The coefficient of data
/// chunk j in shard s ≥ k is the inverse of <c>s XOR j</c>. As every square part of a Cauchy matrix can be inverted, any k of the
/// k + m shards give back the rest.
/// </summary>
internal static class CauchyCode
{
    /// <summary>How much of data chunk <paramref name="data"/> is in shard <paramref name="shard"/>.</summary>
    public static byte Coefficient(int dataShards, int shard, int data)
    {
        if (shard < dataShards) return shard == data ? (byte)1 : (byte)0;
        return GaloisField.Inverse((byte)(shard ^ data));
    }

    /// <summary>
    /// The coefficients by which the shards <paramref name="wanted"/> follow from the shards <paramref name="sources"/>: a row a
    /// wanted shard, a column a source, both in ascending order.
    /// </summary>
    /// <param name="dataShards">k.</param>
    /// <param name="sources">Exactly k shards.</param>
    /// <param name="wanted">The shards to compute.</param>
    public static byte[] Solve(int dataShards, in ShardSet sources, in ShardSet wanted)
    {
        Debug.Assert(sources.Count == dataShards);
        int[] lost = [.. ShardSet.FirstShards(dataShards).Without(sources)];
        int[] parity = [.. sources.Without(ShardSet.FirstShards(dataShards))];
        int[] columns = [.. sources];
        byte[] inverse = InverseOf(dataShards, parity, lost);

        byte[] matrix = new byte[wanted.Count * dataShards];
        int row = 0;
        foreach (int shard in wanted)
        {
            SolveRow(dataShards, shard, columns, lost, parity, inverse, matrix.AsSpan(row * dataShards, dataShards));
            row++;
        }
        return matrix;
    }

    // A shard is e·d, where d are the data chunks, partly present (p) and partly lost (l). The parity chunks q among the sources
    // say q = A·p + B·l, so l = B⁻¹·(q + A·p), and the shard is e_p·p + e_l·l. With w = e_l·B⁻¹ that is w·q + (e_p + w·A)·p.
    private static void SolveRow(int dataShards, int shard, int[] columns, int[] lost, int[] parity, byte[] inverse, Span<byte> row)
    {
        int count = lost.Length;
        byte[] weights = new byte[count];
        for (int q = 0; q < count; q++)
        {
            for (int l = 0; l < count; l++)
                weights[q] ^= GaloisField.Multiply(Coefficient(dataShards, shard, lost[l]), inverse[l * count + q]);
        }

        for (int column = 0; column < columns.Length; column++)
        {
            int source = columns[column];
            if (source >= dataShards)
            {
                row[column] = weights[Array.IndexOf(parity, source)];
                continue;
            }

            byte value = Coefficient(dataShards, shard, source);
            for (int q = 0; q < count; q++) value ^= GaloisField.Multiply(weights[q], Coefficient(dataShards, parity[q], source));
            row[column] = value;
        }
    }

    // Gauss-Jordan on [B | I], where B says how much of the lost data chunks is in the parity chunks.
    private static byte[] InverseOf(int dataShards, int[] parity, int[] lost)
    {
        int n = lost.Length;
        byte[] left = new byte[n * n];
        byte[] right = new byte[n * n];
        for (int row = 0; row < n; row++)
        {
            right[row * n + row] = 1;
            for (int column = 0; column < n; column++) left[row * n + column] = Coefficient(dataShards, parity[row], lost[column]);
        }

        for (int pivot = 0; pivot < n; pivot++)
        {
            // Every leading square of a Cauchy matrix is regular, so elimination never meets a zero pivot and needs no row swaps.
            byte scale = GaloisField.Inverse(left[pivot * n + pivot]);
            Scale(left.AsSpan(pivot * n, n), scale);
            Scale(right.AsSpan(pivot * n, n), scale);
            for (int row = 0; row < n; row++)
            {
                byte factor = left[row * n + pivot];
                if (row == pivot || factor == 0) continue;
                AddScaled(left.AsSpan(pivot * n, n), factor, left.AsSpan(row * n, n));
                AddScaled(right.AsSpan(pivot * n, n), factor, right.AsSpan(row * n, n));
            }
        }
        return right;
    }

    private static void Scale(Span<byte> row, byte factor)
    {
        foreach (ref byte value in row) value = GaloisField.Multiply(value, factor);
    }

    private static void AddScaled(ReadOnlySpan<byte> source, byte factor, Span<byte> target)
    {
        for (int i = 0; i < target.Length; i++) target[i] ^= GaloisField.Multiply(source[i], factor);
    }
}
