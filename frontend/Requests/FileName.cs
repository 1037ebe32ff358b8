using System.Globalization;
using ChunkStream.Core.Failures;

namespace ChunkStream.Frontend.Requests;

/// <summary>
/// What a file may be called. A name is data here, never a path: <c>..</c> and <c>/</c> are characters like others, and whoever
/// writes a file under its name makes it safe first.
/// </summary>
internal static class FileName
{
    public const int MaxChars = 1024;

    /// <exception cref="ChunkStream.Sdk.ChunkStreamException"><c>invalid-name</c>, with the reason.</exception>
    public static string Check(string? name)
    {
        if (string.IsNullOrEmpty(name)) throw Refuse(name is null ? null : "", "");
        if (name.Length > MaxChars) throw Refuse(name, $" This one has {name.Length.ToString(CultureInfo.InvariantCulture)} characters.");
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsControl(name[i]))
                throw Refuse(name, string.Create(CultureInfo.InvariantCulture, $" This one has U+{(int)name[i]:X4} at position {i}."));
            if (!char.IsSurrogate(name[i])) continue;
            if (!char.IsSurrogatePair(name, i)) throw Refuse(name, string.Create(CultureInfo.InvariantCulture, $" This one has half of a surrogate pair at position {i}."));
            i++;
        }
        return name;
    }

    private static Sdk.ChunkStreamException Refuse(string? name, string because) =>
        Refusal.Of("The file's name", name, $"A name is 1 to {MaxChars} characters without control characters.{because}", FailureCode.InvalidName);
}
