#!/bin/bash
# Definitions as a script sees them: printed, compared, edited, copied, and left
# alone when something is wrong.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${XENDECK_BUILD:-$PWD/build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export HOME=$tmp XDG_CONFIG_HOME=$tmp/none XDG_STATE_HOME=$tmp/state
bad=0

expect() { # expect CODE NAME ARGS...
	local code=$1 name=$2 got
	shift 2
	timeout 60 "$build/xendeck" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null
	got=$?
	[ "$got" = "$code" ] || fail "$name" "exit code $got, not $code"
}

fail() {
	printf 'FAILED %s: %s\n--- out\n%s\n--- err\n%s\n' "$1" "$2" \
	    "$(head -c 2000 "$tmp/out")" "$(head -c 4000 "$tmp/err")"
	bad=1
}

says() { # says FILE REGEX NAME
	grep -qE -- "$2" "$tmp/$1" || fail "$3" "std$1 lacks: $2"
}

expect 0 print --demo def web1
says out '^name = "web1"$' print
says out "/dev/vgs/web1,raw,xvda,rw" print
[ ! -s "$tmp/err" ] || fail print 'says something on stderr'
expect 0 'on a host' --demo def web1 --on falke
says out '^name = "web1"$' 'on a host'
expect 0 diff --demo def --diff web1
says out '^adler: counts, /etc/xen/web1.cfg$' diff
says out '^falke: same, /etc/xen/web1.cfg$' diff
expect 1 'nobody' --demo def nobody
says err "no VM is called 'nobody'" 'nobody'
expect 1 'nowhere' --demo def web1 --on nowhere
says err "no host is called 'nowhere'" 'nowhere'
expect 1 'other cluster' --demo def web1 --on zeisig
says err 'zeisig does not define web1' 'other cluster'
expect 2 'no VM' --demo def
expect 2 'two VMs' --demo def web1 web2
expect 2 'diff on' --demo def --diff web1 --on adler
expect 2 'bad option' --demo def --frob

exit $bad
