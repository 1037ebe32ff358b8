using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Servers;
using Xunit;

namespace ChunkStream.Tests.Cli;

public sealed class ServerLocatorTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string> _variables;

    public ServerLocatorTests() => _variables = new() { ["XDG_STATE_HOME"] = _folder["state"] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_service_of_this_machine_is_found_with_its_key()
    {
        Record("http://127.0.0.1:7070/", "cs_local");
        Assert.Equal(new(new("http://127.0.0.1:7070/"), "cs_local"), Find(null, null));
    }

    [Fact]
    public void Options_come_before_variables_and_these_before_the_record()
    {
        Record("http://127.0.0.1:7070/", "cs_local");
        _variables[ServerLocator.ServerVariable] = "http://variable:1";
        _variables[ServerLocator.ApiKeyVariable] = "cs_variable";
        Assert.Equal(new(new("http://variable:1"), "cs_variable"), Find(null, null));
        Assert.Equal(new(new("https://option:2"), "cs_option"), Find("https://option:2", "cs_option"));
        Assert.Equal(new(new("http://host:3"), "cs_variable"), Find("host:3", null));
    }

    [Fact]
    public void The_local_key_goes_to_the_local_service_only()
    {
        Record("http://127.0.0.1:7070/", "cs_local");
        Assert.Null(Find("http://elsewhere:7070", null).ApiKey);
        Assert.Equal("cs_local", Find("127.0.0.1:7070", null).ApiKey);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("http://")]
    [InlineData("::")]
    public void What_is_no_address_is_a_mistake_in_the_arguments(string server)
    {
        Fault fault = Assert.Throws<CliException>(() => Find(server, null)).Fault;
        Assert.Equal(ExitCode.Usage, fault.ExitCode);
        Assert.Contains(server, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_service_the_way_to_one_is_told()
    {
        Fault fault = Assert.Throws<CliException>(() => Find(null, null)).Fault;
        Assert.Equal((ExitCode.NotReached, "unreachable"), (fault.ExitCode, fault.Code));
        Assert.Contains("chunkstream serve", fault.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(_folder["state/chunkstream"]);
        File.WriteAllText(_folder["state/chunkstream/server.json"], "{ half");
        Assert.Throws<CliException>(() => Find(null, null));
    }

    [Fact]
    public void A_record_is_private_and_only_its_own_service_takes_it_away()
    {
        ServerRecordFile file = new(Variable);
        ServerRecord first = Record("http://127.0.0.1:1/", "k"), second = Record("http://127.0.0.1:2/", "k");
        file.Remove(first);
        Assert.Equal(second, file.Read());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
        file.Remove(second);
        Assert.Null(file.Read());
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(file.Path)!));
    }

    private ServerRecord Record(string url, string key)
    {
        File.WriteAllText(_folder["api-key"], key + "\n");
        var record = new ServerRecord(url, _folder["api-key"], _folder.Path, 1);
        new ServerRecordFile(Variable).Write(record);
        return record;
    }

    private ServerChoice Find(string? server, string? apiKey) => ServerLocator.Find(server, apiKey, Variable);

    private string? Variable(string name) => _variables.GetValueOrDefault(name);
}
