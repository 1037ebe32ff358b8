using System.Runtime.CompilerServices;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>The 16 words that one compression takes in, or an extended one gives out.</summary>
[InlineArray(WordCount)]
internal struct Block
{
    public const int WordCount = 16;
    public const int SizeBytes = 64;

    private uint _word0;
}
