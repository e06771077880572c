#!/bin/bash
# The console in a terminal: starts, answers keys, survives every size, goes to
# the background and back, and leaves the terminal as it was however it ends.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

start 80 24
modes before

# --- Starts, and keys do what they say.
run "$xendeck --demo"
wait_for 'hosts ([0-9]+)/\1 .*VMs [1-9]'
wait_for 'NAME.*STATE.*CPU%.*MEMORY.*UPTIME'
wait_for '\? Help'
shows 'ended:' && fail "the shell shows through"
keys '?'
wait_for 'Keys: The home screen'
keys Escape
wait_for 'NAME.*STATE'
keys F1
wait_for 'Keys: The home screen'
keys q
wait_for 'NAME.*STATE'
keys Down Enter
wait_for '^ Host '
keys q
wait_for 'NAME.*STATE'
keys Escape 6
wait_for 'Sort by'
keys Escape
wait_gone 'Sort by'
keys / d n s
wait_for '^/dns'
wait_for 'dns1 '
wait_gone 'web1 '
keys Enter
wait_for 'filter: dns'
keys Escape
wait_for 'web1 '
keys L
wait_for 'What happened'
keys q

# --- Every size.
resize 60 15
wait_for 'NAME.*STATE.*CPU%.*MEMORY.*UPTIME'
shows 'vCPU' && fail "60 columns show too much"
resize 200 60
wait_for 'NAME.*STATE.*vCPU.*MEM.*TYPE.* VM dns1'
wait_for 'Last events'
resize 10 3
wait_for '^[0-9]+/[0-9]+ up'
resize 1 1
until_true pane_is pane_width 1
console_runs || fail "1x1 ended it"
resize 80 24
wait_for 'NAME.*STATE.*CPU%.*MEMORY.*UPTIME'

# --- To the shell and back.
keys C-z
wait_for 'Stopped'
sane "^Z"
run fg
wait_for 'NAME.*STATE.*CPU%'
keys '?'
wait_for 'Keys: The home screen'
keys q
wait_for 'NAME.*STATE'

# --- Ends by key, and by each signal.
keys q
wait_for 'ended:0'
sane "q"
for sig in TERM HUP INT QUIT SEGV ABRT; do
	run "(ulimit -c 0; exec $xendeck --demo) 2>$work/stderr"
	wait_for 'hosts ([0-9]+)/\1 '
	until_true console_runs || fail "not running before SIG$sig"
	kill -"$sig" "$(console_pid)"
	wait_for 'ended:[1-9]'
	sane "SIG$sig"
done

# --- What is not a terminal is told so.
run "$xendeck --demo | cat"
wait_for 'needs a terminal'
wait_for 'ended:0'
run "clear; TERM=no-such-terminal $xendeck --demo"
wait_for 'TERM=xterm'
wait_for 'ended:[1-9]'
sane "an unknown terminal"

# --- Plain terminals.
run "LC_ALL=C TERM=vt100 $xendeck --demo"
wait_for '^[ >]+-[a-z]+ '
keys q
wait_for 'ended:0'
sane "a vt100"

# --- The terminal goes away: the program ends by itself, and at once.
run "$xendeck --demo"
wait_for 'hosts ([0-9]+)/\1 '
pid=$(console_pid)
tm kill-server
until_true ended "$pid" || {
	cat "/proc/$pid/stat"
	kill -KILL "$pid"
	echo "FAILED: it survived its terminal"
	exit 1
}
echo "all well"
