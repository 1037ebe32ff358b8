using ChunkStream.Core.Failures;

namespace ChunkStream.Abstractions;

/// <summary>What a grain answers: a value, or why there is none. Grains don't throw for what a caller can get wrong.</summary>
// A generic type's alias names its arity, or another process can't read it.
[GenerateSerializer, Alias("chunkstream.outcome`1")]
public readonly record struct Outcome<T>([property: Id(0)] T? Value, [property: Id(1)] FailureCode Code, [property: Id(2)] string? Message)
{
    public bool IsOk => Code == FailureCode.None;

    public Failure? Failure => IsOk ? null : new(Code, Message ?? "");

    public static implicit operator Outcome<T>(T value) => new(value, FailureCode.None, null);

    public static implicit operator Outcome<T>(Failure failure) => new(default, failure.Code, failure.Message);
}
