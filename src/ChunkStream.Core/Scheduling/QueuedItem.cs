namespace ChunkStream.Core.Scheduling;

/// <summary>An item in a <see cref="ChunkQueue{T}"/>, or one that has left it and may be put back.</summary>
/// <param name="Item">What was queued.</param>
/// <param name="Priority">Its level.</param>
/// <param name="CostBytes">What it takes of its level's bandwidth.</param>
/// <param name="Attempts">How often it has left the queue, this time included.</param>
/// <param name="Sequence">Its place in its level's order: numbered when it was first queued.</param>
/// <param name="ReadyTimestamp">Since when it has been ready to leave, as a timestamp of the queue's time provider.</param>
public readonly record struct QueuedItem<T>(T Item, Priority Priority, int CostBytes, int Attempts, long Sequence, long ReadyTimestamp);
