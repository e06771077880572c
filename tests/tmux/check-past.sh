#!/bin/bash
# Back in time in a console that is running: stop, step, go to a time or an
# event, and to now again; nothing of it is left behind.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mkdir "$work/tapes"
cat > "$work/x.conf" <<'CONF'
refresh = "500 ms"; stale = "3 s";
simulator = {
	hosts = ( { name = "h1"; }, { name = "h2"; } );
	vms = ( { name = "web1"; host = "h1"; }, { name = "db1"; host = "h2"; } );
	faults = ( { at = "4 s"; what = "crash"; vm = "db1"; },
	    { at = "8 s"; what = "crash"; vm = "web1"; } );
};
CONF
unset XDG_RUNTIME_DIR
export TMPDIR=$work/tapes

the_time() { # what PAST says, in seconds of the day
	screen | sed -nE '1s/.*PAST.* ([0-9]+):([0-9]+):([0-9]+).*/\1 \2 \3/p' |
	    awk '{ print $1 * 3600 + $2 * 60 + $3 }'
}

earlier_than() {
	local now
	now=$(the_time)
	[ -n "$now" ] && [ $((($1 - now + 86400) % 86400)) -gt 0 ] &&
	    [ $((($1 - now + 86400) % 86400)) -lt 3600 ]
}

start 80 24
modes before
run "$xendeck -c $work/x.conf"
wait_for 'hosts 2/2'
wait_for '1 CRASHED'

# Stopped: the second crash is told, and not shown.
keys Z
wait_for 'PAST PAUSED'
wait_for '^\( \) Step \{ \} Event b Go to z Now Z Run'
shows 'Retry' && fail "Retry is offered in the past"
wait_for 'Now: !! web1 crashed on h1'
wait_for '! 1 NEW NOW'
shows '2 CRASHED' && fail "what was not yet is shown"

# A step, to an event and back.
before=$(the_time)
keys '('
until_true earlier_than "$before" || fail "no step back"
keys '{'
wait_gone '1 CRASHED'
keys '}'
wait_for '1 CRASHED'
keys '}'
wait_for '2 CRASHED'

keys z
wait_gone 'PAST'
wait_for 'F8r? Retry'
keys z
wait_for 'This is now\.'

# A time that is typed, and a screen that changes its size there.
keys -l ':goto -5s'
keys Enter
wait_for 'PAST'
wait_for 'PAST PAUSED .*s ago'
resize 60 15
wait_for '^\( \) Step'
resize 200 60
wait_for '^\( \) Step \{ \} Event .* Quit'
keys b
wait_for 'goto '
keys Escape
keys -l ':goto nonsense'
keys Enter
wait_for '"nonsense" is no time'

# Out, from there.
resize 80 24
keys '('
wait_for 'PAST PAUSED'
keys q
wait_for 'ended:0'
sane 'quitting from the past'
[ -z "$(ls -A "$work/tapes")" ] || fail "left behind: $(ls -A "$work/tapes")"

# A file that may not grow: no past, but a console.
keys -l 'clear'
keys Enter
wait_gone 'ended:'
run "(ulimit -f 4; exec $xendeck -c $work/x.conf)"
wait_for '1 CRASHED'
wait_for '2 CRASHED'
keys '('
wait_for 'No going back in time: what happens is not kept any more:'
shows 'PAST' && fail "a past without a tape"
keys q
wait_for 'ended:0'
sane 'a tape that cannot grow'
echo "all well"
