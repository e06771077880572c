# shellcheck shell=bash
# xendeck itself on the two hosts: what it shows is what xl, xentop and each of
# its two observers say, and it shows it in time.  Two consoles record side by
# side, one that asks both hosts by the agent and one by the shell; `replay ...
# info` then tells what each of them knows at this moment.

build=$(cd "$lab_dir/../.." && cd "${B:-build}" && pwd)
tmp=$(mktemp -d)
observers="agent shell"
recorders=
screen=xendeck-lab-$$

drop_guests() {
	drop_guest alpha check-pv
	drop_guest alpha check-new
	drop_guest beta check-pvh
}

cleanup() {
	for p in $recorders; do kill "$p" 2>/dev/null || true; done
	tmux -L "$screen" kill-server 2>/dev/null || true
	drop_guests || true
	rm -rf "$tmp"
}

# conf OBSERVER: lab.conf with that one on both hosts, to be read from anywhere
conf() {
	sed -e "s|\"run/|\"$lab_dir/run/|; s|observer = \"[a-z]*\"|observer = \"$1\"|" \
		"$lab_dir/lab.conf"
}

start_recorder() { # OBSERVER
	conf "$1" >"$tmp/$1.conf"
	rm -f "$tmp/$1.rec"
	# exec: what is killed later must be xendeck, not a shell before it
	(exec nsenter --net="/run/netns/$netns" -- \
		"$build/xendeck" -c "$tmp/$1.conf" record "$tmp/$1.rec") \
		>"$tmp/$1.out" 2>&1 &
	recorders="$recorders $!"
}

stop_recorders() {
	# shellcheck disable=SC2086 # a list
	kill $recorders
	wait || true
	recorders=
}

info() { "$build/xendeck" replay "$tmp/$1.rec" info "$2" 2>/dev/null; } # info OBSERVER NAME
list() { "$build/xendeck" replay "$tmp/$1.rec" list "${@:2}" 2>/dev/null; }

field() { awk -v k="$1" '$1 == k { $1 = ""; sub(/^ +/, ""); print; exit }'; }

same() { [ "$1" = "$2" ] || { printf '%s\nis not\n%s\n' "$1" "$2"; false; }; }

# near A B BY: whole numbers
near() {
	[ $(($1 - $2)) -le "$3" ] && [ $(($2 - $1)) -le "$3" ] || { echo "$1 is not near $2"; false; }
}

host_agrees() { # OBSERVER HOST
	local ours theirs mib
	ours=$(info "$1" "$2")
	theirs=$(on "$2" xl info | sed 's/ *: */ /')
	mib=$(field free <<<"$ours" | awk '{ print int($1 / 1024) }')
	same "$(field xen <<<"$ours")" "$(field xen_version <<<"$theirs")" &&
		same "$(field cpus <<<"$ours")" "$(field nr_cpus <<<"$theirs")" &&
		same "$(field capabilities <<<"$ours")" "$(field virt_caps <<<"$theirs")" &&
		near "${mib:-0}" "$(field free_memory <<<"$theirs")" 1
}

# By the line of `xl list -v`: domid, MiB, vCPUs, UUID.
guest_agrees() { # OBSERVER HOST GUEST
	local ours theirs
	ours=$(info "$1" "$3")
	theirs=$(on "$2" xl list -v | awk -v g="$3" '$1 == g { print $2, $3, $4, $7 }')
	same "$(field domain <<<"$ours") $(field vcpus <<<"$ours") $(field uuid <<<"$ours") $(
		field memory <<<"$ours" | awk '{ print int($1 / 1024) }')" \
		"$(awk -v h="$2" '{ print $1, "on", h, $3, $4, $2 }' <<<"$theirs")"
}

# What does not change from one moment to the next, memory in xl's whole MiB.
lasting() {
	info "$1" "$2" |
		grep -vE '^(observer|note|cpu|dom0-cpu|load|uptime|net-[a-z]+|disk-(read|written)) ' |
		awk '$3 == "KiB" { $2 = int($2 / 1024); $3 = "MiB" } { print }'
}

# The end of Xen's log.  It holds still while nobody creates guests.
dmesg_agrees() { # OBSERVER HOST
	local ours theirs
	theirs=$(on "$2" xl dmesg | tail -n 20)
	ours=$(nsenter --net="/run/netns/$netns" -- "$build/xendeck" -c "$tmp/$1.conf" dmesg "$2")
	says '^\(XEN\) Xen version 4' echo "$ours" && same "$(tail -n 20 <<<"$ours")" "$theirs"
}

# NUMA nodes as "ID MEMORY", free memory within a MiB; CPU pools.
topology_agrees() { # OBSERVER HOST
	local ours theirs pools
	ours=$(info "$1" "$2")
	theirs=$(on "$2" xl info -n | sed -n '/^numa_info/,/^xen_major/p')
	pools=$(on "$2" xl cpupool-list | awk 'NR > 1 { print $1, $3, $5 }')
	says '^numa-node ' echo "$ours" &&
		same "$(sed -n 's/^numa-node *\([0-9]*\) .*memory=\([0-9]*\)MiB .*/\1 \2/p' <<<"$ours")" \
			"$(awk '$1 ~ /^[0-9]+:$/ { print $1 + 0, $2 }' <<<"$theirs")" &&
		near "$(sed -n 's/^numa-node *0 .*free=\([0-9]*\)MiB$/\1/p' <<<"$ours")" \
			"$(awk '$1 == "0:" { print $3 }' <<<"$theirs")" 1 &&
		same "$(sed -n 's/^cpu-pool *\([^ ]*\) .*scheduler=\([^ ]*\) domains=\([0-9]*\)$/\1 \2 \3/p' <<<"$ours")" \
			"$pools" &&
		same "$(sed -n 's/^cpu-pool .*cpus=\([^ ]*\) .*/\1/p' <<<"$ours")" \
			"$(on "$2" xl cpupool-list -c | awk 'NR > 1 { print ranges($2) }
				function ranges(s,  v, n, i, first, out) {
					n = split(s, v, ",")
					for (i = 1; i <= n; i++) {
						first = v[i]
						while (i < n && v[i + 1] == v[i] + 1) i++
						out = out (out == "" ? "" : ",") first (v[i] == first ? "" : "-" v[i])
					}
					return out
				}')"
}

