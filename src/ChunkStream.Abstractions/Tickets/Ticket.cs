namespace ChunkStream.Abstractions.Tickets;

/// <summary>The short-lived capability that a lane presents: one file, one direction.</summary>
/// <param name="TransferId">The transfer; empty where a file is read without one.</param>
/// <param name="FileId">The file.</param>
/// <param name="Scope">What the lane may do.</param>
/// <param name="ExpiresAt">After this the ticket opens no lane; lanes that are open stay open.</param>
public sealed record Ticket(Guid TransferId, Guid FileId, TicketScope Scope, DateTimeOffset ExpiresAt);
