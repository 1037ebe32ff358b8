#!/usr/bin/env bash
# Gets the peers that `eng/bench.sh core` compares with: b3sum and ISA-L are installed; the newer ISA-L (Debian trixie, with GFNI) and
# libblake3 (Debian sid) are unpacked to artifacts/peers, beside the system's own. Debian 12 or later, with apt; as root to install.
set -euo pipefail
cd "$(dirname "$0")/.."
peers=$PWD/artifacts/peers
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

apt-get install -y -qq b3sum libisal2 >/dev/null || echo "install them with: sudo apt-get install b3sum libisal2"
mkdir -p "$peers"/lists/partial "$peers"/cache/archives/partial
printf 'deb [signed-by=%s] http://deb.debian.org/debian %s main\n' "$keyring" trixie "$keyring" sid >"$peers/sources.list"
options=(-o "Dir::Etc::sourcelist=$peers/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$peers/lists" -o "Dir::Cache=$peers/cache")
apt-get "${options[@]}" update -qq
(cd "$peers" && apt-get "${options[@]}" download -qq libisal2/trixie libblake3-0)
for package in "$peers"/*.deb; do dpkg -x "$package" "$peers"; done
rm -rf "$peers"/lists "$peers"/cache "$peers"/*.deb
find "$peers" -name 'lib*.so.*' -type f
