using ChunkStream.Core.Erasure;

namespace ChunkStream.Tests.Core.Erasure;

/// <summary>A processor that gets one bit wrong: the last one of what it computes.</summary>
internal sealed unsafe class WrongKernel : ErasureKernel
{
    private readonly ScalarKernel _right = new();

    public override string Name => "wrong";

    public override int MinBytes => _right.MinBytes;

    public override int MaxOutputs => _right.MaxOutputs;

    public override int TableBytes => _right.TableBytes;

    public override void WriteTable(byte coefficient, Span<byte> table) => _right.WriteTable(coefficient, table);

    public override void Run(byte** sources, int sourceCount, byte** outputs, int outputCount, byte* tables, nint lengthBytes)
    {
        _right.Run(sources, sourceCount, outputs, outputCount, tables, lengthBytes);
        outputs[0][lengthBytes - 1] ^= 1;
    }
}
