using System.Diagnostics;

namespace ChunkStream.Core.Scheduling;

/// <summary>
/// Shares bytes between the three levels: 50 % high, 30 % normal, 20 % low. What an idle level leaves goes to the others in the
/// proportion of their shares. Deficit round robin (Shreedhar, Varghese: Efficient Fair Queueing Using Deficit Round Robin, SIGCOMM
/// 1995): the levels take turns; a turn adds a quantum to the level's credit, and the level serves what the credit pays for. Over any
/// time in which two levels are busy, each is within one quantum and one item of its share. An idle level's turn adds nothing, and it
/// keeps what is left of its credit, which is less than an item: a level whose few senders are all away for a moment loses no more
/// than that turn. Not thread-safe.
/// </summary>
public sealed class BandwidthShares
{
    public const int Levels = 3;

    // One round is 640 KiB, so that a small item of another level waits for few others.
    private const long QuantumBytesPerPercent = 64 * 1024 / 10;

    private readonly long[] _creditBytes = new long[Levels];
    private int _turn;
    private bool _turnHasBegun;

    /// <summary>A level's share of the bytes while every level is busy.</summary>
    public static int PercentOf(Priority priority) => priority switch
    {
        Priority.High => 50,
        Priority.Normal => 30,
        Priority.Low => 20,
        _ => throw new ArgumentOutOfRangeException(nameof(priority), priority, "A priority is high, normal or low."),
    };

    /// <summary>The level whose turn it is. Asked again with nothing charged between, it is the same one, as long as it is busy.</summary>
    /// <param name="headBytes">For each level, high to low, the bytes of the item that would be next; negative where there is none.</param>
    /// <returns>The level, or null where all are idle.</returns>
    public Priority? Next(ReadOnlySpan<long> headBytes)
    {
        Debug.Assert(headBytes.Length == Levels);
        if ((headBytes[0] & headBytes[1] & headBytes[2]) < 0) return null;

        for (int passed = 0; ; passed++)
        {
            long head = headBytes[_turn];
            if (head >= 0)
            {
                if (!_turnHasBegun) _creditBytes[_turn] += QuantumOf(_turn);
                _turnHasBegun = true;
                if (head <= _creditBytes[_turn]) return (Priority)_turn;
            }

            _turn = _turn == Levels - 1 ? 0 : _turn + 1;
            _turnHasBegun = false;
            if (passed == Levels) SkipRounds(headBytes);
        }
    }

    /// <summary>Takes an item's bytes from its level's credit, when it leaves.</summary>
    public void Charge(Priority level, long bytes) => _creditBytes[(int)level] -= bytes;

    private static long QuantumOf(int level) => QuantumBytesPerPercent * PercentOf((Priority)level);

    // A round served nothing: items are larger than the credits. Adds at once all the rounds but one that the first to be served needs.
    private void SkipRounds(ReadOnlySpan<long> headBytes)
    {
        long rounds = long.MaxValue;
        for (int level = 0; level < Levels; level++)
        {
            if (headBytes[level] >= 0) rounds = Math.Min(rounds, (headBytes[level] - _creditBytes[level] - 1) / QuantumOf(level));
        }
        for (int level = 0; level < Levels; level++)
        {
            if (headBytes[level] >= 0) _creditBytes[level] += Math.Max(0, rounds) * QuantumOf(level);
        }
    }
}