observers_agree() {
	local agent
	agent=$(lasting agent "$1")
	says '^memory [0-9]+ MiB$' echo "$agent" && same "$agent" "$(lasting shell "$1")"
}

# xentop's second block is the mean of the last 8 s; ours, of 8 s in a row.
cpu_agrees() { # OBSERVER GUEST
	local sum=0 n=0 v theirs
	on alpha "xentop -b -f -i 2 -d 8" >"$tmp/top" &
	local top=$!
	while kill -0 $top 2>/dev/null; do
		v=$(info "$1" "$2" | field cpu | cut -d. -f1)
		[ -z "$v" ] || { sum=$((sum + v)) n=$((n + 1)); }
		sleep 0.5
	done
	theirs=$(awk -v g="$2" '$1 == g { v = $4 } END { print int(v) }' "$tmp/top")
	[ $n -gt 0 ] && [ "$theirs" -gt 20 ] && near $((sum / n)) "$theirs" 15
}

ms() { date +%s%3N; }

# within MS CMD...: holds before so many ms are over
within() {
	local limit=$1 begin
	begin=$(ms)
	shift
	until "$@" >/dev/null; do
		[ $(($(ms) - begin)) -le "$limit" ] || { echo "not after $limit ms: $*"; return 1; }
	done
}
has_new() { list "$1" check-new | grep -qE '^check-new +alpha +(running|paused)'; }
has_no_new() { ! has_new "$1"; }

screen_says() { says "$1" tmux -L "$screen" capture-pane -p; }
start_screen() {
	in_lan tmux -L "$screen" -f /dev/null new-session -d -x 100 -y 30 \
		"XDG_STATE_HOME=$tmp/state $build/xendeck -c $lab_dir/lab.conf" >/dev/null 2>&1
}

drop_guests
for h in alpha beta; do
	check "the agent is installed on $h" \
		lab push $h "$build/xendeck-agent" /usr/local/sbin/xendeck-agent
done
for o in $observers; do start_recorder "$o"; done
check "a PV guest runs on alpha" lab guest alpha check-pv --type pv --disk check-pv
check "a PVH guest runs on beta" lab guest beta check-pvh --type pvh --disk check-pvh
for o in $observers; do
	for h in alpha beta; do
		check "$h is live by the $o" \
			eventually 60 says "^$h +lab +live +$o/libssh2" list "$o" hosts
		check "$h as xl info has it, by the $o" eventually 60 host_agrees "$o" $h
		check "$h's topology as xl has it, by the $o" eventually 90 topology_agrees "$o" $h
		check "$h's log as xl dmesg has it, by the $o" eventually 90 dmesg_agrees "$o" $h
	done
	check "the PV guest as xl list has it, by the $o" \
		eventually 60 guest_agrees "$o" alpha check-pv
	check "the PVH guest as xl list has it, by the $o" \
		eventually 60 guest_agrees "$o" beta check-pvh
	check "its type is known by the $o" eventually 60 says '^type +PVH$' info "$o" check-pvh
done
for name in alpha beta check-pv check-pvh; do
	check "both observers say the same of $name" eventually 90 observers_agree "$name"
done
# shellcheck disable=SC2016 # for the guest's shell
check "the PV guest is made busy" console_says alpha check-pv \
	'(while :; do :; done) & echo busy-$((1 + 1))' busy-2
for o in $observers; do
	check "its CPU as xentop has it, by the $o" eventually 60 cpu_agrees "$o" check-pv
done
check "it is quiet again" on alpha xl destroy check-pv

check "lab.conf: alpha by the agent, beta by the shell" start_screen
check "the screen shows alpha" eventually 60 screen_says 'alpha +live'
check "the screen shows beta" eventually 60 screen_says 'beta +live'
check "M asks for Xen's log" tmux -L "$screen" send-keys G M
check "the screen shows it" eventually 60 screen_says "Xen's log of (alpha|beta), as of"
check "back home" tmux -L "$screen" send-keys Escape
check "the screen shows the guest" eventually 30 screen_says 'check-pvh +running'
check "the screen's guest dies" on beta xl destroy check-pvh
check "the screen says so" within 2500 screen_says 'check-pvh +gone'

tmux -L "$screen" kill-server
stop_recorders

# One observer at a time: emulated hosts are too slow for all of them to be
# quick, and it is the observer that is to be measured.
for o in $observers; do
	case $o in agent) limit=1000 ;; shell) limit=2000 ;; esac
	start_recorder "$o"
	check "the $o watches alpha" eventually 60 says "^alpha +lab +live +$o/" list "$o" hosts
	check "a guest is created" lab guest alpha check-new --type pv
	check "seen within $limit ms by the $o" within $limit has_new "$o"
	check "it is destroyed" on alpha xl destroy check-new
	check "seen within $limit ms by the $o" within $limit has_no_new "$o"
	stop_recorders
done
