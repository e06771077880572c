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
#   console_says HOST GUEST INPUT TEXT    type into a guest's console, wait for TEXT
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

# The console is typed into again every few seconds: a booting guest may lose
# what came too early.
console_says() {
	local host=$1 guest=$2 input=$3 text=$4 line deadline=$((SECONDS + 40)) found=1
	coproc console { ssh_to -tt "$host" "xl console $guest" 2>/dev/null; }
	local pid=$console_PID from=${console[0]} to=${console[1]}
	while [ $SECONDS -lt $deadline ] && [ $found = 1 ]; do
		printf '%s\n' "$input" >&"$to" || break
		while IFS= read -r -t 4 line <&"$from"; do
			case $line in *"$text"*) found=0; break ;; esac
		done
	done
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
