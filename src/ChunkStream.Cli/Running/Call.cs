using System.CommandLine;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Servers;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Running;

/// <summary>One run of a command: its arguments, where its results go, and the service that it talks to.</summary>
internal sealed class Call(ParseResult parse, CliEnvironment environment) : IDisposable
{
    private HttpControlPlane? _control;

    public CliEnvironment Environment => environment;

    public bool IsJson => parse.GetValue(GlobalOptions.Json);

    /// <summary>For results: standard output.</summary>
    public IAnsiConsole Results { get; } = Consoles.Create(environment.Out, environment.IsOutTerminal);

    /// <summary>For what goes on: standard error.</summary>
    public IAnsiConsole Notes { get; } = Consoles.Create(environment.Error, environment.IsErrorTerminal);

    public Displays Displays => new(Notes, environment.IsErrorTerminal, environment.Time);

    /// <summary>Which service is meant. Found once; a command that needs none never asks.</summary>
    public ServerChoice Server => field ??= ServerLocator.Find(parse.GetValue(GlobalOptions.Server), parse.GetValue(GlobalOptions.ApiKey), environment.Variable);

    /// <summary>The service's commands.</summary>
    public IControlPlane Control => _control ??= new(Server.Url, Server.ApiKey);

    public T? Value<T>(Option<T> option) => parse.GetValue(option);

    public T Value<T>(Argument<T> argument) => parse.GetRequiredValue(argument);

    /// <summary>An argument that may be left out.</summary>
    public Guid? Value(Argument<Guid?> argument) => parse.GetValue(argument);

    /// <summary>The command's result: as JSON where that is asked for, otherwise for people.</summary>
    public void Write<T>(T document, Action<IAnsiConsole> human)
    {
        if (IsJson) environment.Out.WriteLine(CliJson.Serialize(document));
        else human(Results);
    }

    /// <summary>A line for people, beside the result.</summary>
    public void Say(string line) => Notes.WriteLine(line);

    public void Dispose() => _control?.Dispose();
}
