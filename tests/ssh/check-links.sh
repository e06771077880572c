#!/bin/bash
# Whole links, as an operator meets them: the built xendeck, a real sshd on
# loopback, a dom0 made of scripts. Each host has another thing wrong with it;
# what works must work, and what does not must say why.
set -u
cd "$(dirname "$0")/../.." || exit 1
top=$PWD
build=${XENDECK_BUILD:-$PWD/build}
# libssh2 1.10 forgets memory when a connection fails half way.
export LSAN_OPTIONS=suppressions=$PWD/tests/lib/libssh2.supp:print_suppressions=0
tmp=$(mktemp -d /tmp/xendeck-links-XXXXXX)
sshd=
cleanup() {
	[ -z "$sshd" ] || kill "$sshd" 2>/dev/null
	rm -rf "$tmp"
}
trap cleanup EXIT
export HOME=$tmp XDG_CONFIG_HOME=$tmp XDG_STATE_HOME=$tmp SSH_AUTH_SOCK=
bad=0

fail() {
	printf 'FAILED: %s\n' "$*"
	bad=1
}

# --- A dom0 of scripts --------------------------------------------------------

mkdir -p "$tmp/bin" "$tmp/.ssh"
export FAKE=$tmp
for tool in xl xentop xenstore-watch xenstore-read xenstore-ls; do
	ln -s "$top/tests/fixtures/bin/fake" "$tmp/bin/$tool"
done
for f in 'xl_list_-v xl-list-v' 'xl_info xl-info' 'xl_list_-l xl-list-l' \
    'xentop xentop'; do
	cp "tests/fixtures/xl/${f#* }.out" "$tmp/${f% *}"
done
: > "$tmp/xenstore-read"
: > "$tmp/xenstore-ls"
: > "$tmp/xenstore-watch"

agent() { # agent NAME LINES: an agent that says them, then its figures, on and on
	cat > "$tmp/bin/$1" <<X
#!/bin/sh
cat <<'L'
$2
L
i=1
while sleep 0.2; do
	i=\$((i + 1))
	echo "{\"type\":\"obs\",\"seq\":\$i,\"t_ns\":\${i}00000000}" || exit
done
X
	chmod +x "$tmp/bin/$1"
}
hello='{"type":"hello","v":1,"agent":"0.1","xen_built":"4.17","xen_found":"4.17","interval_ms":500}'
evil='{"id":7,"uuid":"00000000-0000-4000-8000-000000000007","name":"evil\u001b[31m\u202e\u0000x","state":"b"}'
long='{"id":8,"uuid":"00000000-0000-4000-8000-000000000008","name":"'$(printf 'n%.0s' $(seq 300))'","state":"b"}'
obs='{"type":"obs","full":true,"seq":1,"t_ns":1,"host":{"xen_version":"4.17.7"},"doms":[{"id":0,"name":"Domain-0","state":"r"},'"$evil,$long"']}'
agent good-agent "$hello
$obs"
agent wrong-agent "${hello/found\":\"4.17/found\":\"4.20}
$obs"
agent garbage-agent "$hello
this is no JSON"
printf '#!/bin/sh\necho '"'%s'"'\nexec tr "\\0" x < /dev/zero\n' "$hello" \
    > "$tmp/bin/endless-agent"
chmod +x "$tmp/bin/endless-agent"

# --- The server -----------------------------------------------------------------

for k in ed25519 ecdsa rsa; do
	ssh-keygen -q -t $k -N '' -f "$tmp/$k"
done
for k in host_ed25519 other_ed25519 stranger_ed25519; do
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/$k"
done
cat "$tmp/ed25519.pub" "$tmp/ecdsa.pub" "$tmp/rsa.pub" > "$tmp/authorized"
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
for _ in 1 2 3 4 5 6 7 8; do
	port=$((20000 + RANDOM % 20000))
	cat > "$tmp/sshd_config" <<X
ListenAddress 127.0.0.1:$port
HostKey $tmp/host_ed25519
AuthorizedKeysFile $tmp/authorized
StrictModes no
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
SetEnv FAKE=$tmp PATH=$tmp/bin:$PATH SHLVL=1
X
	/usr/sbin/sshd -D -e -f "$tmp/sshd_config" 2> "$tmp/sshd.log" &
	sshd=$!
	for _ in $(seq 100); do
		grep -q 'Server listening' "$tmp/sshd.log" && break 2
		kill -0 $sshd 2>/dev/null || break
		sleep 0.05
	done
done
grep -q 'Server listening' "$tmp/sshd.log" ||
    { cat "$tmp/sshd.log"; fail "no sshd"; exit 1; }
known() { sed "s/^/[127.0.0.1]:$port /" "$tmp/$1.pub"; }
known host_ed25519 > "$tmp/known"
known other_ed25519 > "$tmp/changed"
: > "$tmp/unknown"

# --- What is to be seen -----------------------------------------------------------

me=$(id -un)
host() { # host NAME SETTINGS: sudo is never wanted here
	printf '{ name = "%s"; address = "127.0.0.1"; port = %s; user = "%s"; sudo = "no"; ' \
	    "$1" "$port" "$me"
	printf 'key = "%s"; known_hosts = "%s"; %s }' "${key:-ed25519}" \
	    "${known:-known}" "$2"
}
{
	echo 'stale = "60 s"; clusters = ( { name = "c"; hosts = ('
	host agent 'agent = "good-agent";'; echo ,
	key=ecdsa host shell 'observer = "shell";'; echo ,
	host noagent ''; echo ,
	host wrongagent 'agent = "wrong-agent";'; echo ,
	host openssh 'transport = "openssh"; agent = "good-agent";'; echo ,
	key=rsa host rsa 'agent = "good-agent";'; echo ,
	host garbage 'agent = "garbage-agent"; observer = "agent";'; echo ,
	host endless 'agent = "endless-agent"; observer = "agent";'; echo ,
	known=unknown host unknown 'agent = "good-agent";'; echo ,
	known=changed host changed 'agent = "good-agent";'; echo ,
	key=stranger_ed25519 host stranger ''; echo ,
	echo '{ name = "closed"; address = "127.0.0.1"; port = 1; user = "x"; },'
	echo '{ name = "nowhere"; address = "no-such-host.invalid"; user = "x"; }'
	echo '); } );'
} > "$tmp/links.conf"

