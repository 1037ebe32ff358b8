using System.Runtime.InteropServices;

namespace ChunkStream.Cli.Bench;

/// <summary>Intel's ISA-L, loaded while the program runs, so that nothing needs it to be installed.</summary>
internal sealed unsafe class IsaL
{
    private const string SystemLibrary = "libisal.so.2";

    private readonly delegate* unmanaged<byte*, int, int, void> _makeCauchyMatrix;
    private readonly delegate* unmanaged<int, int, byte*, byte*, void> _initTables;
    private readonly delegate* unmanaged<int, int, int, byte*, byte**, byte**, void> _encode;

    private IsaL(nint library)
    {
        _makeCauchyMatrix = (delegate* unmanaged<byte*, int, int, void>)NativeLibrary.GetExport(library, "gf_gen_cauchy1_matrix");
        _initTables = (delegate* unmanaged<int, int, byte*, byte*, void>)NativeLibrary.GetExport(library, "ec_init_tables");
        _encode = (delegate* unmanaged<int, int, int, byte*, byte**, byte**, void>)NativeLibrary.GetExport(library, "ec_encode_data");
    }

    /// <summary>The installed library, or null.</summary>
    public static IsaL? Installed { get; } = Load(SystemLibrary);

    public static IsaL? Load(string path) => NativeLibrary.TryLoad(path, out nint library) ? new(library) : null;

    /// <summary>The coefficients of the parity rows, as tables for <see cref="Encode"/>.</summary>
    public byte[] MakeTables(int dataShards, int parityShards)
    {
        byte[] matrix = new byte[(dataShards + parityShards) * dataShards];
        fixed (byte* start = matrix) _makeCauchyMatrix(start, dataShards + parityShards, dataShards);
        return MakeTables(dataShards, parityShards, matrix.AsSpan(dataShards * dataShards));
    }

    public byte[] MakeTables(int sources, int outputs, ReadOnlySpan<byte> coefficients)
    {
        byte[] tables = new byte[32 * sources * outputs];
        fixed (byte* coefficient = coefficients, table = tables) _initTables(sources, outputs, coefficient, table);
        return tables;
    }

    public void Encode(int lengthBytes, int sources, int outputs, byte* tables, byte** source, byte** output) =>
        _encode(lengthBytes, sources, outputs, tables, source, output);
}
