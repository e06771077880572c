# shellcheck shell=bash
# xendeck-agent inside a real dom0: it says what xl says, tells events within a
# second, costs little, and ends when it should. Times are those of dom0's own
# clock, in ms: the emulated network may not blur them.

build=$(cd "$lab_dir/../.." && cd "${B:-build}" && pwd)
dir=/run/check-agent
agent=$dir/xendeck-agent

# shellcheck disable=SC2016 # all of it is for dom0's shell
stop='for p in $(cat '$dir'/pids 2>/dev/null); do kill $p 2>/dev/null; done; rm -f '$dir'/pids'

cleanup() {
	on alpha "kill -CONT \$(pidof xenstored oxenstored); $stop; rm -rf $dir" || true
	drop_guest alpha check-agent || true
	drop_guest alpha check-renamed || true
}

# An agent whose input stays open, writing to $dir/out.
start_agent() {
	on alpha "$stop; cd $dir; rm -f in out; mkfifo in
		exec </dev/null >/dev/null 2>err
		sleep 600 >in & echo \$! >pids
		$agent <in >out & echo \$! >>pids"
	eventually 15 told '"full":true'
}

told() { on alpha "grep -qE -- '$1' $dir/out"; }
clock() { on alpha "awk '{ print int(\$1 * 1000) }' /proc/uptime"; }

# told_in_time REGEX CMD...: within a second of CMD's end there is a frame
told_in_time() {
	local regex=$1 done_at at
	shift
	"$@" || return
	done_at=$(clock)
	eventually 15 told "$regex" || { on alpha "tail -n 3 $dir/out"; return 1; }
	at=$(on alpha "grep -E -- '$regex' $dir/out | head -n 1" |
		sed -E 's/.*"t_ns":([0-9]+)[0-9]{6}[,}].*/\1/')
	[ "$at" -le $((done_at + 1000)) ] || { echo "$((at - done_at)) ms later"; return 1; }
}

# Every domain of `xl list -v` is in the agent's frame with its memory, vCPUs,
# name and UUID; and no other.
agrees_with_xl() {
	local frame rows
	on alpha "xl list -v; $agent --once </dev/null" >"$tmp/once"
	frame=$(grep '"type":"obs"' "$tmp/once")
	frame=${frame#*\"doms\":} # pools of CPUs have an id, too
	rows=$(awk '/^\{/ { exit } NR > 1 { print $2, $1, $4, $3 * 1024, $7 }' "$tmp/once")
	while read -r id name vcpus kb uuid; do
		# xl rounds memory down to MiB, and dom0's UUID is nil
		sed 's/{"id":/\n&/g' <<<"$frame" | grep "^{\"id\":$id," |
			grep "\"name\":\"$name\"" | grep "\"vcpus\":$vcpus," |
			grep -E "\"uuid\":\"$uuid\"|\"id\":0," |
			grep -oE '"mem_kb":[0-9]+' | cut -d: -f2 |
			awk -v kb="$kb" '$1 < kb || $1 >= kb + 1024 { exit 1 } END { exit NR != 1 }' ||
			{ echo "$id $name $vcpus $kb $uuid: $frame"; return 1; }
	done <<<"$rows"
	[ "$(grep -o '{"id":' <<<"$frame" | wc -l)" = "$(wc -l <<<"$rows")" ]
}

create() { lab guest alpha check-agent --type pv --extra 'on_crash = "preserve"'; }
crash() { console_says alpha check-agent 'echo c >/proc/sysrq-trigger' 'Kernel panic'; }

ends_with_ssh() {
	local client
	on alpha "$stop"
	sleep 600 > >(exec "$lab_dir/lab" ssh alpha "$agent" >"$tmp/ssh") &
	client=$!
	eventually 15 grep -q '"full":true' "$tmp/ssh" && on alpha pidof $agent
	local rc=$?
	pgrep -f "ssh .*alpha $agent\$" >"$tmp/pids" || rc=1
	# shellcheck disable=SC2046 # a list
	kill -KILL $(cat "$tmp/pids") "$client"
	[ $rc = 0 ] && eventually 10 not on alpha pidof $agent
}

hung_xenstored_is_told() {
	on alpha 'kill -STOP $(pidof xenstored oxenstored)'
	eventually 20 told '"type":"bye".*xenstored'
	local rc=$?
	on alpha 'kill -CONT $(pidof xenstored oxenstored)'
	return $rc
}

# cost PATTERN CMD...: ms of CPU for each sample, a line with PATTERN
# shellcheck disable=SC2016
cost() {
	local pattern=$1
	shift
	on alpha "cd $dir; rm -f in; mkfifo in; sleep 60 >in & hold=\$!; $* <in >cost 2>/dev/null & p=\$!
		"'t() { sed "s/.*) //" /proc/$p/stat | awk "{ print (\$12 + \$13) * 10 }"; }
		sleep 6; a=$(t) n=$(grep -c '"'$pattern'"' cost); sleep 15
		b=$(t) m=$(grep -c '"'$pattern'"' cost); kill $p $hold; echo $(((b - a) / (m - n)))'
}

costs_little() {
	local ours theirs
	ours=$(cost '"obs"' "$agent") && theirs=$(cost Domain-0 xentop -b -f -d 1) || return
	[ $((ours * 5)) -lt "$theirs" ] || { echo "agent $ours ms, xentop $theirs ms"; return 1; }
}

tmp=$(mktemp -d)
cleanup
on alpha mkdir -p $dir
check "the agent is there" lab push alpha "$build/xendeck-agent" $agent
check "it names both versions" says '"xen_built":"(4\.[0-9]+)","xen_found":"\1"' on alpha "$agent --once </dev/null"
start_agent
check "a new guest is told in time" told_in_time '"name":"check-agent"' create
check "it says what xl says" agrees_with_xl
check "a pause is told in time" told_in_time '"state":"b?p"' on alpha xl pause check-agent
check "a rename is told in time" told_in_time '"name":"check-renamed"' on alpha xl rename check-agent check-renamed
on alpha "xl rename check-renamed check-agent; xl unpause check-agent"
domid=$(on alpha xl domid check-agent)
start_agent
check "a crash is told in time" told_in_time '"state":"[bp]*s","reason":"crash"' crash
check "its end is told in time" told_in_time "\"gone\":\[$domid\]" on alpha xl destroy check-agent
check "it costs less than a fifth of xentop" costs_little
check "it ends when its input does" on alpha "sleep 3 | timeout 20 $agent >/dev/null"
check "it does not end for /dev/null" says '^124$' on alpha "timeout -s KILL 5 $agent </dev/null >/dev/null || echo 124"
check "SIGTERM ends it quietly" on alpha "$agent </dev/null >/dev/null & p=\$!; sleep 2; kill \$p; wait \$p"
check "it ends with the SSH connection" ends_with_ssh
start_agent
check "a stuck xenstored is told" hung_xenstored_is_told
check "only root may" says 'only root may ask Xen' on ops@alpha "$agent --once"
rm -rf "$tmp"
