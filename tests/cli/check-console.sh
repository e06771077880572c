#!/bin/bash
# A VM's console and the operator's own commands, as a script has them.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${XENDECK_BUILD:-$PWD/build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export HOME=$tmp XDG_CONFIG_HOME=$tmp/none XDG_STATE_HOME=$tmp/state
bad=0

fail() {
	printf 'FAILED %s: %s\n--- out\n%s\n--- err\n%s\n' "$1" "$2" \
	    "$(head -c 2000 "$tmp/out")" "$(head -c 4000 "$tmp/err")"
	bad=1
}

# expect CODE ARGS...: runs xendeck; its output is in $tmp/out and /err.
expect() {
	local code=$1 got
	shift
	name=$*
	timeout 60 "$build/xendeck" "$@" > "$tmp/out" 2> "$tmp/err"
	got=$?
	[ "$got" = "$code" ] || fail "$name" "exit code $got, not $code"
}

says() { # says FILE REGEX: of the last one
	grep -qE -- "$2" "$tmp/$1" || fail "$name" "std$1 lacks: $2"
}

one_sentence() {
	[ "$(wc -l < "$tmp/err")" = 1 ] || fail "$name" "not one line"
	[ -s "$tmp/out" ] && fail "$name" "it printed something"
}

cat > "$tmp/c.conf" <<-'CONF'
	clusters = (
		{ name = "prod"; hosts = (
			{ name = "a"; transport = "sim"; address = "a.example"; } ); },
		{ name = "lab"; read_only = true; hosts = (
			{ name = "c"; transport = "sim"; } ); } );
	commands = (
		{ name = "show"; command = "printf [%s] {name} '{host} x'"; },
		{ name = "none"; command = "/no/such/program {name}"; },
		{ name = "ssh"; command = "ssh root@{ip}"; } );
	simulator = {
		hosts = (
			{ name = "a"; memory = "8 GiB"; cpus = 4; },
			{ name = "c"; memory = "8 GiB"; cpus = 4; } );
		vms = (
			{ name = "web one"; host = "a"; },
			{ name = "off"; host = "a"; dormant = true; },
			{ name = "lab1"; host = "c"; } );
	};
	CONF
set -- -c "$tmp/c.conf"

expect 0 "$@" console 'web one' < <(printf 'root\necho in-and-out\n')
says out '^in-and-out$'
says out '^root@web one:~# $'
# Nothing of a terminal comes through.
grep -q "$(printf '[\033\r]')" "$tmp/out" && fail "$name" 'control characters'
expect 0 "$@" console 'prod/web one' --for 1s < /dev/null
expect 0 "$@" console 'web one' --for 1s < <(sleep 0.1; printf 'root\nyes\n')
says out '^y$'
expect 1 "$@" console nosuch < /dev/null
says err "no VM is called 'nosuch'"
one_sentence
expect 1 "$@" console off < /dev/null
says err 'off does not run'
expect 4 "$@" console lab1 < /dev/null
says err 'read-only'
expect 4 "$@" --read-only console 'web one' < /dev/null
expect 2 "$@" console 'web one' more < /dev/null
expect 2 "$@" console 'web one' --for never < /dev/null
expect 2 "$@" console --log < /dev/null
expect 2 "$@" console < /dev/null
says err 'needs a terminal'

expect 0 "$@" run show 'web one' < /dev/null
says out '^\[web one\]\[a\.example x\]$'
says err "^xendeck: printf '?\[%s\]'? 'web one' 'a.example x'$"
expect 0 "$@" run show 'web one' --dry-run < /dev/null
says out "^printf '?\[%s\]'? 'web one' 'a.example x'$"
expect 1 "$@" run none 'web one' < /dev/null
says err '/no/such/program cannot be run'
expect 2 "$@" run shw 'web one' < /dev/null
says err 'did you mean "show"'
expect 4 "$@" run show lab1 < /dev/null
expect 1 "$@" run show off < /dev/null
expect 2 "$@" run show < /dev/null
expect 2 "$@" run < /dev/null

sed -i 's/root@{ip}/root@{pi}/' "$tmp/c.conf"
expect 3 "$@" run ssh 'web one' < /dev/null
says err 'command "ssh": \{pi\} is none of'

[ "$bad" = 0 ] && echo 'check-console: ok'
exit "$bad"
