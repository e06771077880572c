#!/bin/bash
# The verbs alarms and top as scripts use them: exit codes, lines that can be
# taken apart, pipes that end early, and who starts the wall screen.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$(cd "${XENDECK_BUILD:-build}" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export HOME=$tmp XDG_CONFIG_HOME=$tmp/none XDG_STATE_HOME=$tmp/state
bad=0

fail() {
	printf 'FAILED %s: %s\n--- out\n%s\n--- err\n%s\n' "$1" "$2" \
	    "$(head -c 2000 "$tmp/out")" "$(head -c 2000 "$tmp/err")"
	bad=1
}

expect() { # CODE NAME ARGS...
	local code=$1 name=$2 got
	shift 2
	timeout 60 "$build/xendeck" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null
	got=$?
	[ "$got" = "$code" ] || fail "$name" "exit code $got, not $code"
}

says() { # FILE REGEX NAME
	grep -qE -- "$2" "$tmp/$1" || fail "$3" "std$1 lacks: $2"
}

world() { # MORE FAULTS
	cat <<CONF
simulator = {
	hosts = ( { name = "h1"; memory = "8 GiB"; }, { name = "h2"; } );
	vms = ( { name = "big \\"ü\\""; host = "h1"; memory = "7 GiB"; },
	    { name = "v2"; host = "h2"; }, { name = "v3"; host = "h2"; } );
	faults = ( $2 );
};
alarms = { $1 };
CONF
}

# --- alarms
expect 0 'nothing wrong' --demo alarms
says out '^No alarm\.$' 'nothing wrong'
expect 0 'no lines' --demo alarms --json
[ ! -s "$tmp/out" ] || fail 'no lines' 'prints something'
expect 2 'nonsense' --demo alarms x
expect 3 'no configuration' alarms

world '' '{ at = "0 s"; what = "crash"; vm = "v2"; },
    { at = "0 s"; what = "duplicate"; vm = "v3"; to = "h1"; }' > "$tmp/w.conf"
expect 6 'crashed and twice' -c "$tmp/w.conf" alarms
says out '^ALARM +vm-crashed +v2 crashed on h2$' 'crashed and twice'
world 'host_memory = 80; host_memory_clear = 70;' '' > "$tmp/m.conf"
expect 6 'memory' -c "$tmp/m.conf" alarms
says out '^warning +host-memory +h1: [0-9]+ % of its memory' 'memory'
expect 6 'memory as JSON' -c "$tmp/m.conf" alarms --json
says out '^\{ "kind": "host-memory", "level": "warning", "cluster": "simulated", "host": "h1", "since": "[0-9T:-]+Z", "percent": [0-9]+\.[0-9], "limit": 80, "text": "h1: [^"]+" \}$' 'memory as JSON'
[ "$(wc -l < "$tmp/out")" = 1 ] || fail 'memory as JSON' 'more than one line'
world '' '{ at = "0 s"; what = "crash"; vm = "big \"ü\""; }' > "$tmp/q.conf"
expect 6 'a hard name' -c "$tmp/q.conf" alarms --json
says out '"kind": "vm-crashed", .*"vm": "big \\"\\u00fc\\"", "uuid"' 'a hard name'
world '' '{ at = "0 s"; what = "break"; host = "h2"; }' > "$tmp/b.conf"
expect 6 'a host that is down' -c "$tmp/b.conf" alarms
says out '^ALARM +host-down +h2 does not answer' 'a host that is down'

# --- top
expect 0 'top' --demo top -n 2 -d 0.5
[ "$(grep -c '^TIME ' "$tmp/out")" = 2 ] || fail 'top' 'not two blocks'
awk '/^TIME / { if (NF != 14) exit 1; next } NF == 0 { next }
    NF < 14 || $1 !~ /^[0-9-]+T[0-9:]+Z$/ || $5 !~ /^[0-9.]+$|^-$/ ||
    $13 !~ /^[0-9a-f-]+$/ || length($13) != 36 { exit 1 }' "$tmp/out" ||
    fail 'top' 'a line has other columns'
awk '/^TIME/ { last = 1e9; next } NF { if ($5 + 0 > last) exit 1; last = $5 }' \
    "$tmp/out" || fail 'top' 'not the busiest first'
expect 0 'top FILTER' --demo top -n 1 -d 1 name=web1
[ "$(wc -l < "$tmp/out")" = 2 ] || fail 'top FILTER' 'does not filter'
says out ' web1$' 'top FILTER'
expect 2 'top of no field' --demo top stat:running
expect 2 'no blocks' --demo top -n 0
expect 2 'no time' --demo top -d never
expect 2 'no value' --demo top -n
expect 5 'top without a host' -c "$tmp/b.conf" top -n 1 -d 1
says out ' v2$|^TIME' 'top without a host'

# A reader that leaves, and ^C: it ends at once, without a word.
timeout 60 "$build/xendeck" --demo top -d 0.2 2> "$tmp/err" | head -n 3 \
    > "$tmp/out"
rc=${PIPESTATUS[0]}
[ "$rc" = 0 ] || fail 'a reader that leaves' "exit code $rc"
[ ! -s "$tmp/err" ] || fail 'a reader that leaves' 'complains'
"$build/xendeck" --demo top -d 0.2 > "$tmp/out" 2> "$tmp/err" &
pid=$!
for _ in $(seq 600); do
	[ -s "$tmp/out" ] && break
	sleep 0.05
done
[ -s "$tmp/out" ] || fail '^C' 'printed nothing'
kill -TERM $pid # bash starts children in the background deaf to SIGINT
wait $pid
[ $? = 143 ] || fail '^C' 'did not end by the signal'
[ ! -s "$tmp/err" ] || fail '^C' 'complains'

# --- watch: beside the program, else in PATH, else a sentence
expect 1 'watch without a terminal' --demo watch
says err 'xendeck-watch: .*terminal' 'watch without a terminal'
expect 2 'watch with nonsense' --demo watch --page x
mkdir "$tmp/alone" "$tmp/path"
cp "$build/xendeck" "$tmp/alone/xendeck"
PATH=/nonexistent "$tmp/alone/xendeck" --demo watch 2> "$tmp/err"
[ $? = 1 ] || fail 'no wall screen' 'wrong exit code'
says err 'xendeck-watch cannot be started' 'no wall screen'
printf '#!/bin/sh\necho "args: $*"\n' > "$tmp/path/xendeck-watch"
chmod +x "$tmp/path/xendeck-watch"
PATH=$tmp/path:$PATH "$tmp/alone/xendeck" -c "$tmp/a b.conf" --mono --ascii \
    watch --page 5 > "$tmp/out" 2> "$tmp/err"
says out "^args: -c $tmp/a b.conf --ascii --theme mono --page 5$" 'in PATH'
exit $bad
