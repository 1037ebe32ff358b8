using System.Globalization;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Frontend.Requests;

/// <summary>What a transfer's request may say. The grains check what they depend on once more.</summary>
internal static class TransferRules
{
    public const int MaxFingerprintChars = 256;
    public const int MaxMessageChars = 1024;

    public static void Check(CreateTransfer request)
    {
        PathRules.CheckMeasures(request.RoundTripMs, request.LossRate);
        if (request.Direction == TransferDirection.Receive)
        {
            if (request.FileId is null) throw Refusal.Of("fileId", null, "It names the file to receive.");
            return;
        }
        if (request.PreviousChunkBytes is { } previous && FileLayout.Check(0, previous, 1, 0) is { } problem)
            throw Refusal.Of("previousChunkBytes", string.Create(CultureInfo.InvariantCulture, $"{previous}"), problem.Allowed);
        FileName.Check(request.Name);
        if (request.Fingerprint is null || request.Fingerprint.Length > MaxFingerprintChars || request.Fingerprint.Any(char.IsControl))
            throw Refusal.Of("fingerprint", request.Fingerprint, $"It is 0 to {MaxFingerprintChars} characters without control characters.");
        CheckLayout(request);
    }

    public static Failure Check(FailTransfer request)
    {
        FailureCode code = FailureCodeExtensions.FromName(request.Code);
        if (code == FailureCode.None || code.ToName() != request.Code)
            throw Refusal.Of("code", request.Code, "It is a failure's stable name, such as file-changed.");
        if (string.IsNullOrWhiteSpace(request.Message) || request.Message.Length > MaxMessageChars)
            throw Refusal.Of("message", request.Message, $"It is 1 to {MaxMessageChars} characters.");
        return new(code, request.Message);
    }

    private static void CheckLayout(CreateTransfer request)
    {
        // 0 leaves the chunk size to the service; any size that is allowed stands for it here.
        int chunkBytes = request.ChunkBytes == 0 ? FileLayout.MinChunkBytes : request.ChunkBytes;
        if (FileLayout.Check(request.SizeBytes, chunkBytes, request.DataShards, request.ParityShards) is { } problem)
            throw Refusal.Of(problem.Name, string.Create(CultureInfo.InvariantCulture, $"{problem.Value}"), problem.Allowed, FailureCode.InvalidLayout);
    }
}
