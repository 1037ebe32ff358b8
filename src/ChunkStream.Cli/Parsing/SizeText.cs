using System.Globalization;
using System.Text.RegularExpressions;

namespace ChunkStream.Cli.Parsing;

/// <summary>
/// Sizes as people write them: <c>256MiB</c>, <c>1.5GiB</c>, <c>64k</c>, <c>1000</c>. Letters alone and with <c>iB</c> count by 1,024,
/// with <c>B</c> by 1,000, in either case.
/// </summary>
internal static partial class SizeText
{
    private const string Units = "KMGTP";

    public const string Allowed = "A size is a number of bytes, with a unit if you like: 1000, 64k, 64KiB, 256MiB, 1.5GiB, 2GB.";

    public static bool TryParse(string? text, out long bytes)
    {
        bytes = 0;
        Match match = Form().Match(text ?? "");
        if (!match.Success || !decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
            return false;
        string unit = match.Groups["unit"].Value.ToUpperInvariant();
        decimal factor = 1;
        if (unit.Length > 0)
            for (int i = 0; i <= Units.IndexOf(unit, StringComparison.Ordinal); i++)
                factor *= match.Groups["base"].Value is "b" or "B" ? 1000 : 1024;
        // A number that is too large for a decimal isn't a size either.
        if (number > long.MaxValue / factor) return false;
        decimal exact = number * factor;
        if (exact != decimal.Truncate(exact)) return false;
        bytes = (long)exact;
        return true;
    }

    /// <summary>A size a second, with <c>/s</c> or without, above zero.</summary>
    public static bool TryParseRate(string? text, out long bytesPerSecond)
    {
        string size = (text ?? "").TrimEnd();
        if (size.EndsWith("/s", StringComparison.OrdinalIgnoreCase)) size = size[..^2];
        return TryParse(size, out bytesPerSecond) && bytesPerSecond > 0;
    }

    /// <summary>Three digits and a unit that counts by 1,024, such as <c>1.50 GiB</c>; bytes alone below 1 KiB.</summary>
    public static string Format(double bytes)
    {
        int unit = -1;
        // 999.5 of a unit would be written with four digits.
        for (; bytes >= (unit < 0 ? 1024 : 999.5) && unit < Units.Length - 1; unit++) bytes /= 1024;
        if (unit < 0) return string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B");
        string format = bytes >= 99.95 ? "0" : bytes >= 9.995 ? "0.0" : "0.00";
        return $"{bytes.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}iB";
    }

    [GeneratedRegex(@"^\s*(?<number>[0-9]{1,20}(\.[0-9]{1,8})?)\s*((?<unit>[kmgtpKMGTP])(?<base>[iI]?[bB])?|[bB])?\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
