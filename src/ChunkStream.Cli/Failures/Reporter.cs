using System.CommandLine;
using System.Text.Json;
using ChunkStream.Cli.Running;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Failures;

/// <summary>Tells a failure: one line on standard error, or, under <c>--json</c>, the one document on standard output.</summary>
internal static class Reporter
{
    public static int Report(ParseResult parse, CliEnvironment environment, Fault fault)
    {
        if (parse.GetValue(GlobalOptions.Json))
            environment.Out.WriteLine(JsonSerializer.Serialize(new { error = new FaultDocument(fault.Code, fault.Message) }, ControlJson.Options));
        environment.Error.WriteLine($"chunkstream: {fault.Message.ReplaceLineEndings(" ")} ({fault.Code})");
        return fault.ExitCode;
    }
}
