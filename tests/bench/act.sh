#!/bin/bash
# What xendeck adds to plain `xl` on real Xen (tests/lab, which must be up: it is
# emulated, so only ratios mean anything): starting a PV guest, and migrating a
# PVH guest live.  In turn, xl and xendeck, the median of ROUNDS each.
#
#   xl       the command on its host, over an ssh connection that is there
#   xendeck  the step of a verb: from its command's beginning to the hosts' word
#            that it is so; a migration's with the hand-over
#   verb     all of the verb: connecting, the first answer of every host, what it
#            asks them, the journal
#
# act.sh BUILD; ROUNDS=3 MIGRATIONS=2 (0: none)
set -eu
cd "$(dirname "$0")/../.."
build=$(cd "$1" && pwd)
rounds=${ROUNDS:-3}
migrations=${MIGRATIONS:-2}
lab=tests/lab/lab

if [ "$(id -u)" != 0 ] || [ ! -e tests/lab/run ] ||
	[ "$($lab status | grep -c -P '\ton\t')" -lt 2 ]; then
	echo "act: needs the lab with two hosts: tests/lab/lab up"
	exit 0
fi

work=$(mktemp -d)
drop() {
	for h in alpha beta; do
		$lab ssh $h "for g in bench-pv bench-pvh; do xl destroy \$g; done" \
			2>/dev/null || true
	done
}
cleanup() {
	drop
	for h in alpha beta; do $lab ssh $h 'rm -f /etc/xen/bench-pv*.cfg'; done
	rm -rf "$work"
}
trap cleanup EXIT

sed -e "s|\"run/|\"$PWD/tests/lab/run/|; s|observer = \"[a-z]*\"|observer = \"agent\"|" \
	tests/lab/lab.conf >"$work/conf"
xd() { XDG_STATE_HOME=$work $lab exec "$build/xendeck" -c "$work/conf" "$@"; }
ms() { date +%s%3N; }
timed() { # FILE CMD...
	local t file=$1
	t=$(ms)
	shift
	"$@" >/dev/null 2>"$work/err" || { cat "$work/err"; return 1; }
	echo $(($(ms) - t)) >>"$work/$file"
}
# told NAME WORDS VERB...: NAME-verb, and NAME from the line with WORDS to the last
told() {
	local begin t name=$1 words=$2 last='' first=''
	begin=$(ms)
	shift 2
	while read -r t line; do
		case $line in *"$words"*) first=${first:-$t} ;; esac
		last=$t
	done < <(xd "$@" --yes 2>"$work/err" | while IFS= read -r line; do
		printf '%s %s\n' "$(ms)" "$line"
	done)
	[ -n "$first" ] || { cat "$work/err"; return 1; }
	echo $((last - first)) >>"$work/$name"
	echo $(($(ms) - begin)) >>"$work/$name-verb"
}
median() { sort -n "$work/$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
compare() { # WHAT XL XENDECK
	awk -v what="$1" -v a="$(median "$2")" -v b="$(median "$3")" \
		-v c="$(median "$3-verb")" 'BEGIN {
		printf "%-24s xl %7.2f s  xendeck %7.2f s (x %.2f)  verb %7.2f s (x %.2f)\n",
			what, a / 1000, b / 1000, b / a, c / 1000, c / a }'
}

drop
for h in alpha beta; do
	$lab push $h "$build/xendeck-agent" /usr/local/sbin/.new-agent
	$lab ssh $h mv /usr/local/sbin/.new-agent /usr/local/sbin/xendeck-agent
done
for h in alpha beta; do
	$lab guest $h bench-pv --memory 80 --tick 0 --no-start
	$lab guest $h bench-pvh --type pvh --memory 80 --tick 0 --no-start
done
for ((i = 0; i < rounds; i++)); do
	timed start-xl $lab ssh alpha xl create -q /etc/xen/bench-pv.cfg
	$lab ssh alpha xl destroy bench-pv
	told start 'start bench-pv ...' start bench-pv --on alpha
	$lab ssh alpha xl destroy bench-pv
done
compare "start (PV, $rounds)" start-xl start

[ "$migrations" -gt 0 ] || exit 0
$lab ssh alpha xl create -q /etc/xen/bench-pvh.cfg
for ((i = 0; i < migrations; i++)); do
	timed migrate-xl $lab ssh alpha xl migrate bench-pvh beta
	told migrate 'migrate bench-pvh' migrate bench-pvh --to alpha
done
compare "live migration ($migrations)" migrate-xl migrate
