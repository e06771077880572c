#!/bin/bash
# What only a terminal can show of keys and mouse: the mouse is asked for and
# given back on every way out, garbage for reports does no harm, copies reach
# the terminal as OSC 52, and the command line remembers across runs.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

export XDG_STATE_HOME=$work/state
printf 'simulator = { generate = { hosts = 2; vms = 6; } };\n' >"$work/sim.conf"

mouse_is() { # 0 or 1
	pane_is mouse_any_flag "$1"
}

start 80 24
modes before

# --- The mouse is taken, and works.
run "$xendeck -c $work/sim.conf"
wait_for 'NAME.*STATE'
until_true mouse_is 1 || fail "the mouse is not asked for"
pane_is mouse_sgr_flag 1 || fail "not in decimals"
# A click on the title of a column, as the terminal would report it.
x=$(screen | sed -n '2s/CPU%.*//p' | wc -m)
keys -l "$(printf '\033[<0;%d;2M\033[<0;%d;2m' "$x" "$x")"
wait_for 'Sorted by CPU'
# Nonsense, and every report that means nothing: no key is pressed by it.
keys -l "$(printf '\033[<0;;M\033[<99999;1;1M\033[<0;1M\033[<2;5;5M\033[<35;9;9M\033[<0;5;24m')"
keys -l "$(printf '\033[M !!\033[<1;2;3x\033[<0;1')"
wait_for 'NAME.*STATE'
console_runs || fail "garbage ended it"
# On the key bar's last item: quits.
x=$(screen | sed -n '24s/Quit.*//p' | wc -m)
keys -l "$(printf '\033[<0;%d;24M' "$x")"
wait_for 'ended:0'
until_true mouse_is 0 || fail "the mouse is not given back"
sane "a click on Quit"

# --- Given back on each way out, and taken again after it.
run "$xendeck -c $work/sim.conf"
wait_for 'NAME.*STATE'
until_true mouse_is 1 || fail "the mouse is not asked for"
keys C-z
wait_for 'Stopped'
until_true mouse_is 0 || fail "^Z keeps the mouse"
run fg
wait_for 'NAME.*STATE'
until_true mouse_is 1 || fail "fg leaves the mouse"
keys : 's' e t Space m o u s e Space o f f Enter
wait_for 'mouse is off'
until_true mouse_is 0 || fail ":set mouse off does not"
keys : Up BSpace BSpace n Enter
wait_for 'mouse is on'
until_true mouse_is 1 || fail ":set mouse on does not"
kill -SEGV "$(console_pid)"
wait_for 'ended:[1-9]'
until_true mouse_is 0 || fail "SIGSEGV keeps the mouse"
sane "SIGSEGV"
for how in --no-mouse "-c $work/off.conf"; do
	{ cat "$work/sim.conf"; echo 'mouse = false;'; } >"$work/off.conf"
	run "$xendeck -c $work/sim.conf $how"
	wait_for 'NAME.*STATE'
	keys j
	wait_for 'live'
	mouse_is 0 || fail "$how takes the mouse"
	keys q
	wait_for 'ended:0'
	sane "$how"
done

# --- What is pasted presses no key, and a line that is open takes it.
run "$xendeck -c $work/sim.conf"
wait_for 'NAME.*STATE'
tm set-buffer "$(printf 'Q\nlist hosts\n')"
tm paste-buffer -p
wait_for 'What is pasted is not taken for keys'
keys :
wait_for '^:'
tm set-buffer "$(printf 'list\nhosts\n')"
tm paste-buffer -p
wait_for '^:list hosts'
keys Escape q
wait_for 'ended:0'
sane "pasting"

# --- A copy is seen by the terminal. tmux keeps what it is given.
tm set -g set-clipboard on
run "$xendeck -c $work/sim.conf"
wait_for 'NAME.*STATE'
keys j y
wait_for 'Copied the name: '
name=$(screen | sed -n 's/.*Copied the name: \([^ ]*\).*/\1/p')
copied() { [ "$(tm show-buffer 2>/dev/null)" = "$name" ]; }
until_true copied || fail "'$name' was not copied: $(tm show-buffer)"

# --- The command line remembers.
keys : l i s t Space h o s t s Enter
wait_for '2 hosts'
keys q
wait_for 'NAME.*STATE'
keys q
wait_for 'ended:0'
sane "copying"
[ "$(stat -c %a "$work/state/xendeck/history")" = 600 ] ||
    fail "the history is not the user's alone"
run "$xendeck -c $work/sim.conf"
wait_for 'NAME.*STATE'
keys : l Up
wait_for '^:list hosts'
keys Escape q
wait_for 'ended:0'
sane "the command line"
echo "all well"
