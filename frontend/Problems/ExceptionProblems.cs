using System.Diagnostics;
using System.Text.Json;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using Microsoft.AspNetCore.Diagnostics;

namespace ChunkStream.Frontend.Problems;

/// <summary>Turns whatever an endpoint throws into a problem. No stack trace leaves the process.</summary>
internal sealed partial class ExceptionProblems(ILogger<ExceptionProblems> logger) : IExceptionHandler
{
    private const int ClientClosedRequest = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            context.Response.StatusCode = ClientClosedRequest;
            return true;
        }
        await (exception switch
        {
            ChunkStreamException known => FailureAsync(context, known),
            BadHttpRequestException bad => Problem.WriteAsync(context, bad.StatusCode, FailureCode.InvalidRequest, Explain(bad)),
            _ => UnknownAsync(context, exception),
        });
        return true;
    }

    private Task FailureAsync(HttpContext context, ChunkStreamException exception)
    {
        int status = FailureStatus.Of(exception.Code);
        if (status >= StatusCodes.Status500InternalServerError)
            LogFailed(context.Request.Method, context.Request.Path, exception.Code, exception.Message);
        return Problem.WriteAsync(context, status, exception.Code, exception.Message);
    }

    private Task UnknownAsync(HttpContext context, Exception exception)
    {
        string trace = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
        LogUnknown(exception, context.Request.Method, context.Request.Path, trace);
        return Problem.WriteAsync(
            context, FailureCode.Internal, $"Something went wrong inside of the service. Its log says more under {trace}.");
    }

    private static string Explain(BadHttpRequestException exception) => exception.InnerException switch
    {
        JsonException json => JsonFault.Explain(json),
        _ => exception.Message,
    };
}
