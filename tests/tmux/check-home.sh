#!/bin/bash
# The home screen in a terminal: columns chosen by hand, panes that come and go
# with the room, and all of it kept for the next time, but not in the demo.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
kept=$XDG_STATE_HOME/xendeck/console.conf
cat > "$work/xendeck.conf" <<'END'
columns = [ "name:20", "state", "mac:17", "vcpus" ];
simulator = {
	hosts = ( { name = "alpha"; }, { name = "beta"; } );
	vms = ( { name = "web"; host = "alpha"; },
		{ name = "old"; host = "alpha"; dormant = true; } );
};
END

start 80 24

# --- What the configuration wants, and what is changed by hand.
run "$xendeck -c $work/xendeck.conf"
wait_for '^NAME[^ ]* +STATE +MAC +vCPU *$'
wait_for 'dormant \(1\)'
keys F2
wait_for 'Columns'
keys Down '>' '>'
wait_for '^NAME[^ ]* +MAC'
keys Down Space
wait_for '^NAME[^ ]* +MAC +vCPU +STATE +HOST'
keys Escape
wait_gone 'Columns'
keys D
wait_for ' old +'
keys e
wait_for 'Last events'
keys -l ':save'
keys Enter
wait_for 'Kept in '
grep -q '^columns = name:20 mac:17 vcpus state host$' "$kept" ||
    fail "not kept: $(cat "$kept")"
[ "$(stat -c %a "$kept")" = 600 ] || fail "others can read $kept"
keys e
wait_gone 'Last events'
keys q
wait_for 'ended:0'
grep -q '^events-pane = no$' "$kept" || fail "not kept at the end"
keys -l clear
keys Enter
wait_gone 'ended:'

# --- The next time.
echo 'nonsense' >> "$kept"
run "$xendeck -c $work/xendeck.conf"
wait_for 'console.conf: line [0-9]+ is not understood'
wait_for '^NAME[^ ]* +MAC +vCPU +STATE +HOST'
wait_for ' old +'
resize 200 60
wait_for 'Cluster simulated'
shows 'Last events' && fail "the events came back"
keys i
wait_gone 'Cluster simulated'
resize 80 24
keys Q
wait_for 'ended:0'
keys -l clear
keys Enter
wait_gone 'ended:'

# --- The demo is nobody's.
cp "$kept" "$work/before"
run "$xendeck --demo"
wait_for '^NAME.*STATE +CPU%'
keys e
wait_for 'Last events'
keys q
wait_for 'ended:0'
cmp "$kept" "$work/before" || fail "the demo was kept"
