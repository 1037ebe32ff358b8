using ChunkStream.Cli;
using ChunkStream.Cli.Running;

using var interrupts = new Interrupts();
return await CommandLine.RunAsync(args, CliEnvironment.OfProcess(), interrupts.Token);
