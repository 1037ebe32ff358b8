using System.Globalization;
using System.Text;

namespace ChunkStream.Sdk.Control;

/// <summary>A value that somebody sent, fit to stand in a message: short, and without characters that move a terminal's cursor.</summary>
public static class Excerpt
{
    public const int MaxChars = 80;

    public static string Of(string value)
    {
        var text = new StringBuilder(MaxChars + 20);
        foreach (char c in value.AsSpan(0, Math.Min(value.Length, MaxChars)))
        {
            if (char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format)
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                text.Append(c);
        }
        if (value.Length > MaxChars) text.Append(CultureInfo.InvariantCulture, $"… ({value.Length} characters)");
        return text.ToString();
    }
}
