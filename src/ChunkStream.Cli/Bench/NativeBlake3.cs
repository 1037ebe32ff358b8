using System.Runtime.InteropServices;

namespace ChunkStream.Cli.Bench;

/// <summary>The C library of BLAKE3, where it can be loaded.</summary>
internal sealed unsafe class NativeBlake3
{
    private const string PathVariable = "CHUNKSTREAM_BENCH_LIBBLAKE3";
    private const string DefaultName = "libblake3.so.0";
    private const int HasherBytes = 4096; // More than sizeof(blake3_hasher), which is 1,912.

    private readonly delegate* unmanaged<void*, void> _init;
    private readonly delegate* unmanaged<void*, void*, nuint, void> _update;
    private readonly delegate* unmanaged<void*, void*, nuint, void> _finalize;
    private readonly void* _hasher = NativeMemory.AlignedAlloc(HasherBytes, 64); // For the life of the process.

    private NativeBlake3(nint library)
    {
        _init = (delegate* unmanaged<void*, void>)NativeLibrary.GetExport(library, "blake3_hasher_init");
        _update = (delegate* unmanaged<void*, void*, nuint, void>)NativeLibrary.GetExport(library, "blake3_hasher_update");
        _finalize = (delegate* unmanaged<void*, void*, nuint, void>)NativeLibrary.GetExport(library, "blake3_hasher_finalize");
        var version = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "blake3_version");
        Version = Marshal.PtrToStringUTF8((nint)version()) ?? "?";
    }

    public string Version { get; }

    /// <summary>The library that CHUNKSTREAM_BENCH_LIBBLAKE3 names or that is installed, or null.</summary>
    public static NativeBlake3? Load()
    {
        string name = Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } path ? path : DefaultName;
        return NativeLibrary.TryLoad(name, out nint library) ? new(library) : null;
    }

    public void Hash(ReadOnlySpan<byte> data, Span<byte> output)
    {
        _init(_hasher);
        fixed (byte* input = data, result = output)
        {
            _update(_hasher, input, (nuint)data.Length);
            _finalize(_hasher, result, (nuint)output.Length);
        }
    }
}
