using System.Buffers.Binary;
using System.Diagnostics;
using System.Threading.Channels;
using ChunkStream.Protocol.Frames;

namespace ChunkStream.Tests.Transport.Lanes;

/// <summary>A stream whose first write, a ping, ends only when it is let go, long after its echo is there. Remembers what frames were written.</summary>
/// <param name="roundTrip">How long the echo says that it was on its way.</param>
internal sealed class EarlyEchoStream(TimeSpan roundTrip) : Stream
{
    private readonly Channel<byte[]> _answers = Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<FrameType> _written = [];

    public IReadOnlyList<FrameType> Written
    {
        get
        {
            lock (_lock) return [.. _written];
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public void LetGo() => _letGo.TrySetResult();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        FrameHeader.TryRead(buffer.Span, out FrameHeader header);
        lock (_lock) _written.Add(header.Type);
        if (_letGo.Task.IsCompleted) return;
        byte[] echo = new byte[FrameHeader.SizeBytes + 8];
        FrameHeader.Of(FrameType.Pong, 8).Write(echo);
        long sentAt = BinaryPrimitives.ReadInt64LittleEndian(buffer.Span[FrameHeader.SizeBytes..]);
        BinaryPrimitives.WriteInt64LittleEndian(echo.AsSpan(FrameHeader.SizeBytes), sentAt - (long)(roundTrip.TotalSeconds * Stopwatch.Frequency));
        _answers.Writer.TryWrite(echo);
        await _letGo.Task.WaitAsync(cancellationToken);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        byte[] answer = await _answers.Reader.ReadAsync(cancellationToken);
        answer.CopyTo(buffer);
        return answer.Length;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
