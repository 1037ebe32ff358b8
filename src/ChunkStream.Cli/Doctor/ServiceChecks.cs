using System.Globalization;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Doctor;

/// <summary>The service's side: whether it answers, takes the key, agrees on the time, and has gateways with room.</summary>
internal static class ServiceChecks
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    // Tickets live for minutes; a clock that is a minute off makes them look older or younger than they are.
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(60);

    /// <returns>What was found, and the gateways; none where the service doesn't name them.</returns>
    public static async Task<(IReadOnlyList<Check> Checks, IReadOnlyList<GatewayState> Gateways)> RunAsync(Call call, CancellationToken cancellationToken)
    {
        List<Check> checks = [];
        try
        {
            checks.AddRange(await ReachAsync(call, cancellationToken));
            if (checks.Any(check => check.Verdict == Verdict.Failed)) return (checks, []);
            IReadOnlyList<GatewayState> gateways = await call.Control.ListGatewaysAsync(cancellationToken);
            checks.Add(Check.Ok("key", "The service takes it."));
            if (gateways.Count == 0) checks.Add(Check.Failed("gateways", "None has announced itself: no file can be sent or received."));
            checks.AddRange(gateways.Select(gateway => MachineChecks.Room(
                $"volume of {gateway.Address.GatewayId}", gateway.FreeBytes,
                $"{SizeText.Format(gateway.FreeBytes)} of {SizeText.Format(gateway.TotalBytes)} free.")));
            return (checks, gateways);
        }
        catch (ChunkStreamException exception)
        {
            bool isKey = exception.Code is FailureCode.Unauthenticated or FailureCode.NotAllowed;
            checks.Add(Check.Failed(isKey ? "key" : "service", isKey ? exception.Message + " Give the key by CHUNKSTREAM_API_KEY." : exception.Message));
        }
        catch (CliException exception)
        {
            checks.Add(Check.Failed("service", exception.Message));
        }
        return (checks, []);
    }

    private static async Task<IReadOnlyList<Check>> ReachAsync(Call call, CancellationToken cancellationToken)
    {
        Uri ready = new(call.Server.Url.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/health/ready");
        using var http = new HttpClient { Timeout = AnswerWithin };
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(ready, cancellationToken);
            List<Check> checks = [answer.IsSuccessStatusCode
                ? Check.Ok("service", $"{call.Server.Url} answers and is ready.")
                : Check.Failed("service", $"{call.Server.Url} answers, but isn't ready: {(int)answer.StatusCode} {await TextAsync(answer, cancellationToken)}")];
            if (answer.Headers.Date is { } date) checks.Add(Clock(call.Environment.Time.GetUtcNow() - date));
            return checks;
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return [Check.Failed("service", $"{call.Server.Url} doesn't answer: {exception.Message}")];
        }
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        Excerpt.Of(await answer.Content.ReadAsStringAsync(cancellationToken));

    private static Check Clock(TimeSpan skew)
    {
        string off = string.Create(CultureInfo.InvariantCulture, $"{skew.Duration().TotalSeconds:0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} the service's.");
        return skew.Duration() > MostSkew ? Check.Warning("clock", $"This machine's clock is {off}") : Check.Ok("clock", "Within a minute of the service's.");
    }
}
