namespace ChunkStream.Core.Erasure;

/// <summary>The reference: one byte at a time by the multiplication table. Every other kernel is tested against it.</summary>
internal sealed unsafe class ScalarKernel : ErasureKernel
{
    public override string Name => "scalar";

    public override int MinBytes => 1;

    public override int MaxOutputs => 4;

    public override int TableBytes => 1;

    public override void WriteTable(byte coefficient, Span<byte> table) => table[0] = coefficient;

    public override void Run(byte** sources, int sourceCount, byte** outputs, int outputCount, byte* tables, nint lengthBytes)
    {
        for (int output = 0; output < outputCount; output++)
        {
            var target = new Span<byte>(outputs[output], (int)lengthBytes);
            target.Clear();
            for (int source = 0; source < sourceCount; source++)
            {
                ReadOnlySpan<byte> products = GaloisField.ProductsOf(tables[source * outputCount + output]);
                byte* bytes = sources[source];
                for (int i = 0; i < target.Length; i++) target[i] ^= products[bytes[i]];
            }
        }
    }
}
