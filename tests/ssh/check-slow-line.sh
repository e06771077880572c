#!/bin/bash
# The console over a real SSH login at 9600 bit/s: sshd in one network namespace,
# ssh in another, a throttled cable between them. It must leave most of the line
# alone while nobody types, answer keys without a flood in front of them, and
# end a burst of keys on the right row. Judged in bytes and in what is on the
# screen; times are only bounded where a queue would show as many seconds.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${XENDECK_BUILD:-$PWD/build}
term=$build/tests/bench/bench_term

if [ "$(id -u)" != 0 ]; then
	echo "skipped: needs root to make network namespaces"
	exit 0
fi
id=$$-$RANDOM
here=xds-$id there=xdt-$id
tmp=$(mktemp -d /tmp/xendeck-slow-XXXXXX)
sshd=
cleanup() {
	[ -z "$sshd" ] || kill "$sshd" 2>/dev/null
	ip netns del "$here" 2>/dev/null
	ip netns del "$there" 2>/dev/null
	rm -rf "$tmp"
}
trap cleanup EXIT
if ! { ip netns add "$here" && ip netns add "$there"; } 2>"$tmp/netns"; then
	echo "skipped: no network namespaces here: $(cat "$tmp/netns")"
	exit 0
fi

bad=0
fail() {
	echo "FAILED: $*"
	bad=1
}

# --- The cable: 9600 bit/s each way ----------------------------------------------

ip -n "$here" link add slow type veth peer name slow netns "$there" ||
	{ fail "no cable"; exit 1; }
for side in "$here 1" "$there 2"; do
	# shellcheck disable=SC2086 # two words
	set -- $side
	ip -n "$1" link set lo up
	ip -n "$1" addr add "10.99.0.$2/24" dev slow
	# Small packets, as on such lines, so that the throttle lets none through
	# at once but these.
	ip -n "$1" link set slow mtu 296 up
done

ssh-keygen -q -t ed25519 -N '' -f "$tmp/host"
ssh-keygen -q -t ed25519 -N '' -f "$tmp/id"
cp "$tmp/id.pub" "$tmp/authorized"
mkdir -p /run/sshd "$tmp/home"
cat > "$tmp/sshd_config" <<X
ListenAddress 10.99.0.2:22
HostKey $tmp/host
AuthorizedKeysFile $tmp/authorized
StrictModes no
PidFile none
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
SetEnv SHLVL=5
X
ip netns exec "$there" /usr/sbin/sshd -D -e -f "$tmp/sshd_config" 2> "$tmp/log" &
sshd=$!
for _ in $(seq 200); do
	grep -qs 'Server listening' "$tmp/log" && break
	sleep 0.05
done
grep -q 'Server listening' "$tmp/log" || { cat "$tmp/log"; fail "no sshd"; exit 1; }
sed "s/^/10.99.0.2 /" "$tmp/host.pub" > "$tmp/known"
login="ip netns exec $here ssh -F none -i $tmp/id -o BatchMode=yes
    -o UserKnownHostsFile=$tmp/known -o ControlPath=$tmp/cm"

# The login is done at full speed: a key exchange would take a minute.
$login -M -N -o ControlPersist=yes root@10.99.0.2 2> "$tmp/login" ||
    { cat "$tmp/login" "$tmp/log"; fail "no login"; exit 1; }
for ns in "$here" "$there"; do
	tc -n "$ns" qdisc add dev slow root tbf rate 9600bit burst 400 \
	    limit 20000 2> "$tmp/tc" ||
	    { echo "skipped: this kernel cannot throttle: $(cat "$tmp/tc")"; exit 0; }
done

# --- The console -------------------------------------------------------------------

env="HOME=$tmp/home LC_ALL=C.UTF-8 TZ=UTC ASAN_OPTIONS=detect_leaks=0"
# shellcheck disable=SC2086 # words
"$term" --until "hosts 6/6" --settle 10 --for 10 --keys 16 --burst 12 -- \
    $login -t root@10.99.0.2 "env $env $build/xendeck --demo" \
    > "$tmp/out" 2> "$tmp/err" || fail "it did not end well: $(cat "$tmp/err")"
cat "$tmp/out" "$tmp/err"
value() { sed -n "s/^$1 \(-\?[0-9]*\).*/\1/p" "$tmp/out"; }
at_most() { # NAME LIMIT
	local v
	v=$(value "$1")
	[ -n "$v" ] && [ "$v" -ge 0 ] && [ "$v" -le "$2" ] ||
	    fail "$1 is ${v:-not known}, should be at most $2"
}

# The line takes 1200 with the headers, and a plain repaint fills half of it.
at_most bytes_per_s 500
at_most keys_unanswered 0
# A whole new page is two to three thousand bytes; more in front of an answer
# would be a flood.
at_most key_bytes_max 4000
at_most burst_bytes 6000
at_most burst_back_bytes 6000
at_most burst_ms 10000
at_most burst_back_ms 10000
exit $bad
