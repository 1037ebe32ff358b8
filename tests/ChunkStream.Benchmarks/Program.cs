using ChunkStream.Benchmarks.Grains;
using ChunkStream.Benchmarks.Loopback;
using ChunkStream.Benchmarks.Peers;
using ChunkStream.Benchmarks.Wan;

// An area's rows, printed as a table and written to artifacts/bench/AREA.json.
string area = args.FirstOrDefault() ?? "";
if (area == RawQuicProgram.Name) return await RawQuicProgram.RunAsync(args[1..]);
WanOptions? wan = WanOptions.Parse(area == "wan" ? args[1..] : []);
if (wan is null)
{
    await Console.Error.WriteLineAsync($"wan takes --quick, --no-peers, --size MIB, --runs N and --case, one of {string.Join(", ", WanCase.All.Select(known => known.Name))}.");
    return 2;
}
IReadOnlyList<BenchRow>? rows = area switch
{
    "core" => CoreBench.Run(CancellationToken.None),
    "grains" => await GrainsBench.RunAsync(args.ElementAtOrDefault(1)),
    "loopback" => await LoopbackBench.RunAsync(),
    "wan" => await WanBench.RunAsync(wan),
    _ => null,
};
if (rows is null)
{
    await Console.Error.WriteLineAsync($"No such area: '{area}'. Areas: core, grains, loopback, wan.");
    return 2;
}
BenchTable.Print(rows, Console.Out);
string path = BenchTable.Write(rows, area);
Console.WriteLine($"\n{path}");
return rows.Any(row => row.Met == false) ? 1 : 0;
