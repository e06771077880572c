# shellcheck shell=bash
# A terminal to test in: a tmux server of this check alone. Sourced; xendeck and
# work are for the check that does so.
# shellcheck disable=SC2034
#
# wait_for TEXT waits until the screen shows it, wait_gone until it does not:
# nothing here sleeps and hopes. DEADLINE is generous, since a loaded machine
# is no failure; on success nothing waits longer than it must.
set -u
DEADLINE=${DEADLINE:-30}
work=$(mktemp -d)
socket=xendeck-check-$$-$RANDOM
xendeck=${XENDECK_BUILD:?}/xendeck
export TERM=xterm-256color
export XDG_STATE_HOME=$work/state
unset TMUX NO_COLOR

tm() {
	tmux -L "$socket" -f /dev/null "$@"
}

cleanup() {
	tm kill-server 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT

fail() {
	echo "FAILED: $*"
	echo "--- the screen:"
	tm capture-pane -p 2>/dev/null
	exit 1
}

# start WIDTH HEIGHT: a shell without habits of its own.
start() {
	tm new-session -d -x "$1" -y "$2" \
	    "env PS1='ready\$ ' HISTFILE= bash --norc --noprofile" ||
	    fail "tmux does not start"
	tm set -g escape-time 0
	wait_for 'ready\$'
}

screen() {
	tm capture-pane -p
}

# until_true COMMAND...: repeats it until it succeeds.
until_true() {
	local end=$((SECONDS + DEADLINE))

	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

shows() {
	screen | grep -qE -- "$1"
}

shows_not() {
	! shows "$1"
}

wait_for() {
	until_true shows "$1" || fail "never shown: $1"
}

wait_gone() {
	until_true shows_not "$1" || fail "still shown: $1"
}

keys() {
	tm send-keys "$@"
}

# run COMMAND: types it and a mark that shows when it has ended.
run() {
	keys -l "$1; echo \"ended:\$?\""
	keys Enter
}

pane_is() { # FORMAT VALUE
	[ "$(tm display-message -p "#{$1}")" = "$2" ]
}

resize() {
	tm resize-window -x "$1" -y "$2"
	until_true pane_is pane_width "$1" || fail "tmux does not resize"
}

# The process that runs in the pane besides its shell.
console_pid() {
	pgrep -P "$(tm display-message -p '#{pane_pid}')" -x xendeck
}

console_runs() {
	[ -n "$(console_pid)" ]
}

ended() {
	! kill -0 "$1" 2>/dev/null
}

# The terminal's modes as stty sees them, written by the shell in the pane.
modes() {
	keys -l "stty -a > $work/$1; echo modes-$1-done"
	keys Enter
	wait_for "^modes-$1-done"
}

sane() { # what was done
	until_true pane_is alternate_on 0 ||
	    fail "after $1: still on the alternate screen"
	until_true pane_is cursor_flag 1 || fail "after $1: no cursor"
	keys -l "clear"
	keys Enter
	wait_gone 'ended:'
	modes after
	cmp -s "$work/before" "$work/after" ||
	    fail "after $1: modes differ: $(diff "$work/before" "$work/after")"
}
