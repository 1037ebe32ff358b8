using System.CommandLine;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Running;

namespace ChunkStream.Cli.Failures;

/// <summary>Tells a failure: one line on standard error, or, under <c>--json</c>, the one document on standard output.</summary>
internal static class Reporter
{
    public static int Report(ParseResult parse, CliEnvironment environment, Fault fault)
    {
        if (parse.GetValue(GlobalOptions.Json))
            environment.Out.WriteLine(CliJson.Serialize(new { error = new FaultDocument(fault.Code, fault.Message) }));
        environment.Error.WriteLine($"chunkstream: {Texts.Line(fault.Message)} ({fault.Code})");
        return fault.ExitCode;
    }
}
