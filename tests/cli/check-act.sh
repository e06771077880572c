#!/bin/bash
# The verbs that act, as a script sees them: what is refused, in which words and
# with which code; and on the simulator, what they do.
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
	timeout 60 "$build/xendeck" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null
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

# Two clusters; web1 is in both, and there is a VM by the name of 12.
cat > "$tmp/two.conf" <<-'CONF'
	clusters = (
		{ name = "prod"; production = true; hosts = (
			{ name = "a"; transport = "sim"; },
			{ name = "b"; transport = "sim"; } ); },
		{ name = "lab"; read_only = true; hosts = (
			{ name = "c"; transport = "sim"; } ); } );
	simulator = {
		hosts = (
			{ name = "a"; memory = "8 GiB"; cpus = 4; },
			{ name = "b"; memory = "8 GiB"; cpus = 4; },
			{ name = "c"; memory = "8 GiB"; cpus = 4; } );
		vms = (
			{ name = "web1"; host = "a"; memory = "512 MiB"; },
			{ name = "12"; host = "a"; memory = "512 MiB"; },
			{ name = "old"; host = "a"; memory = "256 MiB";
			  type = "pv"; },
			{ name = "fat"; host = "a"; memory = "4 GiB"; },
			{ name = "wide"; host = "b"; memory = "4 GiB"; },
			{ name = "big"; host = "b"; memory = "7 GiB";
			  dormant = true; },
			{ name = "db1"; host = "b"; memory = "512 MiB"; },
			{ name = "lab1"; host = "c"; memory = "512 MiB"; } );
	};
CONF
two() {
	local code=$1
	shift
	expect "$code" -c "$tmp/two.conf" "$@"
}
"$build/xendeck" check-config "$tmp/two.conf" > "$tmp/out" 2> "$tmp/err" ||
    fail conf "the configuration of this test is wrong"

# --- Who is meant
two 1 kill nosuch --yes
says err "no VM is called 'nosuch'"
one_sentence
two 1 kill wep1 --yes
says err 'did you mean "web1"'
two 0 kill 12 --dry-run
says out '^a: xl destroy [0-9]+$'
two 1 kill 1 --yes
says err "domain's number is not taken"
two 0 pause prod/web1 --dry-run
two 1 pause lab/web1 --dry-run
two 1 kill 'x*' --yes
says err "no VM matches 'x\*'"
two 2 kill state: --yes
two 1 kill a --yes
says err 'a is a host'
two 1 shutdown '*1' --on a --dry-run
says err 'db1 has no domain on a'
says err 'lab is read-only'
says err 'nothing was done'
two 2 kill
says err 'usage: xendeck kill NAME'
two 2 kill web1 --bogus
two 2 kill web1 --on nohost --yes
says err "no host 'nohost'"

# --- What is refused
two 4 start web1 --yes
says err 'web1 has domain [0-9]+ on a'
one_sentence
two 4 start web1 --sworn web1 --yes
says err 'web1 has domain'
two 2 start web1 --sworn web2 --yes
says err "the VM's name: web1"
two 4 pause lab1 --yes
says err 'the cluster lab is read-only'
one_sentence
two 4 --read-only pause web1 --yes
says err 'acts on nothing'
two 4 --read-only start nosuch --yes
two 4 shutdown web1
says err 'nobody can be asked here: say --yes'
one_sentence
two 2 mem-set web1 512
says err "no amount of memory"
one_sentence
two 2 mem-set web1
says err 'SIZE is wanted'
two 1 mem-set web1 9GiB
says err 'needs .* more on a'
two 1 vcpu-set web1 64
says err 'vCPUs at most'
two 1 unpause web1
says err 'not paused'
two 2 rename web1 77
says err 'is a number'
two 4 rename web1 db1
says err 'by the name of db1 already'
two 2 disk-attach web1 -- -f
says err "begins with '-'"
two 2 cd-insert web1 hdc relative.iso
says err "does not begin with '/'"

# --- Where it can go
two 0 preflight web1
says out '^b: can take it, the best choice: .* stay free$'
two 0 preflight web1 --to b --json
says out '^\{ "vm": "web1", .*"from": "a", "can": true,'
says out '"hosts": \[ \{ "host": "b", "can": true, "sure": true, "merit": '
two 0 preflight web1 --cold
two 4 preflight fat
says out '^b: no$'
says out 'no: fat needs .* MiB, and b has .* MiB free'
two 4 preflight fat --json
says out '"host": "b", "can": false'
says out '"weight": "blocks", "code": "memory"'
two 4 preflight old
says out '^old cannot be migrated live anywhere:$'
says out 'no: .*shadow paging'
two 0 preflight old --cold
two 4 preflight lab1
says out 'no other host in its cluster'
two 1 preflight nosuch
one_sentence
two 2 preflight
two 2 preflight web1 --to c
says err 'another cluster'
two 2 preflight web1 --to nohost
two 4 migrate fat --yes
says err 'fat can go nowhere: fat needs .* MiB'
says err '^b: no$'
two 4 migrate fat --to b --dry-run
says err 'fat cannot go to b: fat needs .* MiB'
one_sentence
two 4 migrate old --yes
says err 'shadow paging'
two 0 migrate web1 --dry-run
says err '^xendeck: web1 goes to b: .* stay free$'
says out 'xl migrate .* b  #'
two 0 move old --to b --dry-run
says out 'b: xl create'

# --- What is shown changes nothing
two 0 kill web1 db1 --dry-run
says out '^1 [ab]: xl destroy'
says out '^2 [ab]: xl destroy'
[ -e "$tmp/state" ] && find "$tmp/state" -name '*.db' | grep -q . &&
    fail 'dry run' 'it wrote a journal'

# --- What is done, on simulated hosts
expect 0 --demo pause cache1 --yes
says out '^cache1 is paused on adler$'
expect 0 --demo shutdown dns1 cache1 --yes
says out '^dns1 has stopped on'
says out '^cache1 has stopped on'
expect 0 --demo start erp-archive
says out '^erp-archive runs on'
expect 0 --demo mem-set cache1 4GiB
expect 0 --demo kill cache1 --yes
says out '^cache1 is gone from'
expect 0 --demo shutdown cache1 --hard --timeout 5s --yes
expect 7 --demo save db1 --yes --timeout 1s
says err 'still under way'

# --- The question
if command -v script > /dev/null; then
	ask() { # ask ANSWER ARGS...
		local answer=$1
		shift
		printf '%s\n' "$answer" | timeout 60 script -qec \
		    "$build/xendeck $*" /dev/null > "$tmp/out" 2> "$tmp/err"
		got=$?
		name="$* ($answer)"
	}
	ask no --demo kill dns1
	[ "$got" = 4 ] || fail "$name" "exit code $got, not 4"
	says out 'what it has not written yet is lost'
	says out 'nothing was done'
	ask yes -c "$tmp/two.conf" kill web1 --dry-run
	ask yes -c "$tmp/two.conf" kill web1
	[ "$got" = 4 ] || fail "$name" "exit code $got, not 4"
	says out 'production cluster: type its name'
	ask yes --demo kill dns1 dns2
	[ "$got" = 4 ] || fail "$name" "exit code $got, not 4"
	says out 'Type 2 to kill these 2 VMs'
fi

exit $bad
