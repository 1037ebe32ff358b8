using System.Net.Sockets;
using ChunkStream.Gateway.Listening;
using ChunkStream.Silo.DataFolder;
using ChunkStream.Silo.Sqlite;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace ChunkStream.Cli.Service;

/// <summary>The service can't start; the message says why and what helps.</summary>
public sealed class ServiceStartException : Exception
{
    private ServiceStartException(string message, bool isUsage, Exception cause) : base(message, cause) => IsUsage = isUsage;

    /// <summary>Whether an option's value is to blame, and not the machine.</summary>
    public bool IsUsage { get; }

    /// <summary>What this exception means for somebody who starts the service; null where it is a defect.</summary>
    internal static ServiceStartException? For(Exception exception) => exception switch
    {
        IOException { InnerException: AddressInUseException } busy =>
            new($"{Sentence(busy.Message)} Another program listens there; choose another port with --urls.", false, busy),
        GatewayListenException gateway => new($"{Sentence(gateway.Message)} Choose another endpoint with --gateway.", false, gateway),
        SocketException socket => new($"The service can't listen: {Sentence(socket.Message)} --urls and --gateway say where.", false, socket),
        DataDirectoryInUseException or SchemaException or InvalidDataException => new(exception.Message, false, exception),
        OptionsValidationException or ArgumentException or FormatException => new(exception.Message, true, exception),
        IOException or UnauthorizedAccessException => new(exception.Message, false, exception),
        _ => null,
    };

    private static string Sentence(string message) => message.TrimEnd('.') + ".";
}
