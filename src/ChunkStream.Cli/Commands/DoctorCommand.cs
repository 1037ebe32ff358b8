using System.CommandLine;
using ChunkStream.Cli.Doctor;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Running;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream doctor</c></summary>
internal static class DoctorCommand
{
    public static Command Create(CliEnvironment environment) =>
        new Command("doctor", "Looks at all that must work before a file can move: this machine, the service, the key, the gateways over QUIC and TLS, clock, room.")
            .Runs(environment, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        List<Check> checks = [.. MachineChecks.Run()];
        bool isMachineWell = checks.All(check => check.Verdict != Verdict.Failed);
        var (service, gateways) = await ServiceChecks.RunAsync(call, cancellationToken);
        checks.AddRange(service);
        checks.AddRange(await GatewayChecks.RunAsync(gateways, call.Environment.Time, cancellationToken));
        bool isWell = checks.All(check => check.Verdict != Verdict.Failed);
        call.Write(new { isWell, checks }, console =>
        {
            Table table = Texts.Plain("", "CHECK", "FOUND");
            foreach (Check check in checks) table.Row(EnumNames.Of(check.Verdict), check.Name, Texts.Line(check.Detail));
            console.Write(table);
        });
        return isWell ? ExitCode.Done : isMachineWell ? ExitCode.NotReached : ExitCode.Failed;
    }
}
