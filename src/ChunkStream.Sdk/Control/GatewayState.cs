namespace ChunkStream.Sdk.Control;

/// <summary>A gateway, as <c>/api/v1/gateways</c> shows it.</summary>
public sealed record GatewayState(GatewayAddress Address, int OpenLanes, long TotalBytes, long FreeBytes);
