using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;

namespace ChunkStream.Grains.Transfers;

/// <summary>What a request to create a transfer must look like. Each refusal names the value and what is allowed.</summary>
internal static class TransferRequestRules
{
    public const int MaxNameChars = 1024;
    public const int MaxFingerprintChars = 256;

    /// <summary>What is wrong with the request, or null. The layout of a file to send is checked by <see cref="LayoutOf"/>.</summary>
    public static Failure? Check(TransferRequest request)
    {
        if (string.IsNullOrEmpty(request.Owner)) return Invalid("A transfer needs an owner.");
        if (!Enum.IsDefined(request.Direction)) return Invalid($"The direction is send or receive, not {request.Direction}.");
        if (!Enum.IsDefined(request.Parity)) return Invalid($"The parity is full or adaptive, not {request.Parity}.");
        if (!Enum.IsDefined(request.Priority)) return Invalid($"The priority is high, normal or low, not {request.Priority}.");
        if (request.RoundTrip is { } roundTrip && roundTrip < TimeSpan.Zero) return Invalid($"The round trip time is 0 or more, not {roundTrip}.");
        if (request.LossRate is { } loss && !(loss is >= 0 and <= 1))
            return Invalid($"The loss rate is 0 to 1, not {loss.ToString(CultureInfo.InvariantCulture)}.");
        if (request.PreviousChunkBytes is { } previous && FileLayout.Check(0, previous, 1, 0) is { } problem)
            return Invalid($"The previous chunk size is {previous}. {problem.Allowed}");
        if (request.Fingerprint.Length > MaxFingerprintChars)
            return Invalid($"The fingerprint has {request.Fingerprint.Length} characters; 0 to {MaxFingerprintChars} are allowed.");
        return request.Direction switch
        {
            TransferDirection.Send => CheckName(request.Name),
            _ => request.FileId == Guid.Empty ? Invalid("A transfer that receives names the file.") : null,
        };
    }

    /// <summary>A name is data, never a path: slashes and dots are as good as any other character, control characters aren't.</summary>
    public static Failure? CheckName(string name)
    {
        if (name.Length is 0 or > MaxNameChars)
            return new(FailureCode.InvalidName, $"The name has {name.Length} characters; 1 to {MaxNameChars} are allowed.");
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsControl(name[i]))
                return new(FailureCode.InvalidName, $"The name has the control character U+{(int)name[i]:X4} at position {i}; control characters aren't allowed.");
            if (!char.IsSurrogate(name[i])) continue;
            if (i + 1 == name.Length || !char.IsSurrogatePair(name[i], name[i + 1]))
                return new(FailureCode.InvalidName, $"The name has half a surrogate pair, U+{(int)name[i]:X4}, at position {i}; that is no text.");
            i++;
        }
        return null;
    }

    /// <summary>The layout of the file to send, or <c>invalid-layout</c>.</summary>
    public static Outcome<FileLayout> LayoutOf(TransferRequest request)
    {
        int chunkBytes = ChunkSizing.ChunkBytesFor(request);
        if (FileLayout.Check(request.SizeBytes, chunkBytes, request.DataShards, request.ParityShards) is { } problem)
            return new Failure(FailureCode.InvalidLayout, string.Create(CultureInfo.InvariantCulture, $"{problem.Name} is {problem.Value}. {problem.Allowed}"));
        return new FileLayout(request.SizeBytes, chunkBytes, request.DataShards, request.ParityShards);
    }

    /// <summary>The key under which the same file isn't sent twice at once, or null where the request is never a duplicate.</summary>
    public static string? KeyOf(TransferRequest request)
    {
        if (request.Direction is not TransferDirection.Send || request.Fingerprint.Length == 0) return null;
        // Lengths in front, so that no owner and name run into one another.
        string key = string.Create(CultureInfo.InvariantCulture,
            $"{request.Owner.Length}:{request.Owner}{request.Name.Length}:{request.Name}{request.Fingerprint}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    private static Failure Invalid(string message) => new(FailureCode.InvalidRequest, message);
}
