#!/bin/bash
# What watching costs dom0: xendeck-agent against `xentop -b`, one refresh a
# second each, one after the other on a real Xen host of the lab with at least
# GUESTS guests (tests/lab; started when they are not there, and left running).
# The lab is emulated: absolute times mean nothing, their ratio does.
#
#   process   CPU of the program itself for one refresh
#   xenstored what it made xenstored do
#   dom0      all that dom0 ran more than without either: the program,
#             xenstored, the kernel's work for both, as Xen counts it
#
# agent.sh BUILD; GUESTS=22 SECONDS_EACH=30 HOST=alpha
set -eu
cd "$(dirname "$0")/../.."
build=$1
host=${HOST:-alpha}
guests=${GUESTS:-22}
seconds=${SECONDS_EACH:-30}
lab=tests/lab/lab
export XENDECK_LAB_MEM=${XENDECK_LAB_MEM:-$((768 + guests * 104))}

[ "$(id -u)" = 0 ] || { echo "agent: needs root, for the lab"; exit 0; }
command -v qemu-system-x86_64 >/dev/null ||
	{ echo "agent: needs the lab: tests/lab/deps.sh"; exit 0; }
[ -x "$build/xendeck-agent" ] || { echo "agent: no xendeck-agent built"; exit 0; }

on() { $lab ssh "$host" "$@"; }

$lab up "$host" >&2
have=$(on "xl list | tail -n +3 | wc -l")
for ((i = have + 1; i <= guests; i++)); do
	n=bench$(printf %02d "$i")
	echo "guest $n" >&2
	$lab guest "$host" "$n" --memory 88 --tick 0 --disk "$n:8" \
		--ip "10.77.0.$((100 + i))"
done
$lab push "$host" "$build/xendeck-agent" /run/bench-agent

# Runs in dom0: prints "refreshes process_us xenstored_us dom0_us" of what was
# run for a while, or, without a command, of doing nothing.
# shellcheck disable=SC2016 # for dom0's shell
measure='
us() { read -r ns _ <"/proc/$1/schedstat"; echo $((ns / 1000)); }
dom0() { /run/bench-agent --once </dev/null | sed -n "s/.*{\"id\":0,[^}]*\"cpu_ns\":\([0-9]*\)[0-9]\{3\}[,}].*/\1/p"; }
run() { # PATTERN CMD...
	pattern=$1; shift
	cd /run; rm -f bench-in bench-out; mkfifo bench-in; : >bench-out; p=self
	sleep 1000 >bench-in & hold=$!
	if [ $# -gt 0 ]; then "$@" <bench-in >bench-out 2>/dev/null & p=$!; fi
	sleep 8
	x=$(pidof xenstored oxenstored)
	n0=$(grep -c "$pattern" bench-out); d0=$(dom0); a0=$(us $p); x0=$(us $x)
	sleep '"$seconds"'
	a1=$(us $p); x1=$(us $x); d1=$(dom0); n1=$(grep -c "$pattern" bench-out)
	[ $# = 0 ] || kill $p
	kill $hold
	echo $((n1 - n0)) $((a1 - a0)) $((x1 - x0)) $((d1 - d0))
}
'
echo "$((guests)) guests, ${seconds} s each: nothing, xentop, xendeck-agent" >&2
idle=$(on "$measure run nothing")
theirs=$(on "$measure run Domain-0 xentop -b -d 1")
ours=$(on "$measure run '\"type\":\"obs\"' /run/bench-agent")
idle2=$(on "$measure run nothing")
printf '%s\n' "$idle" "$idle2" "$theirs" "$ours" | awk -v s="$seconds" '
	{ n[NR] = $1; own[NR] = $2; xs[NR] = $3; d0[NR] = $4 }
	function per(v, i) { return v / n[i] / 1000 }
	END {
		ix = (xs[1] + xs[2]) / 2; id = (d0[1] + d0[2]) / 2
		for (i = 3; i <= 4; i++) {
			a[i] = per(own[i], i)
			b[i] = per(xs[i] - ix, i); if (b[i] < 0) b[i] = 0
			c[i] = per(d0[i] - id, i); if (c[i] < 0) c[i] = 0
		}
		printf "%-28s %10s %10s %10s\n", "ms per refresh", "process",
			"xenstored", "dom0"
		printf "%-28s %10.2f %10.2f %10.2f  (%d refreshes)\n",
			"xentop -b -d 1", a[3], b[3], c[3], n[3]
		printf "%-28s %10.2f %10.2f %10.2f  (%d refreshes)\n",
			"xendeck-agent", a[4], b[4], c[4], n[4]
		printf "%-28s %10.3f %10s %10.3f  (aim: 0.2 or less)\n",
			"ratio", a[4] / a[3], (b[3] > 0 ? sprintf("%.3f", b[4] / b[3]) : "-"),
			c[4] / c[3]
		printf "idle dom0: %.1f and %.1f ms each second, what the figures may be off by\n",
			d0[1] / s / 1000, d0[2] / s / 1000
	}'