deck() { timeout 100 "$build/xendeck" -c "$tmp/links.conf" "$@"; }

deck record --for 12s "$tmp/rec" > "$tmp/out" 2> "$tmp/err" < /dev/null
code=$?
[ $code = 5 ] || fail "exit code $code, not 5"
"$build/xendeck" replay "$tmp/rec" list hosts > "$tmp/hosts" 2> "$tmp/why"
LC_ALL=C.UTF-8 "$build/xendeck" replay "$tmp/rec" list > "$tmp/vms" 2>/dev/null

is() { # is HOST STATE VIA
	grep -qE "^$1 +c +$2( \(.* ago\))? +$3 " "$tmp/hosts" ||
	    fail "$1 is not $2 by $3: $(grep "^$1 " "$tmp/hosts")"
}
because() { # because HOST REGEX
	"$build/xendeck" replay "$tmp/rec" info "$1" 2>/dev/null |
	    grep -E '^(reason|note) ' | grep -qE -- "$2" ||
	    fail "$1 does not say '$2': $("$build/xendeck" replay "$tmp/rec" \
	    info "$1" 2>/dev/null | grep -E '^(reason|note)')"
}
fingerprint() { # for grep -E, to which base64's + means something
	fingerprint_of "$1" | sed 's/[+]/[+]/g'
}
fingerprint_of() { ssh-keygen -lf "$tmp/$1.pub" | awk '{ print $2 }'; }

is agent live agent/libssh2
is shell live shell/libssh2
is noagent live shell/libssh2
because noagent 'noagent.*xendeck-agent'
is wrongagent live shell/libssh2
because wrongagent '4\.17.*4\.20'
is openssh live agent/openssh
is rsa live agent/openssh
because rsa 'RSA'
is garbage '(down|stale)' agent/libssh2
because garbage 'garbage'
is endless '(down|stale|waiting)' agent/libssh2
because endless 'endless'
is unknown refused '[a-z]+/[a-z0-9]+'
because unknown "$(fingerprint host_ed25519).*xendeck trust unknown"
is changed refused '[a-z]+/[a-z0-9]+'
because changed "$(fingerprint host_ed25519)"
because changed "$(fingerprint other_ed25519)"
is stranger refused '[a-z]+/[a-z0-9]+'
because stranger 'key'
is closed down '[a-z]+/[a-z0-9]+'
because closed '127.0.0.1.*refused'
is nowhere down '[a-z]+/[a-z0-9]+'
because nowhere 'no-such-host.invalid'
grep -qE '^web1 +(shell|noagent|wrongagent) +running TWICE!' "$tmp/vms" ||
    fail "xl's guest is not listed"
grep -qE '^evil' "$tmp/vms" || fail "the evil guest is not listed"
LC_ALL=C grep -q "$(printf '[\033\302\201]')\\[31m" "$tmp/vms" "$tmp/hosts" \
    "$tmp/out" "$tmp/err" && fail "control characters came through"
grep -qE '^n{255} ' "$tmp/vms" || fail "the long name is not cut to 255"

# --- Trust ------------------------------------------------------------------------

deck trust unknown < /dev/null > "$tmp/out" 2>&1
[ $? = 4 ] || fail "trust without a yes does not refuse: $(cat "$tmp/out")"
[ -s "$tmp/unknown" ] && fail "trust stored a key without a yes"
echo no | deck trust unknown > "$tmp/out" 2>&1
[ $? = 4 ] || fail "trust takes a no for a yes"
echo yes | deck trust unknown > "$tmp/out" 2>&1 ||
    fail "trust fails: $(cat "$tmp/out")"
grep -qF "$(fingerprint_of host_ed25519)" "$tmp/out" || fail "trust shows no fingerprint"
cmp -s <(cut -d' ' -f2- "$tmp/unknown") <(cut -d' ' -f1-2 "$tmp/host_ed25519.pub") ||
    cmp -s <(awk '{ print $2, $3 }' "$tmp/unknown") \
    <(awk '{ print $1, $2 }' "$tmp/host_ed25519.pub") ||
    fail "trust stored another key: $(cat "$tmp/unknown")"
deck trust unknown > "$tmp/out" 2>&1 && grep -q already "$tmp/out" ||
    fail "trust does not know its own key: $(cat "$tmp/out")"
deck trust --yes changed > "$tmp/out" 2>&1 && fail "trust overwrote a changed key"
cmp -s "$tmp/changed" <(known other_ed25519) || fail "trust touched a changed key"
deck trust no-host > "$tmp/out" 2>&1
[ $? = 1 ] || fail "trust of nobody"
deck info unknown > "$tmp/out" 2>/dev/null
grep -qE '^state +live' "$tmp/out" || fail "the trusted host is not live"

if [ $bad != 0 ]; then
	cat "$tmp/hosts" "$tmp/why" "$tmp/err"
	tail -n 20 "$tmp/sshd.log"
fi
exit $bad
