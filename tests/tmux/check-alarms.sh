#!/bin/bash
# An alarm in the console: it is told with the bell, marked, listed, and taken
# care of.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

cat > "$work/x.conf" <<'CONF'
simulator = {
	hosts = ( { name = "h1"; }, { name = "h2"; } );
	vms = ( { name = "web1"; host = "h1"; }, { name = "db1"; host = "h2"; } );
	faults = ( { at = "2 s"; what = "crash"; vm = "db1"; } );
};
alarms = { bell = true; };
CONF

start 80 24
tm set -g monitor-bell on
tm set -g bell-action any
tm set-hook -g alert-bell "run-shell 'touch $work/bell'"
run "$xendeck -c $work/x.conf"
wait_for 'hosts 2/2'
wait_for '!! db1 crashed on h2'
wait_for '!! 1 CRASHED'
wait_for '^![ >]*db1 '
until_true test -e "$work/bell" || fail "no bell"

keys a
wait_for '^!!.active .*db1 crashed on h2'
keys a
wait_for '^[ >]+acked .*db1 crashed on h2'
wait_for 'acknowledged .* by this console'
shows '!! 1 CRASHED' && fail "it still shouts"
shows '1 CRASHED' || fail "it is not counted any more"
keys s
wait_for 'Silence for'
keys Escape
keys o
wait_for '^[> ]*·[> ]*db1 '
wait_for 'db1 crashed; what is left of it is on h2'
keys q
wait_for 'ended:0'

# Without the wish for it there is no bell.
rm "$work/bell"
sed -i 's/bell = true;//' "$work/x.conf"
run "clear; $xendeck -c $work/x.conf"
wait_for '!! 1 CRASHED'
[ ! -e "$work/bell" ] || fail "a bell that nobody wanted"
keys q
wait_for 'ended:0'
echo "all well"
