namespace ChunkStream.Core.Erasure;

/// <summary>A vector taken apart for look-ups in a <see cref="NibbleTable{TVector}"/>.</summary>
/// <param name="Low">Each byte's low nibble.</param>
/// <param name="High">Each byte's high nibble, shifted down.</param>
internal readonly record struct NibbleOperand<TVector>(TVector Low, TVector High);
