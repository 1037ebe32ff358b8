using System.Text.Json.Serialization;

namespace ChunkStream.Cli.Bench;

/// <summary>One measured figure, and what it is compared with.</summary>
/// <param name="Case">What was measured.</param>
/// <param name="Value">The median, or null where it can't be measured here.</param>
/// <param name="Unit">The value's unit.</param>
/// <param name="Peer">What it is compared with, measured in the same run.</param>
/// <param name="PeerValue">The peer's median.</param>
/// <param name="Ratio">The value by the peer's.</param>
/// <param name="Goal">What the ratio, or the value where there is no peer, has to reach.</param>
/// <param name="Met">Whether it does.</param>
/// <param name="Why">Why a value or a peer is missing.</param>
public sealed record BenchRow(
    string Case,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Value,
    string Unit,
    string? Peer = null,
    double? PeerValue = null,
    double? Ratio = null,
    double? Goal = null,
    bool? Met = null,
    string? Why = null);
