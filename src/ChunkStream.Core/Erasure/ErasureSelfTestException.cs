namespace ChunkStream.Core.Erasure;

/// <summary>This machine computes wrong parity: it must not code chunks, so that no process that would starts on it.</summary>
public sealed class ErasureSelfTestException : InvalidOperationException
{
    internal ErasureSelfTestException(string message) : base(message)
    {
    }
}
