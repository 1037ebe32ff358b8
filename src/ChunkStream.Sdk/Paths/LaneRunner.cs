using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Paths;

/// <summary>What is done with a lane that was opened. Returns once the lane is retired, else ends only by exception.</summary>
/// <param name="lane">The lane.</param>
/// <param name="link">Its path.</param>
/// <param name="retired">Takes nothing more from then on, and returns when what it has taken has arrived.</param>
/// <param name="cancellationToken">Ends the lane in good order, and what it has taken is given back.</param>
internal delegate Task LaneRunner(Lane lane, PathLink link, CancellationToken retired, CancellationToken cancellationToken);
