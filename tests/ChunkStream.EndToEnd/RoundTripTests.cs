using ChunkStream.Sdk;

namespace ChunkStream.EndToEnd;

public sealed class RoundTripTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Xunit.Theory]
    [Xunit.InlineData(TransportChoice.Tls)]
    [Xunit.InlineData(TransportChoice.Quic)]
    public async Task A_file_goes_and_comes_back(TransportChoice transport)
    {
        string folder = Directory.CreateTempSubdirectory("chunkstream-test-").FullName;
        await using Service service = await Service.StartAsync(Path.Combine(folder, "data"));
        ChunkStreamClient client = service.Client(transport);
        string source = Path.Combine(folder, "source.bin");
        byte[] bytes = new byte[200 * 1024 * 1024 + 12345];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(source, bytes);
        SendResult sent = await client.SendAsync(source);
        output.WriteLine($"{sent} {bytes.Length / sent.Elapsed.TotalSeconds / 1048576:0} MiB/s");
        foreach (var p in sent.Paths) output.WriteLine(p.ToString());
        ReceiveResult received = await client.ReceiveAsync(sent.FileId, Path.Combine(folder, "back.bin"));
        output.WriteLine($"{received} {bytes.Length / received.Elapsed.TotalSeconds / 1048576:0} MiB/s");
        byte[] back = await File.ReadAllBytesAsync(Path.Combine(folder, "back.bin"));
        Xunit.Assert.True(bytes.AsSpan().SequenceEqual(back));
        Directory.Delete(folder, true);
    }
}
