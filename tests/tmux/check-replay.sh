#!/bin/bash
# A recording on the screen: its hosts, and the operator's own keys, columns,
# filters and limits; and where it begins.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

export HOME=$work XDG_CONFIG_HOME=$work/config
cat > "$work/world.conf" <<'CONF'
refresh = "200 ms";
simulator = {
	hosts = ( { name = "rec1"; memory = "8 GiB"; }, { name = "rec2"; } );
	vms = ( { name = "web1"; host = "rec1"; memory = "7 GiB"; },
	    { name = "db1"; host = "rec2"; } );
	faults = ( { at = "3 s"; what = "crash"; vm = "db1"; } );
};
CONF
"$xendeck" -c "$work/world.conf" record --for 6s "$work/rec" ||
    fail "nothing recorded"

# Without a configuration: as it comes. Half is not yet known, and found.
start 80 24
run "$xendeck replay --paused --from 80% $work/rec"
wait_for 'hosts 2/2'
wait_for 'NAME.*STATE.*CPU%'
wait_for '1 CRASHED'
wait_for '^\( \) Step \{ \} Event b Go to z End Z Run'
keys -l ':goto 20%'
keys Enter
wait_gone 'CRASHED'
keys -l ':goto end'
keys Enter
wait_for '1 CRASHED'
keys q
wait_for 'ended:0'
keys -l 'clear'
keys Enter
wait_gone 'ended:'
run "$xendeck replay --paused --from 120% $work/rec"
wait_for '"120%" is no time'
wait_for 'ended:2'
keys -l 'clear'
keys Enter
wait_gone 'ended:'

# Plays as far as it is told to.
run "$xendeck replay --speed 100x --to 30% $work/rec"
wait_for 'REPLAY.*PAUSED'
shows 'CRASHED' && fail "it played on"
keys q
wait_for 'ended:0'
keys -l 'clear'
keys Enter
wait_gone 'ended:'

# The operator's own, for other hosts than those of the recording.
mkdir -p "$work/config/xendeck"
cat > "$work/config/xendeck/xendeck.conf" <<'CONF'
columns = [ "name", "state", "memory" ];
keys = { step-back = "p"; };
filters = ( { name = "mine"; query = "web"; } );
alarms = { host_memory = 10; host_memory_clear = 5; host_memory_for = "0 s"; min_duration = "0 s"; };
clusters = ( { name = "elsewhere"; hosts = ( { name = "mine1"; address = "127.0.0.1"; } ); } );
CONF
run "$xendeck replay --paused --from end $work/rec"
wait_for 'hosts 2/2'
wait_for 'rec1 +live'
shows 'mine1' && fail "hosts are not the recording's"
wait_for '^NAME. +STATE +MEMORY'
shows 'CPU%' && fail "not the operator's columns"
wait_for '^p \) Step'
keys a
wait_for 'rec2: 1[0-9] % of its memory'
keys q
keys f
wait_for 'mine'
keys Escape
keys q
wait_for 'ended:0'

# Errors are told, and nothing is shown instead.
echo 'theme = "no such theme";' > "$work/config/xendeck/xendeck.conf"
keys -l 'clear'
keys Enter
wait_gone 'ended:'
run "$xendeck replay $work/rec"
wait_for 'xendeck\.conf'
wait_for 'ended:3'
echo "all well"
