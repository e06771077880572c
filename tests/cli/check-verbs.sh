#!/bin/bash
# The verbs as a script sees them: what they print where, and their exit codes.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${XENDECK_BUILD:-$PWD/build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export HOME=$tmp XDG_CONFIG_HOME=$tmp/none XDG_STATE_HOME=$tmp/state
bad=0

# expect CODE NAME ARGS...: runs xendeck; its output is in $tmp/out and /err.
expect() {
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

expect 0 version --version
says out '^xendeck [0-9]+\.[0-9]+' version
expect 0 help --help
says out 'check-config' help
expect 2 'bad option' --bogus
expect 2 'unknown verb' lst
says err 'did you mean' 'unknown verb'
expect 2 'no terminal' --demo
says err 'needs a terminal' 'no terminal'

expect 3 'no configuration' list
says err 'no configuration' 'no configuration'
says err 'xendeck --demo' 'no configuration'
says err 'install .*examples/one-host.conf .*/xendeck.conf;' 'no configuration'
expect 3 'missing file' -c "$tmp/nothing.conf" list
says err 'nothing.conf' 'missing file'

# Options are as good behind the verb; a verb's own words are not taken.
expect 0 'demo behind' list hosts --demo
says out '^adler ' 'demo behind'
expect 3 'configuration behind' check-config -c "$tmp/nothing.conf"
says err 'nothing.conf' 'configuration behind'
expect 3 'configuration after =' list "--config=$tmp/nothing.conf"
says err 'nothing.conf' 'configuration after ='
expect 2 'nothing behind -c' list -c
says err 'config needs a value' 'nothing behind -c'
expect 2 'bad option behind' list --demo --bogus
says err 'bogus' 'bad option behind'
expect 0 'help behind' list --help
says out '^usage: ' 'help behind'

cat > "$tmp/bad.conf" <<'X'
refrsh = "1 s";
clusters = ( { name = "c"; hosts = (
	{ name = "a"; address = "192.0.2.1"; port = 70000; },
	{ name = "a"; address = "192.0.2.2"; reserve = 5000000000; } ); } );
X
expect 3 'all errors' check-config "$tmp/bad.conf"
says err 'bad.conf:1: .*did you mean "refresh"' 'all errors'
says err 'bad.conf:3: .*port' 'all errors'
says err 'bad.conf:4: .*"a"' 'all errors'
says err 'bad.conf:4: .*(5000000000|reserve)' 'all errors'
printf 'refresh = "soon";\n\ncolumns = [ "name",\n"stat" ];\n' > "$tmp/cols.conf"
expect 3 'unknown column' check-config "$tmp/cols.conf"
says err 'cols.conf:1: "refresh"' 'unknown column'
says err 'cols.conf:3: .*"stat"; did you mean "state"' 'unknown column'
for f in share/examples/*.conf; do
	expect 0 "$f" check-config "$f"
	expect 0 "$f -v" check-config -v "$f"
	cp "$tmp/out" "$tmp/printed.conf"
	expect 0 "$f printed" check-config "$tmp/printed.conf"
done

expect 0 'list' --demo list
says out '^VM +HOST +STATE' 'list'
says out 'running' 'list'
expect 0 'list hosts' --demo list hosts
says out '^HOST +CLUSTER +STATE' 'list hosts'
says out ' live ' 'list hosts'
vm=$(awk 'NR == 2 { print $1 }' <(timeout 60 "$build/xendeck" --demo list))
expect 0 'list FILTER' --demo list "$vm"
says out "^$vm " 'list FILTER'
[ "$(wc -l < "$tmp/out")" -lt 10 ] || fail 'list FILTER' 'does not filter'
expect 0 'list of words' --demo list "name=$vm" state:running
[ "$(wc -l < "$tmp/out")" -eq 2 ] || fail 'list of words' 'finds not one VM'
expect 0 'list by figures' --demo list 'vcpus>=1 !is:dormant'
says out ' running ' 'list by figures'
! grep -q dormant "$tmp/out" || fail 'list by figures' 'finds dormant VMs'
expect 0 'list hosts by memory' --demo list hosts 'free>1g state:live'
says out ' live ' 'list hosts by memory'
expect 2 'list of what is no field' --demo list stat:running
says err "no field 'stat': did you mean state" 'list of what is no field'
expect 2 'list of half a query' --demo list 'cpu>'
expect 2 'list of a host that is none' --demo list host:zzz
expect 0 'list --json FILTER' --demo list --json "name=$vm"
[ "$(grep -o "\"name\":\"$vm\"" "$tmp/out" | wc -l)" -ge 1 ] ||
    fail 'list --json FILTER' 'has it not'
! grep -q '"name":"web2"' "$tmp/out" ||
    [ "$vm" = web2 ] || fail 'list --json FILTER' 'has others'
expect 0 'info' --demo info "$vm"
says out "^vm +$vm\$" 'info'
says out '^uuid ' 'info'
expect 1 'info of nobody' --demo info no-such-vm
says err "no-such-vm" 'info of nobody'
expect 2 'info without name' --demo info
expect 2 'trust in the demo' --demo trust adler
expect 2 'list nonsense' --demo list --nonsense
expect 0 'list --json' --demo list --json
while read -r line; do
	case $line in
	'{'*'}') ;;
	*) fail 'list --json' "not a line of JSON: $line" ;;
	esac
done < "$tmp/out"
[ -s "$tmp/out" ] || fail 'list --json' 'is empty'

expect 0 'record' --demo record --for 3s "$tmp/rec"
expect 1 'record over a file' --demo record --for 1s "$tmp/rec"
says err 'already' 'record over a file'
expect 0 'replay list' replay "$tmp/rec" list
says out "^$vm " 'replay list'
# What was long ago is not told as of now.
sed '1s/"wall_ms":[0-9]*/"wall_ms":1000000000000/' "$tmp/rec" > "$tmp/old"
expect 0 'replay list --json' replay "$tmp/old" list --json
head -n 1 "$tmp/out" | grep -q '"wall_ms":1000000[0-9]*,' ||
	fail 'replay list --json' 'its time is not the recording'"'"'s'
# Whoever watches has a configuration, or none, or a broken one.
echo 'theme = ;' > "$tmp/broken.conf"
expect 3 'replay, broken configuration' -c "$tmp/broken.conf" replay "$tmp/rec" list
says err 'broken.conf' 'replay, broken configuration'
expect 3 'replay, no such configuration' -c "$tmp/none.conf" replay "$tmp/rec" list
expect 0 'replay info' replay "$tmp/rec" info "$vm"
# What --json prints is a recording too.
timeout 60 "$build/xendeck" --demo list --json > "$tmp/json"
expect 0 'replay of --json' replay "$tmp/json" list
says out "^$vm " 'replay of --json'
timeout 60 "$build/xendeck" --demo list > /dev/full 2> "$tmp/err"
[ $? = 1 ] || fail 'a full disk' 'is no failure'
says err 'could not be written' 'a full disk'
head -c $(($(wc -c < "$tmp/rec") - 40)) "$tmp/rec" > "$tmp/cut"
expect 0 'replay of a cut recording' replay "$tmp/cut" list
echo garbage > "$tmp/garbage"
expect 1 'replay of garbage' replay "$tmp/garbage" list
expect 1 'replay of nothing' replay "$tmp/nothing" list

# Nobody listens on this port of loopback; the other host is simulated and must
# be shown all the same.
cat > "$tmp/half.conf" <<'X'
clusters = ( { name = "c"; hosts = (
	{ name = "dead"; address = "127.0.0.1"; port = 1; user = "nobody"; },
	{ name = "alive"; transport = "sim"; } ); } );
simulator = { hosts = ( { name = "alive"; memory = "8 GiB"; cpus = 4; } );
	vms = ( { name = "web1"; host = "alive"; memory = "1 GiB"; vcpus = 1; } ); };
X
expect 5 'one host dead' -c "$tmp/half.conf" list
says out '^web1 +alive +running' 'one host dead'
says err 'dead' 'one host dead'
expect 5 'one host dead, --json' -c "$tmp/half.conf" list --json
cp "$tmp/out" "$tmp/half.json"
"$build/xendeck" replay "$tmp/half.json" list hosts > "$tmp/out" 2> "$tmp/err"
says out '^dead +c +down' 'a dead host, read again'
cat > "$tmp/twice.conf" <<'X'
simulator = {
	hosts = ( { name = "a"; memory = "8 GiB"; cpus = 4; },
	    { name = "b"; memory = "8 GiB"; cpus = 4; } );
	vms = ( { name = "web1"; host = "a"; memory = "1 GiB"; vcpus = 1; } );
	faults = ( { at = "0 s"; what = "duplicate"; vm = "web1"; to = "b"; } );
};
X
expect 0 'a VM that runs twice' -c "$tmp/twice.conf" list
says out '^web1 .*TWICE!' 'a VM that runs twice'
expect 5 'one host dead, info' -c "$tmp/half.conf" info web1

# What a locale cannot show is "?", in as many columns; what is for programs
# keeps its bytes.
cat > "$tmp/names.conf" <<'X'
simulator = {
	hosts = ( { name = "a"; memory = "8 GiB"; cpus = 4; } );
	vms = ( { name = "Zo\xc3\xab-\xe5\x8c\x97"; host = "a"; memory = "1 GiB"; vcpus = 1; },
	    { name = "plain12"; host = "a"; memory = "1 GiB"; vcpus = 1; } );
};
X
in_c() {
	LC_ALL=C timeout 60 "$build/xendeck" -c "$tmp/names.conf" "$@" \
	    > "$tmp/out" 2> "$tmp/err"
}
in_c list
says out '^Zo\?-\?+ +a ' 'list in C'
in_c info Zö
says err "called 'Z\?'" 'info in C'
LC_ALL=C grep -q '[^ -~]' "$tmp/err" && fail 'info in C' 'is no ASCII'
in_c list --json
says out 'Zoë-北' 'list --json in C'
LC_ALL=C "$build/xendeck" -c "$tmp/names.conf" check-config -v > "$tmp/again.conf"
expect 0 'a printed configuration' -c "$tmp/again.conf" info Zoë-北
timeout 60 "$build/xendeck" --demo list --json > /dev/full 2> "$tmp/err"
[ $? = 1 ] || fail 'a full disk, --json' 'is no failure'
LC_ALL=C timeout 60 "$build/xendeck" --demo list > /dev/full 2> "$tmp/err"
[ $? = 1 ] || fail 'a full disk in C' 'is no failure'
expect 0 dmesg --demo dmesg adler
says out '^\(XEN\) \[ +0\.000000\] Xen version 4' dmesg
says out 'Brought up 32 CPUs' dmesg
expect 1 'dmesg of nobody' --demo dmesg nobody
says err "no host is called 'nobody'" 'dmesg of nobody'
expect 2 'dmesg of what' --demo dmesg

exit $bad
