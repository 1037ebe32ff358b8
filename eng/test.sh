#!/usr/bin/env bash
# Builds with warnings as errors, checks the format, runs every test. The last line says "N passed, N failed, N skipped";
# ends non-zero where a test failed, nothing ran, or a step before failed. Installs what is missing on Debian or Ubuntu when it may.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1
results=artifacts/test
solution=ChunkStream.Orleans.sln

say() { printf '\n== %s\n' "$*"; }

# Packages that make more tests run: peers to compare with. Without them those tests are skipped, and say so.
missing=()
command -v b3sum >/dev/null || missing+=(b3sum)
ldconfig -p 2>/dev/null | grep -q 'libisal\.so\.2' || missing+=(libisal2)
# PostgreSQL isn't a peer: the tests start a server of their own, and fail without it.
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v dotnet >/dev/null || missing+=(dotnet-sdk-10.0)
if [ ${#missing[@]} -gt 0 ]; then
  say "missing: ${missing[*]}"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq || true
    for package in "${missing[@]}"; do
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null || echo "could not install $package"
    done
  else
    echo "install them with: sudo apt-get install ${missing[*]}"
  fi
fi
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is missing: see https://dot.net/download"; exit 1; }
library_path=${LD_LIBRARY_PATH:-}
if ldconfig -p 2>/dev/null | grep -q 'libmsquic\.so' || [ -n "$(find ${library_path//:/ } -maxdepth 1 -name 'libmsquic.so*' 2>/dev/null | head -1)" ]; then
  echo "libmsquic: found, lanes are tested over QUIC and TLS"
else
  echo "libmsquic: not found, lanes are tested over TLS alone"
fi

say "build"
dotnet build "$solution" -c Release -warnaserror --verbosity quiet

say "format"
dotnet format "$solution" --verify-no-changes --no-restore --verbosity quiet

say "test"
rm -rf "$results"
status=0
dotnet test "$solution" -c Release --no-build --verbosity quiet --logger trx --results-directory "$results" -- RunConfiguration.TreatNoTestsAsError=true || status=$?

count() { cat "$results"/*.trx 2>/dev/null | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }'; }
total=$(count total) passed=$(count passed) failed=$(count failed)
if [ "$failed" -gt 0 ]; then
  say "failed"
  grep -h 'outcome="Failed"' "$results"/*.trx | grep -o 'testName="[^"]*"' | sort -u
  # What each of them said, and where.
  sed -n '/<UnitTestResult .*outcome="Failed"/,/<\/UnitTestResult>/p' "$results"/*.trx | sed 's/<[^>]*>//g; s/&#xD;//g; s/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&amp;/\&/g' | grep -v '^ *$' || true
fi
[ "$total" -gt 0 ] && [ "$failed" -eq 0 ] || status=1
say "done"
echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
exit $status
