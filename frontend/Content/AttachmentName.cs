using System.Globalization;
using System.Text;

namespace ChunkStream.Frontend.Content;

/// <summary>
/// Writes a file's name into <c>Content-Disposition</c> (RFC 6266): a plain form for old clients, with everything that could be
/// taken for syntax or for a path replaced, and the exact name percent-encoded (RFC 8187).
/// </summary>
internal static class AttachmentName
{
    // attr-char of RFC 8187.
    private const string Unencoded = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&+-.^_`|~";

    // The plain form is a fallback; a long one only costs header bytes.
    private const int MaxPlainChars = 128;

    public static string Header(string name) => $"attachment; filename=\"{Plain(name)}\"; filename*=UTF-8''{Encoded(name)}";

    private static string Plain(string name)
    {
        string shortened = name.Length <= MaxPlainChars ? name : name[^MaxPlainChars..];
        return string.Concat(shortened.Select(c => c is >= ' ' and <= '~' and not ('"' or '\\' or '/' or '%' or ':' or '*' or '?' or '<' or '>' or '|') ? c : '_'));
    }

    private static string Encoded(string name)
    {
        var text = new StringBuilder(name.Length * 2);
        foreach (byte value in Encoding.UTF8.GetBytes(name))
        {
            if (Unencoded.Contains((char)value, StringComparison.Ordinal)) text.Append((char)value);
            else text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }
        return text.ToString();
    }
}
