using System.Globalization;
using System.Text;

namespace ChunkStream.Cli.Naming;

/// <summary>
/// Makes a name that somebody else chose fit to be a file's name here: on every system the same, so that a file keeps its name when
/// it is moved on.
/// </summary>
internal static class SafeFileName
{
    /// <summary>Below the 255 bytes that file systems take, so that <c>.part</c> files beside it fit too.</summary>
    public const int MaxBytes = 240;

    private const string Nameless = "file";
    private const int MaxExtensionBytes = 20;

    private static readonly HashSet<string> ReservedOnWindows = new(
        ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Numbered("COM"), .. Numbered("LPT")], StringComparer.OrdinalIgnoreCase);

    /// <summary>Never empty, never a path, at most <see cref="MaxBytes"/> of UTF-8. Making a safe name safe again changes nothing.</summary>
    public static string Of(string name)
    {
        string safe = Trim(Printable(LastComponent(name)));
        if (IsReserved(safe)) safe = "_" + safe;
        safe = Trim(Shorten(safe));
        return safe.Length == 0 ? Nameless : safe;
    }

    private static string LastComponent(string name)
    {
        string trimmed = name.TrimEnd('/', '\\');
        return trimmed[(trimmed.LastIndexOfAny(['/', '\\']) + 1)..];
    }

    private static string Printable(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (Rune rune in name.EnumerateRunes())
        {
            // Control characters, halves of surrogate pairs, and marks that turn the direction of writing around.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator || rune == Rune.ReplacementChar) continue;
            text.Append(rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' ? "_" : rune.ToString());
        }
        return text.ToString();
    }

    // A leading dot hides a file, a leading dash makes it an option; Windows drops dots and blanks at the end.
    private static string Trim(string name)
    {
        int start = 0, end = name.Length;
        while (start < end && (name[start] is '.' or '-' || char.IsWhiteSpace(name[start]))) start++;
        while (end > start && (name[end - 1] == '.' || char.IsWhiteSpace(name[end - 1]))) end--;
        return name[start..end];
    }

    private static bool IsReserved(string name)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return ReservedOnWindows.Contains((dot < 0 ? name : name[..dot]).TrimEnd());
    }

    // What is too long loses the end of its stem, and keeps its extension.
    private static string Shorten(string name)
    {
        if (Encoding.UTF8.GetByteCount(name) <= MaxBytes) return name;
        string extension = Path.GetExtension(name);
        if (Encoding.UTF8.GetByteCount(extension) > MaxExtensionBytes) extension = "";
        string stem = name[..^extension.Length];
        return Trim(Cut(stem, MaxBytes - Encoding.UTF8.GetByteCount(extension))) + extension;
    }

    private static string Cut(string text, int maxBytes)
    {
        int bytes = 0, length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes) break;
            length += rune.Utf16SequenceLength;
        }
        return text[..length];
    }

    private static IEnumerable<string> Numbered(string device) => "0123456789¹²³".Select(digit => device + digit);
}
