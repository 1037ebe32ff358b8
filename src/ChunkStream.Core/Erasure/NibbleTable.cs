namespace ChunkStream.Core.Erasure;

/// <summary>
/// A product in two look-ups of 16 entries: c·x = c·(low nibble of x) + c·(high nibble of x), which a byte shuffle does for a whole
/// vector at once. (Plank, Greenan, Miller: Screaming Fast Galois Field Arithmetic Using Intel SIMD Instructions, FAST 2013.)
/// </summary>
/// <param name="Low">The products of 0x00 to 0x0F.</param>
/// <param name="High">The products of 0x00, 0x10 to 0xF0.</param>
internal readonly record struct NibbleTable<TVector>(TVector Low, TVector High);
