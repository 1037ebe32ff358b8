using System.CommandLine;
using System.Globalization;
using ChunkStream.Cli.Bench;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Running;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream bench core</c></summary>
internal static class BenchCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var core = new Command("core", "Hashing, erasure coding and verifying, beside b3sum, libblake3 and ISA-L where they are installed. Needs no service.");
        core.Runs(environment, RunCoreAsync);
        return new Command("bench", "Measures what this machine can do.") { core };
    }

    private static async Task<int> RunCoreAsync(Call call, CancellationToken cancellationToken)
    {
        call.Say("Measuring for half a minute. Nothing else should run meanwhile.");
        var machine = BenchMachine.This();
        IReadOnlyList<BenchRow> rows = await Task.Run(() => CoreBench.Run(cancellationToken), cancellationToken);
        call.Write(new { machine, rows }, _ =>
        {
            FormattableString title = $"{machine.Architecture}, {machine.Processors} threads; BLAKE3 over {machine.Blake3}, erasure code over {machine.Erasure}";
            call.Environment.Out.WriteLine(title.ToString(CultureInfo.InvariantCulture));
            call.Environment.Out.WriteLine();
            BenchTable.Print(rows, call.Environment.Out);
        });
        return ExitCode.Done;
    }
}
