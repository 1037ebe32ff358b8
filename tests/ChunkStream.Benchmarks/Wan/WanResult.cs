namespace ChunkStream.Benchmarks.Wan;

/// <summary>The medians of several transfers.</summary>
/// <param name="Seconds">From the call to Completed; null where one failed.</param>
/// <param name="CpuSeconds">What both ends computed.</param>
/// <param name="Resent">Chunks that were written again.</param>
/// <param name="StripeP99Seconds">The time within which 99 of 100 stripes were there.</param>
/// <param name="Why">Why there are no seconds.</param>
internal sealed record WanResult(double? Seconds, double CpuSeconds = 0, double? Resent = null, double? StripeP99Seconds = null, string? Why = null);
