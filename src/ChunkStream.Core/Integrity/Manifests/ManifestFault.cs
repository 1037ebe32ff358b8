using ChunkStream.Core.Failures;

namespace ChunkStream.Core.Integrity.Manifests;

/// <summary>Why a manifest isn't accepted.</summary>
/// <param name="Problem">For programs.</param>
/// <param name="Detail">For people: what was found and what was expected.</param>
public sealed record ManifestFault(ManifestProblem Problem, string Detail)
{
    public Failure ToFailure() => new(FailureCode.ManifestInvalid, Detail);
}
