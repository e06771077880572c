# shellcheck shell=bash
# What a check in check.d/ may use.  A file is sourced in a shell of its own, in
# order of its number; it says what must hold with `check` and undoes what it
# did in a function `cleanup`, which runs however the file ends.
#
#   check NAME CMD...           one claim: CMD must succeed
#   eventually SECONDS CMD...   poll until it does (from common.sh; no bare sleeps)
#   not CMD...                  must fail
#   on HOST CMD...              in HOST's dom0; on ops@HOST ... as that user
#   lab ...                     the lab's own command
#   says REGEX CMD...           CMD's output has a matching line
#   console_says HOST GUEST INPUT TEXT    type into a guest's console, wait for TEXT,
#                               and print the line that has it
#   guest_runs HOST GUEST, drop_guest HOST GUEST

lab() { "$lab_dir/lab" "$@"; }
on() { ssh_to "$@"; }
not() { ! "$@"; }

check() {
	local name=$1 output number
	shift
	number=$(($(wc -l <"$results") + 1))
	if output=$("$@" 2>&1); then
		echo "ok $number $name"
		echo ok >>"$results"
	else
		echo "not ok $number $name"
		tail -n 12 <<<"$output" | sed 's/^/#   /'
		echo failed >>"$results"
	fi
}

says() {
	local regex=$1 output
	shift
	output=$("$@" 2>&1) || true
	grep -qE -- "$regex" <<<"$output" || { echo "$output"; return 1; }
}

guest_runs() { on "$1" xl list "$2" >/dev/null 2>&1; }

drop_guest() {
	on "$1" "xl destroy $2 2>/dev/null; rm -f /etc/xen/$2.cfg; ! xl list $2 >/dev/null 2>&1"
}

# A console has one user at a time and may still be held by the last one; and what
# is typed while the guest boots may be lost.  So all of it is tried again.
console_says() { eventually 120 console_session "$@"; }

console_session() {
	local host=$1 guest=$2 input=$3 text=$4 line pid from to found=1
	coproc console { ssh_to -tt "$host" "xl console $guest" 2>/dev/null; }
	pid=$console_PID
	# Bash closes its own copies as soon as the session ends.
	exec {from}<&"${console[0]}" {to}>&"${console[1]}"
	for _ in 1 2 3 4 5; do
		printf '%s\n' "$input" >&"$to" || break
		while IFS= read -r -t 4 line <&"$from"; do
			case $line in *"$text"*) found=0; break 2 ;; esac
		done
	done 2>/dev/null
	[ $found != 0 ] || printf '%s\n' "$line"
	exec {from}<&- {to}>&-
	kill "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	return $found
}

# run_check FILE: in a subshell; a file that stops early is a failed claim
run_check() {
	local before
	before=$(wc -l <"$results")
	echo "# ${1##*/}"
	(
		# shellcheck disable=SC2317 # the trap calls it
		cleanup() { :; }
		trap cleanup EXIT
		# shellcheck source=/dev/null
		. "$1"
	) </dev/null || check "${1##*/} ran to its end" false
	[ "$(wc -l <"$results")" -gt "$before" ] ||
		check "${1##*/} claims something" false
}
