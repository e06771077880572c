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

# --- Editing. Each run has hosts of its own, so nothing lasts from one to the next.
editor() { # editor COMMANDS: they find the file as $1
	printf '#!/bin/sh\n%s\n' "$1" > "$tmp/editor"
	chmod +x "$tmp/editor"
}
export EDITOR=$tmp/editor TMPDIR=$tmp/edited
unset VISUAL
mkdir "$TMPDIR"
nothing_left() {
	[ -z "$(ls -A "$TMPDIR")" ] || fail "$1" 'a file is left behind'
}
kept() { # kept REGEX NAME: the text is where stderr says that it is
	local file
	file=$(sed -n 's/.*your text is in //p' "$tmp/err")
	grep -qE -- "$1" "$file" 2> "$tmp/none" || fail "$2" 'the text is lost'
	rm -rf "$TMPDIR"/*
}
mode() { stat -c %a "$1"; }

editor 'stat -c %a "$1" "${1%/*}" > "'"$tmp"'/modes"
	sed -i "s/^memory.*/memory = 2048/" "$1"'
expect 0 edit --demo edit web1
says out 'check the definition /etc/xen/web1.cfg on adler: done' edit
says out 'write the definition /etc/xen/web1.cfg on adler: done' edit
says err '^falke has another one, /etc/xen/web1.cfg:$' edit
says err 'memory: "4096" on falke, "2048" on adler' edit
[ "$(tr '\n' ' ' < "$tmp/modes")" = '600 700 ' ] ||
    fail edit "others can look: $(cat "$tmp/modes")"
nothing_left edit
expect 0 'edit there' --demo edit web1 --on falke
says out 'write the definition /etc/xen/web1.cfg on falke: done' 'edit there'
expect 0 'edit dry' --demo edit web1 --dry-run
says out '^1 adler: sh -c' 'edit dry'
says out '^2 adler: .*after 1' 'edit dry'
nothing_left 'edit dry'

editor :
expect 0 unchanged --demo edit web1
says err 'the definition of web1 is as it was' unchanged
[ ! -s "$tmp/out" ] || fail unchanged 'it did something'
expect 0 'new unchanged' --demo edit --new neu --on falke
says err 'nothing was written' 'new unchanged'
nothing_left unchanged

editor 'sed -i "s/^memory.*/memory = = 1/" "$1"'
expect 1 syntax --demo edit web1
says err 'could not check the definition' syntax
says err '^xendeck: nothing was changed; your text is in ' syntax
grep -q 'write the definition.*done' "$tmp/out" && fail syntax 'it was written'
kept '^memory = = 1' syntax

editor 'printf "x = 1\n" >> "$1"; exit 3'
expect 1 'editor fails' --demo edit web1
says err 'ended with a failure' 'editor fails'
kept '^x = 1' 'editor fails'
editor 'exit 1'
expect 1 'editor gives up' --demo edit web1
nothing_left 'editor gives up'
editor ': > "$1"'
expect 2 'emptied' --demo edit web1
says err 'the text is empty' emptied
rm -rf "$TMPDIR"/*
editor 'head -c 100000 /dev/zero | tr "\0" "#" >> "$1"'
expect 2 'too long' --demo edit web1
says err 'longer than' 'too long'
kept '^name = "web1"' 'too long'
editor 'printf "\0" >> "$1"'
expect 2 'NUL' --demo edit web1
says err 'NUL' NUL
rm -rf "$TMPDIR"/*
editor 'rm "$1"'
expect 1 'removed' --demo edit web1
says err 'cannot be read' removed
rm -rf "$TMPDIR"/*
editor 'sed -i "s/^name.*/name = \"web2\"/; /^uuid/d" "$1"'
expect 4 'of another' --demo edit web1
says err 'the text is of web2, which is another VM than web1' 'of another'
kept 'web2' 'of another'

EDITOR=/nowhere/to/be/found expect 1 'no such editor' --demo edit web1
says err "'/nowhere/to/be/found' could not be run: set EDITOR" 'no such editor'
nothing_left 'no such editor'
EDITOR='' expect 2 'no terminal' --demo edit web1
says err 'no terminal, and EDITOR names no program' 'no terminal'
editor 'touch "'"$tmp"'/edited-it"'
expect 4 'read-only' --demo --read-only edit web1
[ ! -e "$tmp/edited-it" ] || fail read-only 'the editor was run all the same'
TMPDIR=$tmp/nowhere expect 1 'no place' --demo edit web1
says err 'no file to edit can be made in' 'no place'
expect 1 'nobody edited' --demo edit nobody
says err "no VM is called 'nobody'" 'nobody edited'
expect 1 'edited nowhere' --demo edit web1 --on nowhere
expect 1 'not defined there' --demo edit web1 --on zeisig
says err 'zeisig does not define web1' 'not defined there'

editor 'sed -i "s/^memory.*/memory = 256/" "$1"'
expect 0 new --demo edit --new neu --on falke
says out 'write the definition /etc/xen/neu.cfg on falke: done' new
expect 4 'new but there' --demo edit --new web1 --on falke
says err 'there is a VM by the name of web1 already' 'new but there'
expect 2 'new name' --demo edit --new 'a/b' --on falke
expect 2 'new where' --demo edit --new neu
expect 2 'edit what' --demo edit
expect 2 'edit bad option' --demo edit --frob web1

# --- Copying. Hosts that differ, where only one can be edited.
expect 4 same --demo def --copy web1 --from adler --to falke --yes
says err 'falke has the same definition of web1 already' same
expect 2 'to itself' --demo def --copy web1 --from adler --to adler --yes
expect 2 'other cluster' --demo def --copy web1 --from adler --to zeisig --yes
says err "not in web1's cluster" 'other cluster'
expect 1 'copy of nothing' --demo def --copy web1 --from zeisig --to adler --yes
expect 2 'copy whereto' --demo def --copy web1 --from adler
expect 2 'copy and diff' --demo def --copy web1 --diff --from adler --to falke
expect 2 'yes alone' --demo def web1 --yes
expect 4 'copy read-only' --demo --read-only def --copy web1 --from adler \
    --to falke --yes

# --- A host that is dead: what it defined is in the journal.
conf() { # conf TRANSPORT-OF-A VMS
	cat <<-CONF
		journal = "$tmp/journal.db";
		clusters = ( { name = "prod"; hosts = (
			{ name = "a"; $1 },
			{ name = "b"; transport = "sim"; } ); } );
		simulator = {
			hosts = (
				{ name = "a"; memory = "8 GiB"; cpus = 4; },
				{ name = "b"; memory = "8 GiB"; cpus = 4; } );
			vms = ( $2 { name = "other"; host = "b";
				memory = "64 MiB"; } );
		};
	CONF
}
conf 'transport = "sim";' '{ name = "lone"; host = "a"; memory = "512 MiB"; },' \
    > "$tmp/before.conf"
conf 'address = "127.0.0.1"; port = 1; transport = "openssh";' '' |
    sed '/simulator/,$ s/{ name = "a".*},//' > "$tmp/after.conf"
expect 5 'dead and never seen' -c "$tmp/after.conf" def lone
expect 0 'seen' -c "$tmp/before.conf" pause lone --yes
expect 0 'dead' -c "$tmp/after.conf" def lone
says out '^name = "lone"$' dead
says err 'this is what a defined when it was last seen' dead
expect 5 'edit of a dead one' -c "$tmp/after.conf" edit lone
expect 4 'not sworn' -c "$tmp/after.conf" start lone --on b --yes
says err 'nobody can tell that lone runs nowhere else: a ' 'not sworn'
says err 'say --sworn lone' 'not sworn'
says err 'Connection refused' 'not sworn'
expect 0 'sworn, dry' -c "$tmp/after.conf" start lone --on b --sworn lone \
    --dry-run
says out '^3 b: xl create /etc/xen/lone.cfg' 'sworn, dry'
expect 0 'sworn' -c "$tmp/after.conf" start lone --on b --sworn lone --yes
says out 'write the definition /etc/xen/lone.cfg on b: done' sworn
says out '^lone runs on b$' sworn

exit $bad
