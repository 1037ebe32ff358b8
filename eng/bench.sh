#!/usr/bin/env bash
# eng/bench.sh AREA: measures, prints a table, writes artifacts/bench/AREA.json. Areas: core, grains, loopback, wan (needs root).
# Figures are ratios to a peer measured in the same run wherever there is one. Run it on a machine that does nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Newer peers than the system's, where eng/bench-peers.sh has got them.
newest() { find "$PWD/artifacts/peers" -name "$1" -type f 2>/dev/null | head -1; }
export CHUNKSTREAM_BENCH_LIBISAL_NEW="${CHUNKSTREAM_BENCH_LIBISAL_NEW:-$(newest 'libisal.so.2.*')}"
export CHUNKSTREAM_BENCH_LIBBLAKE3="${CHUNKSTREAM_BENCH_LIBBLAKE3:-$(newest 'libblake3.so.*')}"
# As it is installed.
dotnet publish src/ChunkStream.Cli -c Release -o artifacts/cli --verbosity quiet
dotnet build tests/ChunkStream.Benchmarks -c Release --verbosity quiet
exec dotnet tests/ChunkStream.Benchmarks/bin/Release/net10.0/ChunkStream.Benchmarks.dll "$@"
