namespace ChunkStream.Cli.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What.</param>
/// <param name="Verdict">How it is.</param>
/// <param name="Detail">What was found, and where it isn't good, what to do.</param>
internal sealed record Check(string Name, Verdict Verdict, string Detail)
{
    public static Check Ok(string name, string detail) => new(name, Verdict.Ok, detail);

    public static Check Warning(string name, string detail) => new(name, Verdict.Warning, detail);

    public static Check Failed(string name, string detail) => new(name, Verdict.Failed, detail);
}
