namespace ChunkStream.Grains.State;

/// <summary>One grain's stored state as the database has it.</summary>
/// <param name="Id">The grain's key.</param>
/// <param name="Payload">The serialised state.</param>
internal sealed record StoredRow(Guid Id, byte[] Payload);
