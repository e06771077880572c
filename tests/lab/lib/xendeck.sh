# shellcheck shell=bash
# xendeck as the checks drive it: its verbs, and its full screen in a tmux of
# its own.  A file that uses it calls xendeck_ready first, and xendeck_done in
# its cleanup.
#
#   xendeck_ready                  agents on both hosts, $conf, a journal of its own
#   xd VERB...                     a verb
#   xd_behind VERB...              the same in the background: its pid is $verb, what
#                                  it prints $tmp/out
#   ends CODE REGEX CMD...         exits so, and has such a line in its output
#   screen_start, screen_end [SIGNAL], screen_says REGEX, screen_keys KEY...
#   row_says VM REGEX              what the tree says beside it
#   screen_on VM KEY               selects that VM and presses the key
#   definition NAME OPTION...      a guest's, on both hosts; `lab guest` has the options
#   domain HOST GUEST              its number
#   state_is HOST GUEST REGEX      as `xl list` has it
#   count_begin HOST GUEST, count_of HOST GUEST, count_whole HOST GUEST MIN
#                                  a guest that counts in its memory

xendeck_ready() {
	build=$(cd "$lab_dir/../.." && cd "${B:-build}" && pwd)
	tmp=$(mktemp -d)
	conf=$tmp/xendeck.conf
	screen=xendeck-lab-$$
	sed -e "s|\"run/|\"$lab_dir/run/|; s|observer = \"[a-z]*\"|observer = \"agent\"|" \
		"$lab_dir/lab.conf" >"$conf"
	for h in alpha beta; do
		check "the agent is installed on $h" agent_to $h
	done
}

# What still runs cannot be written over.
agent_to() {
	lab push "$1" "$build/xendeck-agent" /usr/local/sbin/.new-agent &&
		on "$1" mv /usr/local/sbin/.new-agent /usr/local/sbin/xendeck-agent
}

xendeck_done() {
	tmux -L "${screen:-none}" kill-server 2>/dev/null || true
	[ -z "${tmp:-}" ] || rm -rf "$tmp"
}

# exec: whoever is killed must be xendeck
xd() {
	(XDG_STATE_HOME=$tmp/state exec nsenter --net="/run/netns/$netns" -- \
		"$build/xendeck" -c "$conf" "$@")
}

# One that is interrupted: $verb is its pid.  env: behind & a shell ignores SIGINT.
xd_behind() {
	(XDG_STATE_HOME=$tmp/state exec nsenter --net="/run/netns/$netns" -- \
		env --default-signal=INT "$build/xendeck" -c "$conf" "$@") >"$tmp/out" 2>&1 &
	verb=$!
}

ends() {
	local code=$1 regex=$2 output rc=0
	shift 2
	output=$("$@" 2>&1) || rc=$?
	echo "$output"
	[ "$rc" = "$code" ] || { echo "exit code $rc, not $code"; return 1; }
	grep -qE -- "$regex" <<<"$output" || { echo "nothing says $regex"; return 1; }
}

# --- The full screen ---

# exec: its pid is what tmux tells
screen_start() {
	in_lan tmux -L "$screen" -f /dev/null new-session -d -x 110 -y 30 \
		"XDG_STATE_HOME=$tmp/state exec $build/xendeck -c $conf" \; \
		set -g remain-on-exit on >/dev/null 2>&1
}

screen_keys() { tmux -L "$screen" send-keys "$@"; }
screen_says() { says "$1" tmux -L "$screen" capture-pane -p; }
screen_dead() { [ "$(tmux -L "$screen" display -p '#{pane_dead}')" = 1 ]; }

screen_end() {
	kill -"${1:-TERM}" "$(tmux -L "$screen" display -p '#{pane_pid}')"
	eventually 15 screen_dead
	tmux -L "$screen" kill-server
}

row_says() { screen_says "^[ >]*\*?(--)?$1 +$2"; }
screen_on() { screen_keys Escape ":$1" Enter "${@:2}"; }

# --- Guests ---

definition() {
	lab guest alpha "$@" --no-start
	on alpha "cat /etc/xen/$1.cfg" | on beta "cat >/etc/xen/$1.cfg"
}

domain() { on "$1" xl domid "$2" 2>/dev/null; }
state_is() { on "$1" xl list "$2" 2>/dev/null | awk 'NR > 1 { print $5 }' | grep -qE -- "$3"; }
memory_is() { [ "$(on "$1" xl list "$2" | awk 'NR > 1 { print $3 }')" = "$3" ]; }

# Every count is a line of its own in the guest's memory: one that is lost, or
# counted twice, shows for ever.
count_begin() {
	# shellcheck disable=SC2016 # for the guest's shell
	console_says "$1" "$2" '[ -e /n ] || { >/n; (n=0; while sleep 0.2; do n=$((n + 1)); echo $n >>/n; done) & }; echo counts-$((40 + 2))' counts-42
}

# count_of HOST GUEST: "LINES LAST WRONG"
count_of() {
	# shellcheck disable=SC2016
	console_says "$1" "$2" \
		'awk "{ if (\$1 != NR) w++ } END { print \"counted\" \"-\" NR \":\" \$1 \":\" w + 0 \":\" }" /n' \
		counted- | sed -n 's/.*counted-\([0-9]*\):\([0-9]*\):\([0-9]*\):.*/\1 \2 \3/p'
}

# count_whole HOST GUEST MIN: it goes on from there, and nothing is missing
count_whole() {
	local lines last wrong
	read -r lines last wrong <<<"$(count_of "$1" "$2")"
	echo "counted to ${last:-?}, after $3" | tee -a "$tmp/counts"
	[ "${last:-0}" -gt "$3" ] && [ "$lines" = "$last" ] && [ "$wrong" = 0 ]
}
