namespace ChunkStream.Protocol.Frames;

/// <summary>
/// The body of <see cref="FrameType.Welcome"/>: which life of the gateway this is. Chunks that another life accepted and didn't
/// commit are gone, and are sent again.
/// </summary>
public readonly record struct WelcomeBody(Guid Incarnation)
{
    public const int SizeBytes = 16;

    public void Write(Span<byte> destination) => Incarnation.TryWriteBytes(destination, bigEndian: true, out _);

    public static bool TryRead(ReadOnlySpan<byte> source, out WelcomeBody body)
    {
        body = default;
        if (source.Length != SizeBytes) return false;
        body = new(new Guid(source, bigEndian: true));
        return true;
    }
}
