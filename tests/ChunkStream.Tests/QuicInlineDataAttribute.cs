using System.Reflection;
using ChunkStream.Transport.Paths;
using Xunit.Sdk;

namespace ChunkStream.Tests;

/// <summary>A row of a theory that needs QUIC, skipped where this machine doesn't have it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class QuicInlineDataAttribute : DataAttribute
{
    private readonly object[] _data;

    public QuicInlineDataAttribute(params object[] data)
    {
        _data = data;
        if (!PathDialer.IsQuicSupported) Skip = QuicFactAttribute.Reason;
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [_data];
}
