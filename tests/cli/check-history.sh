#!/bin/bash
# history as a script sees it: journals that are there, not there, damaged.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${XENDECK_BUILD:-$PWD/build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export HOME=$tmp XDG_CONFIG_HOME=$tmp/none XDG_STATE_HOME=$tmp/state TZ=UTC
bad=0

fail() {
	printf 'FAILED %s: %s\n--- out\n%s\n--- err\n%s\n' "$1" "$2" \
	    "$(head -c 2000 "$tmp/out")" "$(head -c 2000 "$tmp/err")"
	bad=1
}

# expect CODE NAME ARGS...: runs xendeck history; its output is in out and err.
expect() {
	local code=$1 name=$2 got
	shift 2
	timeout 60 "$build/xendeck" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null
	got=$?
	[ "$got" = "$code" ] || fail "$name" "exit code $got, not $code"
}

says() { # says FILE REGEX NAME
	grep -qE -- "$2" "$tmp/$1" || fail "$3" "std$1 lacks: $2"
}

silent() { # silent FILE NAME
	[ ! -s "$tmp/$1" ] || fail "$2" "std$1 is not empty"
}

# No configuration and no journal: nothing was done, and nothing is made.
expect 0 'no journal' history
says err 'the journal has no job yet' 'no journal'
silent out 'no journal'
[ ! -e "$tmp/state" ] || fail 'no journal' 'reading made something'
expect 0 'no journal, for programs' history --json
silent out 'no journal, for programs'
silent err 'no journal, for programs'
expect 1 'no such job' history --job 7f3a2c91-12
says err 'there is no job 7f3a2c91-12 in the journal' 'no such job'

expect 2 'a bad count' history -n 0
says err "-n wants a number from 1 to 1000, not '0'" 'a bad count'
expect 2 'no count' history -n
expect 2 'a bad time' history --since yesterday
says err 'yesterday.* is no time' 'a bad time'
expect 2 'two names' history web1 web2
expect 2 'an unknown option' history --yesterday
for time in 12:00 '2026-11-20 14:05' 2026-11-20 -10min; do
	expect 0 "since $time" history --since "$time"
	says err 'no job that fits' "since $time"
done

# What is no journal is a sentence.
mkdir -p "$tmp/state/xendeck"
db=$tmp/state/xendeck/journal.db
head -c 100000 /dev/zero | tr '\0' 'x' > "$db"
expect 1 garbage history
says err 'journal .*journal.db is damaged, or not a journal' garbage
[ "$(wc -l < "$tmp/err")" = 1 ] || fail garbage 'more than one line'
expect 0 'of the demo' --demo history
says err 'the journal has no job yet' 'of the demo'
rm "$db"
mkdir "$db"
expect 1 'a directory' history
says err 'the journal .* cannot be used' 'a directory'
rmdir "$db"
: > "$db"
expect 0 empty history
says err 'has no job yet' empty

# The configuration says where it is.
cat > "$tmp/conf" <<-END
	journal = "mine.db"
	clusters = ( { name = "a"; hosts = ( { name = "h"; } ); } )
END
echo 'no database at all, but long enough to be looked at' > "$tmp/mine.db"
expect 1 configured -c "$tmp/conf" history
says err "$tmp/mine.db" configured
exit $bad
