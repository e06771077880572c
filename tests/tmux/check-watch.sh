#!/bin/bash
# The wall screen in a terminal: found and started by `xendeck watch`, deaf to
# keys, at home in every size, and the terminal is as it was however it ends.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

watch_pid() {
	pgrep -P "$(tm display-message -p '#{pane_pid}')" -x xendeck-watch
}

watch_runs() {
	[ -n "$(watch_pid)" ]
}

start 80 24
modes before

# --- Starts; keys do nothing, those of the line neither.
run "$xendeck --demo watch"
wait_for 'hosts ([0-9]+)/\1  VMs [1-9]'
wait_for 'newest figures [0-9]+s old'
wait_for 'adler .* live'
until_true watch_runs || fail "it is not a program of its own"
keys q Q Escape C-c C-z 'C-\' C-d Enter F10 x A
clock=$(screen | grep -oE '[0-9]{2}:[0-9]{2}:[0-9]{2}$' | head -n 1)
wait_gone "$clock\$" # it goes on
watch_runs || fail "a key ended it"
shows 'Stopped' && fail "^Z stopped it"

# --- Every size; pages where it does not fit.
resize 60 15
wait_for 'page [0-9]/[0-9], the next in'
resize 200 60
wait_for 'hosts live +VMs run'
wait_for '┌─+┐ ┌─+┐ ┌─+┐'
resize 10 3
wait_for '^[0-9]+!! [0-9]+/[0-9]+'
resize 1 1
until_true pane_is pane_width 1
resize 80 24
wait_for 'newest figures [0-9]+s old'

# --- Ends by a signal, and only so.
kill -TERM "$(watch_pid)"
wait_for 'ended:143'
sane "SIGTERM"
for sig in HUP INT SEGV; do
	run "(ulimit -c 0; exec $xendeck-watch --demo) 2>$work/stderr"
	wait_for 'newest figures'
	until_true watch_runs || fail "not running before SIG$sig"
	kill -"$sig" "$(watch_pid)"
	wait_for 'ended:[1-9]'
	sane "SIG$sig"
done

# --- Unless a key was asked for.
run "$xendeck --demo --ascii --mono watch --quit-key e --page 3"
wait_for 'newest figures'
keys q
keys e
wait_for 'ended:0'
sane "--quit-key"

# --- Hosts that nobody can reach: it says so, and stays.
cat > "$work/dead.conf" <<'CONF'
clusters = ( { name = "dead"; hosts = (
    { name = "h1"; address = "127.0.0.1"; port = 1; transport = "libssh2"; }
); } );
CONF
run "$xendeck -c $work/dead.conf watch --quit-key q"
wait_for 'No host has answered yet'
wait_for 'h1: .*127\.0\.0\.1'
keys q
wait_for 'ended:0'

# --- What is wrong on the command line is told in a sentence.
run "clear; $xendeck-watch --page 0"
wait_for 'no number of seconds'
wait_for 'ended:2'
run "clear; $xendeck-watch --demo < /dev/null"
wait_for 'needs a terminal'
wait_for 'ended:1'

# --- The terminal goes away.
run "$xendeck --demo watch"
wait_for 'newest figures'
pid=$(watch_pid)
tm kill-server
until_true ended "$pid" || {
	kill -KILL "$pid"
	echo "FAILED: it survived its terminal"
	exit 1
}
echo "all well"
