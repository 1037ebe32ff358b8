namespace ChunkStream.Core.Failures;

/// <summary>Why something failed: a stable code for programs and a sentence for people.</summary>
public sealed record Failure(FailureCode Code, string Message)
{
    public Blame Blame => Code.BlameOf();

    public override string ToString() => $"{Code.ToName()}: {Message}";
}
