namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>
/// What the compression of many nodes needs of a vector type. A lane is one node's place in every vector; four neighbouring lanes are
/// a quad, 128 bits, within which every one of these instruction sets can shuffle.
/// </summary>
internal unsafe interface ILanes<TVector> where TVector : unmanaged
{
    static abstract int Count { get; }

    static abstract TVector Broadcast(uint value);

    /// <summary>0, 1, 2 and so on.</summary>
    static abstract TVector Indices { get; }

    static abstract TVector Load(uint* aligned);
    static abstract void Store(TVector value, uint* aligned);

    static abstract TVector Add(TVector a, TVector b);
    static abstract TVector Xor(TVector a, TVector b);
    static abstract TVector RotateRight16(TVector value);
    static abstract TVector RotateRight12(TVector value);
    static abstract TVector RotateRight8(TVector value);
    static abstract TVector RotateRight7(TVector value);

    /// <summary>In each quad: a0 b0 a1 b1.</summary>
    static abstract TVector InterleaveLow(TVector a, TVector b);

    /// <summary>In each quad: a2 b2 a3 b3.</summary>
    static abstract TVector InterleaveHigh(TVector a, TVector b);

    /// <summary>In each quad: a0 a1 b0 b1.</summary>
    static abstract TVector InterleavePairsLow(TVector a, TVector b);

    /// <summary>In each quad: a2 a3 b2 b3.</summary>
    static abstract TVector InterleavePairsHigh(TVector a, TVector b);

    /// <summary>Fills the quads from 16 bytes each, which lie <paramref name="strideBytes"/> apart.</summary>
    static abstract TVector LoadQuads(byte* first, nint strideBytes);

    /// <summary>The reverse of <see cref="LoadQuads"/>.</summary>
    static abstract void StoreQuads(TVector value, byte* first, nint strideBytes);

    /// <summary>
    /// Turns one block of as many nodes as there are lanes, <paramref name="nodeBytes"/> apart, into 16 vectors of one word each,
    /// <paramref name="rowBytes"/> apart.
    /// </summary>
    static abstract void TransposeBlock(byte* input, nint nodeBytes, byte* message, int rowBytes);
}
