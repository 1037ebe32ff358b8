#!/usr/bin/env bash
# Long links between two network namespaces, on a kernel without netem. Needs root, gcc, iproute2, nftables, /dev/net/tun.
#   wan.sh up LINK DELAY_MS LOSS RATE_MBIT [SEED]  adds link 0-9: 10.77.LINK.1 at the client, 10.77.LINK.2 at the server; DELAY_MS is
#                                                   one way, LOSS a share such as 0.01, RATE_MBIT 0 unlimited; the queue is one BDP
#   wan.sh hole LINK | heal LINK                    a black hole both ways, and its end
#   wan.sh cc NAME                                  the congestion control of new TCP connections at both ends
#   wan.sh a CMD… | wan.sh b CMD…                   runs a command at the client's end, or at the server's
#   wan.sh stats LINK                               the link's counters
#   wan.sh guard PID                                takes everything down when that process has ended, however it ended
#   wan.sh down                                     ends what runs in the namespaces, and removes them and the links
# Several links at once make several paths. WAN_NS names the namespaces (default wan: wanA and wanB), so that benches don't meet.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
ns=${WAN_NS:-wan} run=${TMPDIR:-/tmp}/chunkstream-wan/${WAN_NS:-wan}
a=${ns}A b=${ns}B
[ "$(id -u)" = 0 ] || { echo "wan.sh makes network namespaces, which needs root." >&2; exit 1; }
mkdir -p "$run"

exists() { ip netns list | grep -q "^$1\b"; }

build() { [ "$run/wanem" -nt "$here/wanem.c" ] || gcc -O2 -Wall -o "$run/wanem" "$here/wanem.c"; }

up() {
  local link=$1 host=1
  build
  for name in "$a" "$b"; do exists "$name" || { ip netns add "$name"; ip -n "$name" link set lo up; }; done
  rm -f "$run/$link.ready"
  setsid "$run/wanem" --ns1 "$a" --ns2 "$b" --dev "wan$link" --delay-ms "$2" --loss "$3" --rate-mbit "$4" --seed "${5:-1}" --rt \
    --stats "$run/$link.stats" --ready "$run/$link.ready" >/dev/null 2>"$run/$link.err" </dev/null &
  echo $! >"$run/$link.pid"
  for _ in $(seq 250); do [ -e "$run/$link.ready" ] && break; sleep 0.02; done
  [ -e "$run/$link.ready" ] || { cat "$run/$link.err" >&2; exit 1; }
  for name in "$a" "$b"; do
    ip -n "$name" link set "wan$link" txqueuelen 10000 up
    ip -n "$name" addr add "10.77.$link.$host/24" dev "wan$link"
    # What an earlier connection learnt about the path would flatter the next.
    ip netns exec "$name" sysctl -qw net.ipv4.tcp_no_metrics_save=1
    host=2
  done
}

hole() {
  for name in "$a" "$b"; do ip netns exec "$name" nft -f - <<NFT
table ip hole$1 {
  chain in { type filter hook input priority 0; iifname "wan$1" drop; }
  chain out { type filter hook output priority 0; oifname "wan$1" drop; }
}
NFT
  done
}

# A namespace may use what the machine allows everybody.
cc() {
  local allowed; allowed=$(sysctl -n net.ipv4.tcp_allowed_congestion_control)
  [[ " $allowed " == *" $1 "* ]] || sysctl -qw net.ipv4.tcp_allowed_congestion_control="$allowed $1"
  for name in "$a" "$b"; do ip netns exec "$name" sysctl -qw net.ipv4.tcp_congestion_control="$1"; done
}

down() {

  for name in "$a" "$b"; do
    exists "$name" && { ip netns pids "$name" | xargs -r kill -9 2>/dev/null || true; }
  done
  for file in "$run"/*.pid; do [ -e "$file" ] && { kill "$(cat "$file")" 2>/dev/null || true; rm -f "$file"; }; done
  sleep 0.1
  for name in "$a" "$b"; do exists "$name" && ip netns del "$name"; done
  rm -rf "$run"
}

guard() { setsid bash -c "tail --pid=$1 -f /dev/null; exec '$here/wan.sh' down" >/dev/null 2>&1 </dev/null & }

case ${1:-} in
up | hole | cc | guard) "$@" ;;
heal) for name in "$a" "$b"; do ip netns exec "$name" nft delete table ip "hole$2"; done ;;
a) shift; exec ip netns exec "$a" "$@" ;;
b) shift; exec ip netns exec "$b" "$@" ;;
stats) kill -USR1 "$(cat "$run/$2.pid")"; sleep 0.2; cat "$run/$2.stats" ;;
down) down ;;
*) sed -n '2,12p' "$0"; exit 2 ;;
esac
