namespace ChunkStream.Benchmarks.Wan;

/// <summary>Links, and what is asked of a transfer over them.</summary>
/// <param name="Name">What <c>--case</c> takes.</param>
/// <param name="Links">One, or several that are used at once.</param>
/// <param name="FullGoal">The least percent of the links' rates for the file's bytes with their parity.</param>
/// <param name="FileGoal">The same for the file's bytes, where only the parity is sent that is needed; null: none is asked.</param>
/// <param name="Scenario">What happens during the transfer.</param>
internal sealed record WanCase(string Name, WanLink[] Links, double? FullGoal = null, double? FileGoal = null, WanScenario Scenario = WanScenario.Steady)
{
    public static IReadOnlyList<WanCase> All { get; } =
    [
        new("rtt50-loss0", [new(50, 0, 200)], 95, 90),
        new("rtt50-loss1", [new(50, 0.01, 200)], 90, 85),
        new("rtt50-loss5", [new(50, 0.05, 200)], 80, 70),
        new("rtt150-loss2", [new(150, 0.02, 100)], 85),
        new("two-paths", [new(30, 0, 50), new(30, 0, 50)], 90),
        new("two-paths-rtt4", [new(30, 0, 50), new(120, 0, 50)], 90),
        new("four-paths-one-dies", [.. Enumerable.Repeat(new WanLink(30, 0, 50), 4)], Scenario: WanScenario.LastDies),
        new("four-paths-one-slow", [.. Enumerable.Repeat(new WanLink(30, 0, 50), 3), new(30, 0, 0.5)], Scenario: WanScenario.LastSlow),
    ];

    public double RateMbit => Links.Sum(link => link.RateMbit);

    public bool HasPeers => Links.Length == 1;
}
