using ChunkStream.Frontend.Bytes;
using ChunkStream.Sdk;

namespace ChunkStream.Tests.Frontend;

/// <summary>The bytes of <see cref="FakeService"/>'s files, for one owner.</summary>
internal sealed class FakeFileBytes(FakeControlPlane control) : IFileBytes
{
    public async Task<SendResult> SendAsync(string path, string name, CancellationToken cancellationToken)
    {
        FakeService service = control.Service;
        service.SentFrom.Enqueue(path);
        if (service.ByteFailure is { } failure) throw failure.Exception;
        byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken);
        var file = service.AddFile(bytes, name, control.Owner);
        return new(Guid.CreateVersion7(), file.Id, bytes.Length, 65536, file.Blake3, 0, 0, 0, 0, 0, [], TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
    }

    public async Task ReadAsync(Guid fileId, long offsetBytes, long lengthBytes, Stream destination, CancellationToken cancellationToken)
    {
        byte[] bytes = control.Service.Files[(control.Owner, fileId)].Bytes;
        ReadOnlyMemory<byte> wanted = bytes.AsMemory((int)offsetBytes, (int)lengthBytes);
        if (control.Service.ByteFailure is { } failure)
        {
            if (failure.AfterBytes > 0) await destination.WriteAsync(wanted[..failure.AfterBytes], cancellationToken);
            throw failure.Exception;
        }
        await destination.WriteAsync(wanted, cancellationToken);
    }

    public async Task ReadManifestAsync(Guid fileId, Stream destination, CancellationToken cancellationToken) =>
        await destination.WriteAsync("a manifest"u8.ToArray(), cancellationToken);
}
