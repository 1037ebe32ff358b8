using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Cli.Servers;
using ChunkStream.Cli.Service;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream serve</c></summary>
internal static class ServeCommand
{
    private static readonly Option<string?> Data = new("--data") { Description = "The folder for state, keys and chunks. Default: chunkstream in XDG_DATA_HOME or ~/.local/share.", HelpName = "DIR" };
    private static readonly Option<string> Urls = new("--urls") { Description = "Where HTTP listens; several with semicolons; port 0 is any free one.", DefaultValueFactory = _ => "http://127.0.0.1:7070", HelpName = "URLS" };
    private static readonly Option<string[]> Gateways = new("--gateway") { Description = "Where chunks are taken, UDP and TCP alike; may be given several times.", DefaultValueFactory = _ => ["127.0.0.1:7071"], HelpName = "HOST:PORT" };
    private static readonly Option<TransportChoice?> Transport = ValueOptions.Named<TransportChoice>("--transport", "tls leaves QUIC off. Default: auto.");
    private static readonly Option<long?> Limit = ValueOptions.Rate("--limit", "The most that all transfers together take, such as 20MiB/s. Default: no limit.");
    private static readonly Option<LogLevel?> Log = ValueOptions.Named<LogLevel>("--log", "The least level that is logged, to standard error. Default: warning.");

    public static Command Create(CliEnvironment environment) =>
        new Command("serve", "Runs the service on this machine until Ctrl-C.") { Data, Urls, Gateways, Transport, Limit, Log }.Runs(environment, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        await using EmbeddedService service = await StartAsync(Options(call), cancellationToken);
        var file = new ServerRecordFile(call.Environment.Variable);
        var record = new ServerRecord(service.Url.ToString(), service.ApiKeyFile, service.DataDirectory, Environment.ProcessId);
        file.Write(record);
        try
        {
            await TellAsync(call, service, cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, call.Environment.Time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how a service ends.
            call.Say("Stopping.");
        }
        finally
        {
            file.Remove(record);
        }
        await service.StopAsync(CancellationToken.None);
        call.Say("Stopped.");
        return ExitCode.Done;
    }

    private static ServiceOptions Options(Call call) => new()
    {
        DataDirectory = Path.GetFullPath(call.Value(Data) ?? UserFolders.Data(call.Environment.Variable)),
        Urls = call.Value(Urls)!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        Gateways = call.Value(Gateways)!,
        Transport = call.Value(Transport) ?? TransportChoice.Auto,
        MaxBytesPerSecond = call.Value(Limit) ?? 0,
        LogLevel = call.Value(Log) ?? LogLevel.Warning,
    };

    private static async Task<EmbeddedService> StartAsync(ServiceOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await EmbeddedService.StartAsync(options, cancellationToken);
        }
        catch (ServiceStartException exception)
        {
            throw exception.IsUsage ? CliException.Usage(exception.Message) : new CliException(Core.Failures.FailureCode.Conflict, exception.Message);
        }
    }

    private static async Task TellAsync(Call call, EmbeddedService service, CancellationToken cancellationToken)
    {
        using var control = new HttpControlPlane(service.Url, service.ApiKey);
        IReadOnlyList<GatewayState> gateways = await control.ListGatewaysAsync(cancellationToken);
        GatewayAddress gateway = gateways[0].Address;
        string fingerprint = "sha256:" + Convert.ToHexStringLower(gateway.SpkiSha256);
        var document = new ServingDocument(
            service.Urls, service.GatewayEndpoints, gateway.HasQuic, fingerprint, service.DataDirectory, service.ApiKeyFile, Environment.ProcessId);
        call.Write(document, console =>
        {
            console.Details(
                ("service", string.Join("  ", service.Urls.Select(url => url.ToString().TrimEnd('/')))),
                ("gateway", $"{string.Join("  ", service.GatewayEndpoints)}  ({(gateway.HasQuic ? "QUIC and TLS" : "TLS")})"),
                ("fingerprint", fingerprint),
                ("data", service.DataDirectory),
                ("API key", service.ApiKeyFile));
            console.WriteLine();
            console.WriteLine("chunkstream send FILE sends a file from this machine. Ctrl-C stops the service.");
        });
        call.Environment.Out.Flush();
    }

    [SuppressMessage("Design", "CA1812", Justification = "Written as JSON.")]
    private sealed record ServingDocument(
        IReadOnlyList<Uri> Urls, IReadOnlyList<string> Gateways, bool Quic, string Fingerprint, string DataDirectory, string ApiKeyFile, int Pid);
}
