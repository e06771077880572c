#!/bin/bash
# 200 VMs started on 20 hosts, ten each: `xendeck start` of all, against clush
# running `xl create` of each, two at a time per host as xendeck has it. The
# hosts are directories behind one sshd on loopback, their xl a script that
# takes no time, or a second as a real one might. xendeck looks at the hosts
# first, refuses what is not safe, writes a journal and ends when the hosts show
# each VM; clush ends when xl does.
#
# start200.sh BUILD; HOSTS=20 EACH=10 TAKES="0 1"
build=$(cd "$1" && pwd)
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
command -v clush >/dev/null || { echo "start200: needs clush: tests/bench/deps.sh"; exit 0; }
hosts=${HOSTS:-20}
each=${EACH:-10}
tmp=$(mktemp -d /tmp/xendeck-bench-XXXXXX)
# shellcheck source=tests/lib/dom0.sh
. tests/lib/dom0.sh
sshd=''
trap 'unserve; rm -rf "$tmp"' EXIT
export HOME=$tmp XDG_CONFIG_HOME=$tmp XDG_STATE_HOME=$tmp SSH_AUTH_SOCK=
export LC_ALL=C.UTF-8 TZ=UTC

ms() { echo $(($(date +%s%N) / 1000000)); }

names=()
for ((h = 1; h <= hosts; h++)); do
	names+=("bench$h")
	world "bench$h"
	for ((v = 1; v <= each; v++)); do
		guest "bench$h" "vm$h-$v"
	done
done
serve "${names[@]}"
{
	echo "journal = \"$tmp/journal.db\";"
	echo "clusters = ( { name = \"c\"; hosts = ( $(hosts "${names[@]}") ); } );"
} > "$tmp/conf"
for h in "${names[@]}"; do
	cat <<-X
		Host $h
		HostName 127.0.0.1
		Port $port
		IdentityFile $tmp/$h/key
		IdentitiesOnly yes
		UserKnownHostsFile $tmp/known
		StrictHostKeyChecking yes
		BatchMode yes
		LogLevel ERROR
	X
done > "$tmp/ssh_config"

empty() { # TAKES: nothing runs, and xl takes so long
	local h
	for h in "${names[@]}"; do
		rm -f "$tmp/$h"/doms/* "$tmp/$h/slow.create"
		: > "$tmp/$h/acts"
		[ "$1" = 0 ] || echo "$1" > "$tmp/$h/slow.create"
	done
}

all() { # WHO: they all run, each started once
	local n
	n=$(cat "$tmp"/bench*/acts | grep -c ' end create ') || true
	[ "$n" = $((hosts * each)) ] || { echo "$1 started $n"; exit 1; }
}

ours() {
	local from
	from=$(ms)
	"$build/xendeck" -c "$tmp/conf" start '*' --yes > "$tmp/ours" 2>&1 ||
	    { echo "xendeck failed:"; tail -n 3 "$tmp/ours"; exit 1; }
	a=$(($(ms) - from))
	all xendeck
}

theirs() {
	local from
	from=$(ms)
	# shellcheck disable=SC2016
	clush -q -o "-F $tmp/ssh_config" -w "bench[1-$hosts]" \
	    'ls "$FAKE"/etc/*.cfg | xargs -P 2 -n 1 xl create' \
	    > "$tmp/theirs" 2>&1 || true
	b=$(($(ms) - from))
	all clush
}

echo "$((hosts * each)) VMs on $hosts hosts"
printf '%-10s %14s %14s %8s\n' 'xl takes' 'xendeck ms' 'clush ms' ratio
for takes in ${TAKES:-0 1}; do
	empty "$takes"
	theirs
	empty "$takes"
	ours
	printf '%-10s %14s %14s %8s\n' "$takes s" "$a" "$b" \
	    "$(echo "$a $b" | awk '{ printf "%.2f", $1 / $2 }')"
done
