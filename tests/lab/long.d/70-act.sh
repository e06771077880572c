# shellcheck shell=bash
# What operators do to VMs, by verbs and by the full screen, on real Xen; and
# what becomes of it when the console, the verb or the host is gone meanwhile.
# Xen's own tools are asked whether it is true.

guests="check-a check-b check-c"
saved=/root/check-c.save

drop_all() {
	local h g
	for h in alpha beta; do
		for g in $guests; do drop_guest $h $g; done
		on $h "rm -f $saved"
	done
}

cleanup() {
	[ "$(lab power beta status)" = on ] || lab up beta || true
	drop_all || true
	xendeck_done
}

all_run() { for g in $guests; do guest_runs "$1" $g || return; done; }
new_domain() { local d; d=$(domain "$1" "$2") && [ "$d" != "$3" ]; }
rows_say() { for g in $guests; do row_says $g "$1" || return; done; }
marked() { console_says alpha "$1" 'cat /mark | sed s/^/mark-/' mark-here; }

# What is typed while a guest boots is lost, so that it is typed again.
typed() {
	# shellcheck disable=SC2016 # for the guest's shell
	screen_keys 'printf "\033]2;gotcha\007in-$((40 + 2))\n"' Enter
	eventually 5 screen_says 'in-42'
}

# Bytes that would harm the terminal are kept from it: a title among them.
console_echoes() {
	local rc=0
	screen_on "$1" c
	eventually 60 screen_says "$1 on alpha +open" && eventually 60 typed || rc=1
	screen_keys C-]
	eventually 10 screen_says '^NAME' || rc=1
	not says gotcha tmux -L "$screen" display -p '#{pane_title}' && return $rc
}

# The verb that shuts down what does not listen is interrupted: nothing more is
# begun, what is under way is looked after; then it leaves, and says that the end
# is not known.
interrupted() {
	local rc=0
	xd_behind shutdown check-b --yes
	eventually 60 grep -q 'shut check-b down \.\.\.' "$tmp/out" &&
		ends 4 "$(id -un).*|another" xd pause check-b --yes &&
		kill -INT "$verb" && eventually 30 grep -q cancelling "$tmp/out" &&
		{ kill -INT "$verb" 2>/dev/null || true; }
	wait "$verb" || rc=$?
	cat "$tmp/out"
	echo "exit code $rc"
	[ "$rc" = 7 ] && guest_runs alpha check-b
}

drop_all
xendeck_ready
check "definitions: a PVH guest" definition check-a --type pvh
check "and two PV guests" eval 'definition check-b --type pv --memory 80 --tick 0 &&
	definition check-c --type pv --memory 80'

# --- Verbs ---
check "three start" ends 0 'check-a runs on alpha' xd start $guests --on alpha --yes
check "they run" all_run alpha
check "a second copy is refused" ends 4 'check-a has domain [0-9]+ on alpha' \
	xd start check-a --on beta --yes
check "and there is none" not guest_runs beta check-a
check "pause" ends 0 'is paused' xd pause check-a --yes
check "xl says so" state_is alpha check-a '^--p'
check "what is paused is not shut down" ends 1 'cannot hear' xd shutdown check-a --yes
check "unpause" ends 0 'not paused' xd unpause check-a
check "xl says so" state_is alpha check-a '^..-'
check "memory" ends 0 done xd mem-set check-b 72MiB
check "xl says so" eventually 20 memory_is alpha check-b 72
check "a mark in a guest's memory" console_says alpha check-c 'echo here >/mark; cat /mark | sed s/^/mark-/' mark-here
check "save" ends 0 saved xd save check-c $saved --yes
check "it is gone" not guest_runs alpha check-c
check "restore" ends 0 restored xd restore check-c $saved --on alpha --yes
check "it has its mark" marked check-c
was=$(domain alpha check-b)
check "reboot" ends 0 rebooted xd reboot check-b --yes
check "it is another domain" new_domain alpha check-b "$was"
check "kill" ends 0 'is gone from alpha' xd kill check-c --yes
check "it is gone" not guest_runs alpha check-c
check "one that does not listen" console_says alpha check-b \
	'echo /bin/true >/proc/sys/kernel/poweroff_cmd; echo deaf-$((40 + 2))' deaf-42
check "^C twice leaves its shutdown alone" interrupted
check "history has them" says 'done +start 3 VMs' xd history
check "shutdown" ends 0 'has stopped' xd shutdown check-a --yes
check "it is gone" not guest_runs alpha check-a
check "shutdown --hard of the deaf one" ends 0 '' xd shutdown check-b --hard --timeout 5s --yes
check "it is gone" not guest_runs alpha check-b

# --- The full screen ---
on beta "rm -f /etc/xen/check-[abc].cfg"
check "the full screen" screen_start
check "it shows both hosts" eventually 60 screen_says 'hosts 2/2'
check "and what could be started on alpha" eventually 60 screen_says 'dormant \(3\)'
check "three are marked" screen_keys D U ':check-a' Enter Space ':check-b' Enter Space ':check-c' Enter Space
check "u shows what would be done" eval 'screen_keys u && eventually 20 screen_says "3 alpha: xl create /etc/xen/check-c.cfg"'
check "y does it" screen_keys y
check "they run" eventually 120 rows_say running
check "so says xl" all_run alpha
screen_keys U
check "c: the console, in and out" console_echoes check-b
check "F pauses" screen_on check-b F y
check "xl says so" eventually 30 state_is alpha check-b '^--p'
check "so does the row" eventually 10 row_says check-b paused
check "F unpauses" screen_on check-b F
check "xl says so" eventually 30 state_is alpha check-b '^..-'
was=$(domain alpha check-b)
check "R reboots" screen_on check-b R y
check "it is another domain" eventually 90 new_domain alpha check-b "$was"
check "K kills" screen_on check-c K
check "when it was typed" eval 'eventually 10 screen_says "Type (yes|check-c)"; screen_keys check-c Enter; eventually 30 not guest_runs alpha check-c'
check "d shuts down" screen_on check-b d y
check "it is gone" eventually 90 not guest_runs alpha check-b
