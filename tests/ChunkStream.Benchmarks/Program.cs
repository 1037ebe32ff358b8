using ChunkStream.Benchmarks.Grains;
using ChunkStream.Benchmarks.Loopback;

// An area's rows, printed as a table and written to artifacts/bench/AREA.json.
string area = args.FirstOrDefault() ?? "";
IReadOnlyList<BenchRow>? rows = area switch
{
    "core" => CoreBench.Run(CancellationToken.None),
    "grains" => await GrainsBench.RunAsync(),
    "loopback" => await LoopbackBench.RunAsync(),
    _ => null,
};
if (rows is null)
{
    await Console.Error.WriteLineAsync($"No such area: '{area}'. Areas: core, grains, loopback.");
    return 2;
}
BenchTable.Print(rows, Console.Out);
string path = BenchTable.Write(rows, area);
Console.WriteLine($"\n{path}");
return rows.Any(row => row.Met == false) ? 1 : 0;
