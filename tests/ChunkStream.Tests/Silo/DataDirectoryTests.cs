using ChunkStream.Silo.DataFolder;
using Xunit;

namespace ChunkStream.Tests.Silo;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "chunkstream-data-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_folder_has_one_user_who_is_named_to_the_next()
    {
        using (DataDirectory.Open(_folder))
        {
            DataDirectoryInUseException refusal = Assert.Throws<DataDirectoryInUseException>(() => DataDirectory.Open(_folder));
            Assert.Equal(Environment.ProcessId, refusal.ProcessId);
            Assert.Contains(_folder, refusal.Message, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId}", refusal.Message, StringComparison.Ordinal);
        }
        using DataDirectory again = DataDirectory.Open(_folder);
        Assert.Equal(_folder, again.Path);
    }

    [Fact]
    public void The_key_is_made_once_and_is_its_owners_alone()
    {
        byte[] key;
        using (DataDirectory directory = DataDirectory.Open(_folder)) key = directory.ReadOrCreateTicketKey();
        Assert.Equal(32, key.Length);
        using (DataDirectory directory = DataDirectory.Open(_folder)) Assert.Equal(key, directory.ReadOrCreateTicketKey());
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "ticket.key")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder));
    }

    [Fact]
    public void A_key_that_is_none_is_refused()
    {
        using DataDirectory directory = DataDirectory.Open(_folder);
        File.WriteAllBytes(Path.Combine(_folder, "ticket.key"), new byte[7]);
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(directory.ReadOrCreateTicketKey);
        Assert.Contains("7 bytes", refusal.Message, StringComparison.Ordinal);
    }
}
