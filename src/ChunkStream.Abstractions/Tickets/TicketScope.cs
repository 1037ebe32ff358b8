namespace ChunkStream.Abstractions.Tickets;

/// <summary>What a lane may do with the file that its ticket names.</summary>
public enum TicketScope
{
    Send,
    Receive,
}
