#!/bin/bash
# What becomes of actions when links break under them: two dom0s of scripts
# behind a real sshd, and the real program. Connections are cut, a host goes and
# comes back, a console is killed while a VM moves. In the end all of it is
# known, and nothing was done twice.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${XENDECK_BUILD:-$PWD/build}
# libssh2 1.10 forgets memory when a connection fails half way.
export LSAN_OPTIONS=suppressions=$PWD/tests/lib/libssh2.supp:print_suppressions=0
tmp=$(mktemp -d /tmp/xendeck-acts-XXXXXX)
# shellcheck source=tests/lib/dom0.sh
. tests/lib/dom0.sh
running='' sshd=''
cleanup() {
	[ -z "$running" ] || kill -9 "$running" 2>/dev/null
	rm -f "$tmp"/*/hang.*
	unserve
	rm -rf "$tmp"
}
trap cleanup EXIT
export HOME=$tmp XDG_CONFIG_HOME=$tmp XDG_STATE_HOME=$tmp SSH_AUTH_SOCK= TZ=UTC
bad=0

fail() {
	printf 'FAILED %s: %s\n--- h1\n%s\n--- h2\n%s\n--- said\n%s\n--- history\n%s\n' \
	    "$round" "$*" "$(cat "$tmp/h1/acts")" "$(cat "$tmp/h2/acts")" \
	    "$(cat "$tmp/out")" "$(deck history)"
	bad=1
}

deck() { timeout 60 "$build/xendeck" -c "$tmp/conf" "$@"; }
begin() {
	"$build/xendeck" -c "$tmp/conf" "$@" > "$tmp/out" 2>&1 < /dev/null &
	running=$!
}
ends() { # CODE
	wait "$running" 2>/dev/null
	local code=$?
	running=
	[ $code = "$1" ] || fail "exit code $code, not $1"
}
done_on() { # WORLD WHAT: waits until that is in its log
	until_true 20 grep -q "$2" "$tmp/$1/acts" || fail "$2 never comes"
}
once() { # WORLD WHAT
	[ "$(count "$1" "$2")" = 1 ] || fail "$2: $(count "$1" "$2") times"
}
runs_on() { # WORLD DOMAINS
	[ "$(domains "$1")" = "$2" ] || fail "$1 has '$(domains "$1")'"
}

is_known() {
	deck history > "$tmp/history" 2>&1
	! grep -qE ' (left|running) ' "$tmp/history"
}
# Another console comes, and finds out what has become of it.
recover() {
	begin carry-on
	until_true 20 is_known || fail 'it is never known'
	kill "$running"
	wait "$running" 2>/dev/null
	running=
}

for h in h1 h2; do world $h; done
for vm in web1 web2 web3; do
	guest h1 $vm
	cp "$tmp/h1/etc/$vm.cfg" "$tmp/h2/etc"
done
ln -s "$tmp/h2" "$tmp/h1/peers/h2"
ln -s "$tmp/h1" "$tmp/h2/peers/h1"
serve h1 h2
cat > "$tmp/conf" <<X
journal = "$tmp/journal.db"
clusters = ( { name = "c"; hosts = ( $(hosts h1 h2) ); } );
X

round='cut while it starts'
: > "$tmp/h1/hang.create"
begin start web1 --on h1
done_on h1 'begin create web1'
hang_up
until_true 20 grep -q 'the link is lost' "$tmp/out" || fail 'it is not told'
rm "$tmp/h1/hang.create"
ends 0
once h1 'begin create web1'
runs_on h1 'web1 -b----,'

round='gone while it starts'
: > "$tmp/h2/hang.create"
begin start web2 --on h2
done_on h2 'begin create web2'
unserve
rm "$tmp/h2/hang.create"
done_on h2 'end create web2'
serve_again || fail 'no sshd'
ends 0
once h2 'begin create web2'
runs_on h2 'web2 -b----,'

round='a host that might run it is gone'
sed 's/name = "h1"; address = "127.0.0.1"; port = [0-9]*/name = "h1"; address = "127.0.0.1"; port = 1/' \
    "$tmp/conf" > "$tmp/gone"
"$build/xendeck" -c "$tmp/gone" start web3 --on h2 > "$tmp/out" 2>&1
code=$?
[ $code = 4 ] || fail "exit code $code, not 4"
grep -q 'h1' "$tmp/out" || fail 'does not say why'
[ "$(count h2 'begin create web3')" = 0 ] || fail 'it was started'

round='killed while it migrates'
echo 1 > "$tmp/h1/slow.migrate"
begin migrate web1 --to h2 --yes
done_on h1 'begin migrate web1'
kill -9 "$running"
ends 137
done_on h1 'end migrate web1'
recover
once h1 'begin migrate web1'
runs_on h1 ''
runs_on h2 'web1 -b----,web2 -b----,'
grep -q ' done .*migrate web1' "$tmp/history" || fail 'it is not done'

# Anywhere in it: asking the hosts, copying, letting it go on there.
RANDOM=${SEED:-3}
for i in 1 2 3; do
	round="killed anywhere in a migration, $i"
	from=h2 to=h1
	[ -z "$(domains h1)" ] || { from=h1 to=h2; }
	: > "$tmp/h1/acts"
	: > "$tmp/h2/acts"
	known=$(grep -c 'migrate web1' "$tmp/history")
	echo 0.4 > "$tmp/$from/slow.migrate"
	begin migrate web1 --to $to --yes
	sleep "$((RANDOM % 3)).$((RANDOM % 10))"
	kill -9 "$running" 2>/dev/null
	wait "$running" 2>/dev/null
	recover
	[ "$(count $from 'begin migrate')" -le 1 ] || fail 'it moved twice'
	case $(domains h1)$(domains h2) in
	'web1 -b----,web2 -b----,'|'web2 -b----,web1 -b----,') ;;
	*) fail "h1 has $(domains h1) and h2 has $(domains h2)" ;;
	esac
	last=$(grep 'migrate web1' "$tmp/history" | tail -n 1)
	moved=$(count $from 'end migrate')
	[ "$(grep -c 'migrate web1' "$tmp/history")" -ge $((known + moved)) ] ||
	    fail 'it moved, and history does not know'
	case $last in
	*' done '*) ;;
	*) [ "$moved" = 0 ] || fail "it moved, and history says: $last" ;;
	esac
done
exit $bad
