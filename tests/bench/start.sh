#!/bin/bash
# How long from the command to an answer about all hosts: the console's first
# screen with every host's figures on it, against clush printing `xl list -v`
# and `xl info` of each, for 1, 10 and 100 hosts. The same sshd on loopback
# serves both, so its work, most of what there is to wait for, is in both.
# The best of RUNS, one of each in turn.
#
# start.sh BUILD; RUNS=3 COUNTS="1 10 100"
build=$1
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
runs=${RUNS:-3}
command -v clush >/dev/null || { echo "start: needs clush: tests/bench/deps.sh"; exit 0; }

ms() { echo $(($(date +%s%N) / 1000000)); }
least() { sort -n "$1" | head -n 1; }

ours() { # HOSTS
	conf "$1" >"$work/conf"
	"$term" --until "hosts $1/$1" -- "$build/xendeck" -c "$work/conf" |
		sed -n 's/^start_ms //p' >>"$work/ours-$1"
}

# As an administrator would call it, but for the connections at once, of which
# xendeck has 16 by default and clush 64: both numbers are the programs' own.
theirs() {
	local from to
	from=$(ms)
	clush -q -o "-F $work/ssh_config" -w "bench[1-$1]" \
		'xl list -v; xl info' >"$work/clush-out" 2>"$work/clush-err" || true
	to=$(ms)
	[ "$(grep -c Domain-0 "$work/clush-out")" = "$1" ] ||
		{ echo "clush did not reach all:"; head -n 3 "$work/clush-err"; return 1; }
	echo $((to - from)) >>"$work/theirs-$1"
}

start_sshd
printf '%-8s %14s %14s %8s\n' hosts 'xendeck ms' 'clush ms' ratio
for n in ${COUNTS:-1 10 100}; do
	for ((r = 0; r < runs; r++)); do
		ours "$n"
		theirs "$n"
	done
	a=$(least "$work/ours-$n") b=$(least "$work/theirs-$n")
	printf '%-8s %14s %14s %8s\n' "$n" "$a" "$b" \
		"$(echo "$a $b" | awk '{ printf "%.2f", $1 / $2 }')"
done
