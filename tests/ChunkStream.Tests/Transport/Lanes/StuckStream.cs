namespace ChunkStream.Tests.Transport.Lanes;

/// <summary>A stream whose first write gets stuck halfway until it is cancelled. Remembers what was written.</summary>
internal sealed class StuckStream : Stream
{
    private readonly MemoryStream _written = new();
    private bool _stuck;

    public byte[] Written => _written.ToArray();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_stuck)
        {
            _written.Write(buffer.Span);
            return;
        }
        _stuck = true;
        _written.Write(buffer.Span[..(buffer.Length / 2)]);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(0);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => 0;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
