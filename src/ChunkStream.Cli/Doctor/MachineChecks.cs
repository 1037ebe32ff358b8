using ChunkStream.Cli.Bench;
using ChunkStream.Cli.Parsing;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Cli.Doctor;

/// <summary>What this machine has, whatever the service is.</summary>
internal static class MachineChecks
{
    /// <summary>Below this there is no room for a file worth moving: 1 GiB.</summary>
    public const long FewBytes = 1L << 30;

    public static IEnumerable<Check> Run()
    {
        yield return Core();
        yield return PathDialer.IsQuicSupported
            ? Check.Ok("quic", "Supported: libmsquic is there.")
            : Check.Warning("quic", "Not supported: libmsquic is missing, so every lane runs over TLS. Microsoft's package 'libmsquic' brings it.");
        yield return Disk("disk here", Directory.GetCurrentDirectory());
    }

    private static Check Core()
    {
        try
        {
            // Asking for the instructions runs the erasure code's self-test.
            var machine = BenchMachine.This();
            return Check.Ok("core", $"BLAKE3 over {machine.Blake3}, erasure code over {machine.Erasure}, which passed its self-test.");
        }
        catch (InvalidOperationException exception)
        {
            return Check.Failed("core", exception.Message);
        }
    }

    private static Check Disk(string name, string folder)
    {
        try
        {
            long free = new DriveInfo(folder).AvailableFreeSpace;
            return Room(name, free, $"{SizeText.Format(free)} free in {folder}, where 'get' writes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Check.Warning(name, $"{folder} doesn't tell how much room it has: {exception.Message}");
        }
    }

    public static Check Room(string name, long freeBytes, string detail) => freeBytes switch
    {
        0 => Check.Failed(name, detail + " It is full."),
        < FewBytes => Check.Warning(name, detail),
        _ => Check.Ok(name, detail),
    };
}
