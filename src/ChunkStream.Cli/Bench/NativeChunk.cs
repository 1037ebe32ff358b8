using System.Buffers;
using System.Runtime.InteropServices;

namespace ChunkStream.Cli.Bench;

/// <summary>A chunk outside of the collector's heap, page-aligned, filled with bytes that aren't all the same.</summary>
internal sealed unsafe class NativeChunk : MemoryManager<byte>
{
    private const int PageBytes = 4096;

    private readonly int _lengthBytes;

    public NativeChunk(int lengthBytes)
    {
        _lengthBytes = lengthBytes;
        Start = (byte*)NativeMemory.AlignedAlloc((nuint)lengthBytes, PageBytes);
        for (int i = 0; i < lengthBytes; i++) Start[i] = (byte)(i * 131 >> 3 ^ i);
    }

    public byte* Start { get; private set; }

    public override Span<byte> GetSpan() => new(Start, _lengthBytes);

    public override MemoryHandle Pin(int elementIndex = 0) => new(Start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        NativeMemory.AlignedFree(Start);
        Start = null;
    }
}
