using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using ChunkStream.Cli.Running;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Transport.Congestion;

namespace ChunkStream.Cli.Parsing;

/// <summary>Which networks a command that moves bytes uses, and how much of them: the same options for each.</summary>
internal static class NetworkOptions
{
    private static readonly Option<TransportChoice?> Transport = ValueOptions.Named<TransportChoice>("--transport", "What lanes run over. Default: auto.");
    private static readonly Option<CongestionControl?> Congestion = ValueOptions.Named<CongestionControl>("--congestion", "How lanes decide how fast to send; cubic is slow where packets are lost. Default: bbr.");
    private static readonly Option<long?> Limit = ValueOptions.Rate("--limit", "The most bytes that cross in a second, such as 20MiB/s. Default: no limit.");
    private static readonly Option<IPAddress[]?> From = Addresses("--from", "A local address to use; may be given again. Default: each that leads to the service.");
    private static readonly Option<IPAddress[]?> Prefer = Addresses("--prefer", "A local address that carries all while it works; may be given again.");
    private static readonly Option<IPAddress[]?> Metered = Addresses("--metered", "A local address that carries only while no other works; may be given again.");

    public static Command WithNetworkOptions(this Command command)
    {
        foreach (Option option in (Option[])[Transport, Congestion, Limit, From, Prefer, Metered]) command.Options.Add(option);
        return command;
    }

    public static ChunkStreamClientOptions Of(Call call) => new()
    {
        Transport = call.Value(Transport) ?? TransportChoice.Auto,
        Congestion = call.Value(Congestion) ?? CongestionControl.Bbr,
        MaxBytesPerSecond = call.Value(Limit) ?? 0,
        LocalAddresses = call.Value(From),
        PreferredAddresses = call.Value(Prefer) ?? [],
        MeteredAddresses = call.Value(Metered) ?? [],
    };

    private static Option<IPAddress[]?> Addresses(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = Parse,
    };

    private static IPAddress[]? Parse(ArgumentResult result)
    {
        var addresses = new List<IPAddress>();
        foreach (Token token in result.Tokens)
        {
            if (IPAddress.TryParse(token.Value, out IPAddress? address)) addresses.Add(address);
            else result.AddError($"'{Excerpt.Of(token.Value)}' isn't an address, such as 192.0.2.1 or 2001:db8::1.");
        }
        return [.. addresses];
    }
}
