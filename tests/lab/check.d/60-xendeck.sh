# shellcheck shell=bash
# xendeck itself on the two hosts: what it shows is what xl, xentop and each of
# its two observers say, and it shows it in time.

build=$(cd "$lab_dir/../.." && cd "${B:-build}" && pwd)
tmp=$(mktemp -d)
guests="check-pv check-pvh check-new"

cleanup() {
	[ -z "${recorder:-}" ] || kill "$recorder" 2>/dev/null || true
	[ -z "${screen:-}" ] || tmux -L "$screen" kill-server 2>/dev/null || true
	for h in alpha beta; do
		for g in $guests; do drop_guest $h "$g" || true; done
	done
	rm -rf "$tmp"
}

# The same hosts with another observer: conf OBSERVER > file
conf() {
	sed -e "s|\"run/|\"$lab_dir/run/|; s|observer = \"[a-z]*\"|observer = \"$1\"|" \
		"$lab_dir/lab.conf"
}

xendeck() { in_lan "$build/xendeck" "$@"; }
deck() { xendeck -c "$lab_dir/lab.conf" "$@"; }

# field KEY FILE: of `xendeck info`
field() { awk -v k="$1" '$1 == k { $1 = ""; sub(/^ +/, ""); print; exit }' "$2"; }

# near A B BY: two whole numbers
near() { [ $(($1 - $2)) -le "$3" ] && [ $(($2 - $1)) -le "$3" ] || { echo "$1 is not near $2"; false; }; }

same() { [ "$1" = "$2" ] || { printf '%s\nis not\n%s\n' "$1" "$2"; false; }; }

host_agrees() {
	local h=$1 mem free info=$tmp/info.$1
	deck info "$h" >"$info"
	on "$h" xl info >"$tmp/xl"
	mem=$(awk '$1 == "total_memory" { print $3 }' "$tmp/xl")
	free=$(awk '$1 == "free_memory" { print $3 }' "$tmp/xl")
	same "$(field xen "$info")" "$(awk '$1 == "xen_version" { print $3 }' "$tmp/xl")" &&
		same "$(field cpus "$info")" "$(awk '$1 == "nr_cpus" { print $3 }' "$tmp/xl")" &&
		near "$(field memory "$info" | awk '{ print int($1 / 1024) }')" "$mem" 1 &&
		near "$(field free "$info" | awk '{ print int($1 / 1024) }')" "$free" 1 &&
		same "$(field capabilities "$info")" \
			"$(awk '$1 == "virt_caps" { sub(/^[^:]*: */, ""); print }' "$tmp/xl")"
}

# The VM's line of `xl list -v`: domid, MiB, vCPUs, UUID.
guest_agrees() {
	local h=$1 g=$2 info=$tmp/info.$2 row
	deck info "$g" >"$info"
	row=$(on "$h" xl list -v | awk -v g="$g" '$1 == g { print $2, $3, $4, $7 }')
	same "$(field domain "$info" | awk '{ print $1 }') $(field memory "$info" |
		awk '{ print $1 / 1024 }') $(field vcpus "$info") $(field uuid "$info")" "$row" &&
		same "$(field domain "$info" | awk '{ print $3 }')" "$h"
}

# Facts of one host that do not change from one moment to the next.
lasting() {
	xendeck -c "$1" info "$2" |
		grep -vE '^(observer|transport|note|cpu|dom0-cpu|load|uptime|free|net-|disk-(read|written))'
}

observers_agree() { same "$(lasting "$tmp/agent.conf" "$1")" "$(lasting "$tmp/shell.conf" "$1")"; }

# xentop's second sample, over the same seconds as xendeck's figure; in percent.
cpu_agrees() {
	local h=$1 g=$2 ours theirs
	on "$h" "xentop -b -f -i 2 -d 8" >"$tmp/top" &
	sleep 2 # xentop's first block: both look at the same seconds then
	ours=$(xendeck -c "$tmp/$3.conf" record --for 7s - 2>/dev/null >"$tmp/rec" &&
		xendeck replay "$tmp/rec" info "$g")
	wait $!
	ours=$(awk '$1 == "cpu" { print int($2) }' <<<"$ours")
	theirs=$(awk -v g="$g" '$1 == g { v = $4 } END { print int(v) }' "$tmp/top")
	near "${ours:-999}" "$theirs" 12
}

ms() { date +%s%3N; }

# seen_within MS FILE SHOWN CMD...: CMD is done; the recording must SHOW it.
seen_within() {
	local limit=$1 file=$2 shown=$3 begin
	begin=$(ms)
	until "$shown" "$file"; do
		[ $(($(ms) - begin)) -le "$limit" ] || { echo "not seen after $limit ms"; return 1; }
	done
}
has_new() { xendeck replay "$1" list check-new 2>/dev/null | grep -qE '^check-new +[a-z]+ +(running|paused)'; }
has_no_new() { ! has_new "$1"; }

shows_in_time() {
	local observer=$1 limit=$2
	xendeck -c "$tmp/$observer.conf" record "$tmp/live.$observer" 2>/dev/null &
	recorder=$!
	eventually 30 grep -q '"check-pv"' "$tmp/live.$observer" &&
		lab guest alpha check-new --type pv &&
		seen_within "$limit" "$tmp/live.$observer" has_new &&
		on alpha xl destroy check-new &&
		seen_within "$limit" "$tmp/live.$observer" has_no_new
	local rc=$?
	kill "$recorder"
	wait "$recorder" || true
	recorder=
	return $rc
}

screen_shows() {
	screen=xendeck-lab-$$
	in_lan tmux -L "$screen" -f /dev/null new-session -d -x 100 -y 30 \
		"$build/xendeck -c $lab_dir/lab.conf"
	eventually 30 says 'check-pvh' in_lan tmux -L "$screen" capture-pane -p &&
		says 'alpha .*agent' in_lan tmux -L "$screen" capture-pane -p &&
		says 'beta .*shell' in_lan tmux -L "$screen" capture-pane -p
}

cleanup_guests() { for h in alpha beta; do for g in $guests; do drop_guest $h "$g" || true; done; done; }

conf agent >"$tmp/agent.conf"
conf shell >"$tmp/shell.conf"
cleanup_guests
for h in alpha beta; do
	check "the agent is installed on $h" lab push $h "$build/xendeck-agent" /usr/local/sbin/xendeck-agent
done
check "a PV guest runs on alpha" lab guest alpha check-pv --type pv --disk check-pv
check "a PVH guest runs on beta" lab guest beta check-pvh --type pvh --disk check-pvh
check "both hosts are live" deck list hosts
check "alpha by the agent" says '^alpha +lab +live +agent/libssh2' deck list hosts
check "beta by the shell" says '^beta +lab +live +shell/libssh2' deck list hosts
for h in alpha beta; do check "$h as xl info has it" host_agrees $h; done
check "the PV guest as xl list has it" guest_agrees alpha check-pv
check "the PVH guest as xl list has it" guest_agrees beta check-pvh
check "its type is known" says '^type +PVH$' deck info check-pvh
check "both observers say the same of alpha" observers_agree alpha
check "both observers say the same of a PV guest" observers_agree check-pv
check "both observers say the same of a PVH guest" observers_agree check-pvh
check "the busy guest is busy" console_says alpha check-pv \
	'(while :; do :; done) & echo busy-$((1 + 1))' busy-2
for o in agent shell; do check "CPU as xentop has it, by the $o" cpu_agrees alpha check-pv $o; done
check "seen within a second by the agent" shows_in_time agent 1000
check "seen within two seconds by the shell" shows_in_time shell 2000
check "the screen shows both" screen_shows
