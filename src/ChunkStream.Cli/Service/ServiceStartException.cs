using System.Net;
using System.Net.Sockets;
using ChunkStream.Core.Erasure;
using ChunkStream.Gateway.Listening;
using ChunkStream.Sdk.Control;
using ChunkStream.Silo.Database;
using ChunkStream.Silo.DataFolder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ChunkStream.Cli.Service;

/// <summary>The service can't start; the message says why and what helps.</summary>
public sealed class ServiceStartException : Exception
{
    private ServiceStartException(string message, bool isUsage, Exception cause) : base(message, cause) => IsUsage = isUsage;

    /// <summary>Whether an option's value is to blame, and not the machine.</summary>
    public bool IsUsage { get; }

    internal static ServiceStartException Url(string url, FormatException cause) =>
        new($"--urls has '{Excerpt.Of(url)}'; an address to listen on looks like http://127.0.0.1:7070.", true, cause);

    /// <summary>A port can't be listened on.</summary>
    internal static ServiceStartException Port(IPEndPoint endPoint, string option, SocketException cause)
    {
        string why = cause.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => $"Port {endPoint.Port} of {endPoint.Address} is in use by another program.",
            SocketError.AddressNotAvailable => $"{endPoint.Address} is not an address of this machine.",
            SocketError.AccessDenied => $"Port {endPoint.Port} needs rights that this user doesn't have.",
            _ => $"Port {endPoint.Port} of {endPoint.Address} can't be used: {Sentence(cause.Message)}",
        };
        return new($"{why} Choose another with {option}.", false, cause);
    }

    /// <summary>The data folder can't be made or written.</summary>
    internal static ServiceStartException DataFolder(string path, Exception cause)
    {
        string why = File.Exists(path) ? "it is a file." : Sentence(cause.Message);
        return new($"The data folder '{Excerpt.Of(path)}' can't be used: {why} Choose another with --data.", false, cause);
    }

    /// <summary>What this exception means for somebody who starts the service; null where it is a defect.</summary>
    internal static ServiceStartException? For(Exception exception) => exception switch
    {
        IOException { InnerException: AddressInUseException } busy =>
            new($"{Sentence(busy.Message)} Another program listens there; choose another port with --urls.", false, busy),
        GatewayListenException gateway => new($"{Sentence(gateway.Message)} Choose another endpoint with --gateway.", false, gateway),
        SocketException socket => new($"The service can't listen: {Sentence(socket.Message)} --urls and --gateway say where.", false, socket),
        DataDirectoryInUseException or SchemaException or InvalidDataException or ErasureSelfTestException => new(exception.Message, false, exception),
        // Less the parameter's name, which is ours and not the user's.
        ArgumentException argument => new(argument.Message.Replace($" (Parameter '{argument.ParamName}')", "", StringComparison.Ordinal), true, argument),
        OptionsValidationException => new(exception.Message, true, exception),
        IOException or UnauthorizedAccessException => new(exception.Message, false, exception),
        _ => null,
    };

    private static string Sentence(string message) => message.TrimEnd('.') + ".";
}
