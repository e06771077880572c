#!/bin/bash
# kill -9, from outside: the real program acts on a dom0 of scripts and is killed
# after each write into its journal, and anywhere in between; then another one
# comes. Nothing is lost (what was done is in the journal, its outcome is what
# the host shows), nothing is done twice. SEED=N begins elsewhere.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${XENDECK_BUILD:-$PWD/build}
tmp=$(mktemp -d /tmp/xendeck-crash-XXXXXX)
running=
cleanup() {
	[ -z "$running" ] || kill -9 "$running" 2>/dev/null
	rm -rf "$tmp"
}
trap cleanup EXIT
export HOME=$tmp XDG_CONFIG_HOME=$tmp/none XDG_STATE_HOME=$tmp/state TZ=UTC
# shellcheck source=tests/lib/dom0.sh
. tests/lib/dom0.sh
export FAKE=$tmp/h1 PATH=$tmp/h1/bin:$PATH
RANDOM=${SEED:-7}
bad=0

fail() {
	printf 'FAILED %s: %s\n--- acts\n%s\n--- history\n%s\n--- last words\n%s\n' \
	    "$round" "$*" "$(cat "$tmp/h1/acts")" "$(cat "$tmp/history")" \
	    "$(tail -n 5 "$tmp/out")"
	bad=1
}

deck() { "$build/xendeck" -c "$tmp/conf" "$@"; }

fresh() { # a host that has two dormant VMs, and an empty journal
	rm -rf "$tmp/h1" "$tmp/journal"*
	world h1
	guest h1 web1
	guest h1 web2
	: > "$tmp/out"; : > "$tmp/history"
	cat > "$tmp/conf" <<-X
		journal = "$tmp/journal.db"
		clusters = ( { name = "c"; definitions = [ "$tmp/h1/etc" ];
		  hosts = ( { name = "h1"; transport = "local";
		    observer = "shell"; sudo = "no"; } ); } );
	X
}

wal() { wc -c 2>/dev/null < "$tmp/journal.db-wal" || echo 0; }

begin() { # ARGS...: in a session of its own, to be killed
	setsid "$build/xendeck" -c "$tmp/conf" "$@" >> "$tmp/out" 2>&1 \
	    < /dev/null &
	running=$!
}

# grown K: waits until the journal has grown that many times, or all is over.
grown() {
	local k=0 was=0 now
	while [ "$k" -lt "$1" ] && kill -0 "$running" 2>/dev/null; do
		now=$(wal)
		[ "$now" -le "$was" ] || { k=$((k + 1)); was=$now; }
	done
	writes=$k
}

end() { # SIGNAL TARGET: of what runs
	kill "-$1" -- "$2" 2>/dev/null
	wait "$running" 2>/dev/null
	running=
}

is_over() {
	deck history --json > "$tmp/history" 2>&1
	! grep -qE '"state": "(left|running)"' "$tmp/history"
}

# Another one comes, and finds out what has become of it.
recover() {
	begin carry-on
	until_true 20 is_over || fail 'a job does not end'
	end TERM "$running"
}

# What must be so, wherever it was killed.
truth() {
	local vm begun state
	for vm in web1 web2; do
		begun=$(count h1 "begin create $vm")
		state=$(grep -o "\"title\": \"[^\"]*" "$tmp/history" | wc -l)
		[ "$begun" -le 1 ] || fail "$vm was created $begun times"
		[ "$begun" = 0 ] || [ "$state" != 0 ] ||
		    fail "$vm was created and the journal does not know"
		step "$vm" "$begun"
	done
}

step() { # VM BEGUN: its last word is what the host shows
	local vm=$1 word runs=no
	case $(domains h1) in *"$vm "*) runs=yes ;; esac
	word=$(grep -o "\"vm\": \"$vm\"[^}]*" "$tmp/history" |
	    sed 's/.*"state": "\([a-z]*\)".*/\1/')
	case $word-$runs in
	done-yes|failed-no|skipped-no|-no) ;;
	*) fail "$vm: the journal says '$word', runs: $runs" ;;
	esac
}

# --- Undisturbed -------------------------------------------------------------

round=undisturbed
fresh
begin start web1 web2 --yes
grown 1000
wait "$running" || fail "exit code $?"
running=
is_over
truth
grep -aq 'memory = 128' "$tmp/journal.db"* ||
    fail 'the journal has not kept the definitions'
[ "$(domains h1)" = 'web1 -b----,web2 -b----,' ] || fail "$(domains h1)"
total=$writes
[ "$total" -ge 4 ] || fail "only $total writes"

# --- After each write: the console alone, and all that it left --------------------

for ((k = 1; k <= total; k++)); do
	round="killed after write $k"
	fresh
	begin start web1 web2 --yes
	grown "$k"
	if [ $((k % 2)) = 0 ]; then
		end KILL "$running"
	else
		end KILL "-$running"
	fi
	recover
	truth
done
# --- Anywhere in between: whoever acts, then whoever takes over --------------------

some() { printf "0.%02d" $((RANDOM % 60)); } # seconds

killed() { # SIGNAL after some time, the console alone or all that is its
	sleep "$(some)"
	if [ $((RANDOM % 2)) = 0 ]; then
		end "$1" "$running"
	else
		end "$1" "-$running"
	fi
}

for ((i = 1; i <= 3; i++)); do
	round="random $i"
	fresh
	some > "$tmp/h1/slow.create"
	some > "$tmp/h1/after.create"
	begin start web1 web2 --yes
	grown 2
	killed KILL
	begin carry-on
	killed KILL
	recover
	truth
done

# --- Two at once --------------------------------------------------------------------

round='two at once'
fresh
: > "$tmp/h1/hang.create"
begin start web1
until_true 10 grep -q 'begin create web1' "$tmp/h1/acts" ||
    fail 'nothing is begun'
timeout 20 "$build/xendeck" -c "$tmp/conf" start web1 > "$tmp/second" 2>&1
code=$?
[ $code = 4 ] || fail "exit code $code, not 4: $(cat "$tmp/second")"
[ "$(wc -l < "$tmp/second")" = 1 ] || fail "says $(cat "$tmp/second")"
grep -q "web1.*by $(id -un)" "$tmp/second" || fail "says $(cat "$tmp/second")"
rm "$tmp/h1/hang.create"
wait "$running" || fail "exit code $?: $(cat "$tmp/out")"
running=
[ "$(count h1 'begin create web1')" = 1 ] || fail 'created again'
is_over
truth
exit $bad
