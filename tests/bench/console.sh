#!/bin/bash
# What the console costs: HOSTS hosts with 100 VMs each, told anew each second,
# over as many real SSH sessions to one sshd on loopback. The sshd's forced
# command plays the part of the agents.
#
#   cpu      per cent of one core, of the console alone, nobody typing
#   rss      its memory
#   bytes    to the terminal, a second, nobody typing
#   key      from a key to the answer on the terminal; ended and paged lists,
#            help and filters among them
#
# Beside them, on the same machine: top repainting its own 80x24 once a second,
# and the memory of as many ssh processes as an administrator's loop would have.
#
# console.sh BUILD; HOSTS=100 SECONDS_EACH=20 KEYS=300 SIZE=80x24; EACH=FILE for
# a list of what each key waited
build=$1
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
hosts=${HOSTS:-100}
seconds=${SECONDS_EACH:-20}
keys=${KEYS:-300}
size=${SIZE:-80x24}

value() { sed -n "s/^$2 //p" "$work/$1"; }

start_sshd
conf "$hosts" >"$work/conf"
"$term" --size "$size" --until "hosts $hosts/$hosts" --settle 5 \
	--for "$seconds" --keys "$keys" --each "${EACH:-/dev/null}" -- \
	"$build/xendeck" -c "$work/conf" >"$work/console"
"$term" --size "$size" --settle 3 --for 10 -- top -d 1 >"$work/top"
mkdir "$work/pids"
for ((i = 1; i <= hosts; i++)); do
	sleep 60 | ssh -F "$work/ssh_config" "bench$i" "bench-agent-$i" >/dev/null 2>&1 &
done
sleep 5
ssh_kb=$(ps -o rss=,args= -e | awk -v f="$work/ssh_config" \
	'$2 ~ /(^|\/)ssh$/ && index($0, f) { kb += $1 } END { print kb + 0 }')
ssh_pss=$(for p in $(pgrep -f "^ssh -F $work/ssh_config"); do
	awk '/^Pss:/ { print $2 }' "/proc/$p/smaps_rollup" 2>/dev/null; done |
	awk '{ kb += $1 } END { print kb + 0 }')
for p in $(pgrep -f "^ssh -F $work/ssh_config"); do kill "$p"; done
# shellcheck disable=SC2046 # a list
wait $(jobs -p | grep -v "^$sshd\$") 2>/dev/null || true

mb() { echo "$1" | awk '{ printf "%.1f", $1 / 1024 }'; }
ratio() { echo "$1 $2" | awk '$2 > 0 { printf "%.2f", $1 / $2 }'; }
cat <<X
$hosts hosts x 100 VMs at 1 Hz, $size
cpu    $(value console cpu_percent) % of one core (aim: 10); while typing $(value console cpu_percent_with_keys) %
rss    $(mb "$(value console rss_kb)") MB (aim: 64), most $(mb "$(value console rss_max_kb)"); $hosts ssh processes: $(mb "$ssh_kb") MB, $(mb "$ssh_pss") without what they share; ratio $(ratio "$(value console rss_kb)" "$ssh_pss")
bytes  $(value console bytes_per_s) a second to the terminal; top: $(value top bytes_per_s); ratio $(ratio "$(value console bytes_per_s)" "$(value top bytes_per_s)")
key    p50 $(value console key_p50_ms) ms, p99 $(value console key_p99_ms) ms (aim: 20), most $(value console key_max_ms) ms; $(value console keys) keys, $(value console keys_unanswered) unanswered
       but Esc: p50 $(value console key_but_esc_p50_ms) ms, p99 $(value console key_but_esc_p99_ms) ms, most $(value console key_but_esc_max_ms) ms
start  $(value console start_ms) ms until all hosts were there
X
