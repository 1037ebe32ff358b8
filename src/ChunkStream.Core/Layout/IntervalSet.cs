namespace ChunkStream.Core.Layout;

/// <summary>
/// A set of numbers kept as sorted, disjoint, non-adjacent half-open intervals: in-order progress costs one interval, whatever the
/// file's size. Not thread-safe.
/// </summary>
public sealed class IntervalSet
{
    // Bounds alternate start (inclusive) and end (exclusive), strictly ascending.
    private readonly List<int> _bounds;

    public IntervalSet() => _bounds = [];

    private IntervalSet(List<int> bounds) => _bounds = bounds;

    /// <summary>The set with these alternating starts (inclusive) and ends (exclusive).</summary>
    /// <exception cref="ArgumentException">The bounds are not strictly ascending, not in pairs, or negative.</exception>
    public static IntervalSet FromBounds(ReadOnlySpan<int> bounds)
    {
        if (bounds.Length % 2 != 0) throw new ArgumentException("Interval bounds come in pairs.", nameof(bounds));
        for (int i = 0; i < bounds.Length; i++)
            if (bounds[i] < 0 || (i > 0 && bounds[i] <= bounds[i - 1]))
                throw new ArgumentException("Interval bounds are ascending and not negative.", nameof(bounds));
        var set = new IntervalSet([.. bounds]);
        foreach (var (start, end) in set.Intervals()) set.Count += end - start;
        return set;
    }

    /// <summary>How many numbers are in the set.</summary>
    public long Count { get; private set; }

    public bool IsEmpty => _bounds.Count == 0;

    public int IntervalCount => _bounds.Count / 2;

    /// <summary>The alternating starts and ends, as <see cref="FromBounds"/> takes them.</summary>
    public int[] ToBounds() => [.. _bounds];

    public bool Contains(int value) => FirstBoundAbove(value) % 2 == 1;

    /// <summary>Adds one number; false where it was there.</summary>
    public bool Add(int value) => Add(value, value + 1) != 0;

    /// <summary>Adds the numbers <paramref name="start"/> to <paramref name="end"/> - 1 and returns how many of them are new.</summary>
    public long Add(int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(end, start);
        if (start == end) return 0;

        // Everything that touches [start, end] melts into one interval.
        int first = LowerBound(start);
        int last = FirstBoundAbove(end);
        bool startInside = first % 2 == 1;
        bool endInside = last % 2 == 1;
        Span<int> insert = stackalloc int[2];
        int inserted = 0;
        if (!startInside) insert[inserted++] = start;
        if (!endInside) insert[inserted++] = end;
        long added = end - start - Covered(start, end);
        _bounds.RemoveRange(first, last - first);
        _bounds.InsertRange(first, insert[..inserted]);
        Count += added;
        return added;
    }

    /// <summary>Adds every number of another set and returns how many are new.</summary>
    public long Add(IntervalSet other)
    {
        long added = 0;
        foreach (var (start, end) in other.Intervals()) added += Add(start, end);
        return added;
    }

    public IEnumerable<(int Start, int End)> Intervals()
    {
        for (int i = 0; i < _bounds.Count; i += 2) yield return (_bounds[i], _bounds[i + 1]);
    }

    /// <summary>The numbers below <paramref name="limit"/> that aren't in the set, as intervals.</summary>
    public IEnumerable<(int Start, int End)> Gaps(int limit)
    {
        int from = 0;
        foreach (var (start, end) in Intervals())
        {
            if (start >= limit) break;
            if (start > from) yield return (from, start);
            from = end;
        }
        if (from < limit) yield return (from, limit);
    }

    /// <summary>The numbers below <paramref name="limit"/> that aren't in this set.</summary>
    public IntervalSet Missing(int limit)
    {
        var missing = new IntervalSet();
        foreach (var (start, end) in Gaps(limit)) missing.Add(start, end);
        return missing;
    }

    /// <summary>The numbers of this set that aren't in another one.</summary>
    public IntervalSet Without(IntervalSet other)
    {
        if (IsEmpty || other.IsEmpty) return Clone();
        // What is missing here or in neither place, all of it below our last bound, is what doesn't remain.
        IntervalSet gone = Missing(_bounds[^1]);
        gone.Add(other);
        return gone.Missing(_bounds[^1]);
    }

    public IntervalSet Clone() => new([.. _bounds]) { Count = Count };

    private long Covered(int start, int end)
    {
        long covered = 0;
        int index = FirstBoundAbove(start);
        for (int i = index - (index % 2 == 1 ? 1 : 0); i < _bounds.Count && _bounds[i] < end; i += 2)
            covered += Math.Min(end, _bounds[i + 1]) - Math.Max(start, _bounds[i]);
        return covered;
    }

    // The index of the first bound that is >= value: odd where value is inside of an interval, or at its end.
    private int LowerBound(int value)
    {
        int index = _bounds.BinarySearch(value);
        return index < 0 ? ~index : index;
    }

    // The index of the first bound that is > value: odd where value is inside of an interval.
    private int FirstBoundAbove(int value)
    {
        int index = _bounds.BinarySearch(value);
        return index < 0 ? ~index : index + 1;
    }
}
