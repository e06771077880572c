#!/bin/bash
# Verbs that act, on what cannot be done: the exit code, one sentence, and
# nothing has changed. On a dom0 of scripts; the real journal, broken in every
# way.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${XENDECK_BUILD:-$PWD/build}
tmp=$(mktemp -d /tmp/xendeck-refusals-XXXXXX)
full=
cleanup() {
	[ -z "$full" ] || umount "$full" 2>/dev/null
	chmod -R u+w "$tmp"
	rm -rf "$tmp"
}
trap cleanup EXIT
export HOME=$tmp XDG_CONFIG_HOME=$tmp/none XDG_STATE_HOME=$tmp/state TZ=UTC
# shellcheck source=tests/lib/dom0.sh
. tests/lib/dom0.sh
path=$PATH
export FAKE=$tmp/h1 PATH=$tmp/h1/bin:$PATH
bad=0

conf() { # JOURNAL [MORE] [OF HOST]
	cat > "$tmp/conf" <<-X
		journal = "$1"; ${2:-}
		clusters = ( { name = "c"; definitions = [ "$tmp/h1/etc" ];
		  hosts = ( { name = "h1"; transport = "local";
		    observer = "shell"; ${3:-} } ); } );
	X
}

fail() {
	printf 'FAILED %s: %s\n--- out\n%s\n--- err\n%s\n--- acts\n%s\n' \
	    "$1" "$2" "$(head -c 1000 "$tmp/out")" "$(head -c 1000 "$tmp/err")" \
	    "$(cat "$tmp/h1/acts")"
	bad=1
}

deck() { # CODE NAME ARGS...
	local code=$1 name=$2 got
	shift 2
	timeout 60 "$build/xendeck" -c "$tmp/conf" "$@" > "$tmp/out" \
	    2> "$tmp/err" < /dev/null
	got=$?
	[ "$got" = "$code" ] || fail "$name" "exit code $got, not $code"
}

# no CODE REGEX NAME ARGS...: refused, in one sentence (and one about each host
# that has not answered), and nothing is done.
no() {
	local code=$1 regex=$2 name=$3
	shift 3
	: > "$tmp/h1/acts"
	deck "$code" "$name" "$@"
	grep -qE -- "$regex" "$tmp/err" || fail "$name" "does not say: $regex"
	[ "$(wc -l < "$tmp/err")" = $((code == 5 ? 2 : 1)) ] ||
	    fail "$name" 'is not one sentence'
	[ ! -s "$tmp/h1/acts" ] || fail "$name" 'something was done'
}

world h1
for vm in web1 web2 12 old; do guest h1 "$vm"; done
runs h1 web2
runs h1 12
ln -s /nowhere "$tmp/h1/etc/gone.cfg"
conf "$tmp/journal.db" '' 'sudo = "no";'

# --- Who is meant ----------------------------------------------------------------

no 1 'nope' unknown start nope
no 1 'nope' 'unknown, shut down' shutdown nope --yes
no 4 '12 has domain 2 on h1' 'a VM called 12 runs' start 12
deck 0 'a VM called 12' shutdown 12 --yes
until_true 10 grep -q 'end stop 12' "$tmp/h1/acts" ||
    fail 'a VM called 12' 'is not stopped'
grep -q web2 "$tmp/h1/acts" && fail 'a VM called 12' 'another one was meant'
no 2 'host' 'unknown host' start web1 --on h9
no 4 '--yes' 'nobody to ask' shutdown web2
no 4 'web2 has domain 1 on h1' 'it runs' start web2
no 1 'does not run' 'it does not run' shutdown web1 --yes

# --- What may not be ----------------------------------------------------------------

conf "$tmp/journal.db" 'read_only = true;' 'sudo = "no";'
no 4 'read.only' 'read-only configuration' start web1
conf "$tmp/journal.db" '' 'sudo = "no";'
no 4 'read.only' 'read-only option' --read-only start web1

# --- Hosts that refuse -----------------------------------------------------------

# Nobody's sudo, and not root.
echo 1000 > "$tmp/h1/uid"
echo 'xl must be run as root' > "$tmp/h1/fail.list"
conf "$tmp/journal.db"
no 5 'xl cannot be used on h1 .*login root' 'no permission' start web1
rm "$tmp/h1/fail.list"
rm "$tmp/h1/uid"
conf "$tmp/journal.db" '' 'sudo = "no";'

mv "$tmp/h1/bin/xl" "$tmp/h1/bin/xl.not"
no 5 'xl cannot be used on h1 .*No such file' 'no xl' start web1
mv "$tmp/h1/bin/xl.not" "$tmp/h1/bin/xl"

# xl's own words, and nothing runs.
printf 'name = "old"\nmemory\n' > "$tmp/h1/etc/old.cfg"
: > "$tmp/h1/acts"
deck 1 'syntax error' start old
grep -q 'syntax error' "$tmp/err" || fail 'syntax error' "lacks xl's words"
[ "$(wc -l < "$tmp/err")" = 1 ] || fail 'syntax error' 'is not one sentence'
grep -q 'end create' "$tmp/h1/acts" && fail 'syntax error' 'was created'

echo 'libxl: error: no such luck' > "$tmp/h1/fail.create"
deck 1 'create fails' start web1
grep -q 'no such luck' "$tmp/err" || fail 'create fails' "lacks xl's words"
rm "$tmp/h1/fail.create"

# --- A guest that hears nothing -----------------------------------------------------

: > "$tmp/h1/deaf.web2"
deck 7 'hung guest' shutdown web2 --yes --timeout 2s
grep -q 'under way' "$tmp/err" || fail 'hung guest' 'does not say so'
rm "$tmp/h1/deaf.web2"
rm -f "$tmp/h1/doms/1"
truth() {
	# What was left in the background finds out.
	deck 0 'hung guest, later' history --json
	grep -q '"title": "shut web2 down.*"state": "done"' "$tmp/out"
}
until_true 20 truth || fail 'hung guest' 'the truth is not told'

# --- The journal ----------------------------------------------------------------------

head -c 100000 /dev/zero | tr '\0' x > "$tmp/garbage.db"
conf "$tmp/garbage.db" '' 'sudo = "no";'
no 4 'garbage.db.*(damaged|not a journal)' 'damaged journal' start web1
mkdir "$tmp/locked"
if [ "$(id -u)" != 0 ]; then
	chmod a-w "$tmp/locked"
	conf "$tmp/locked/journal.db" '' 'sudo = "no";'
	no 4 'locked/journal.db' 'read-only directory' start web1
fi
conf /proc/xendeck/journal.db '' 'sudo = "no";'
no 4 '/proc/xendeck' 'no such directory' start web1
mkdir "$tmp/full"
if [ "$(id -u)" = 0 ] &&
    mount -t tmpfs -o size=256k tmpfs "$tmp/full" 2>/dev/null; then
	full=$tmp/full
	mkdir "$full/ro" # as root, nothing but a file system is read-only
	head -c 1000000 /dev/zero > "$full/fill" 2>/dev/null
	conf "$full/journal.db" '' 'sudo = "no";'
	no 4 'full/journal.db.*no room' 'full disk' start web1
	rm "$full/fill"
	mount -o remount,ro "$full"
	no 4 'full/journal.db' 'read-only file system' start web1
fi
conf "$tmp/journal.db" '' 'sudo = "no";'
deck 0 'and all is well' start web1
[ "$(count h1 'end create web1')" = 1 ] || fail 'and all is well' 'is it?'
PATH=$path
exit $bad
