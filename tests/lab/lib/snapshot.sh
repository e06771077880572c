# shellcheck shell=bash
# Freezing all running hosts together and bringing them back: each machine's
# memory (QEMU migrates into a file), its own disk and the shared disk, taken
# while every one of them stands still.  Saving costs a pause, no reboot.

snapshot_save() {
	local dir=$state/snapshots/$1 h hosts
	hosts=$(hosts_on)
	[ -n "$hosts" ] || die "no host is on"
	rm -rf "$dir"
	mkdir -p "$dir"
	for h in $hosts; do monitor "$h" stop >/dev/null; done
	for h in $hosts; do
		mkdir "$dir/$h"
		monitor "$h" "migrate_set_parameter max-bandwidth 10G" >/dev/null
		monitor "$h" "migrate -d \"exec:cat >'$dir/$h/ram'\"" >/dev/null
	done
	for h in $hosts; do
		eventually 120 monitor_says "$h" "info migrate" "^Migration status: completed" ||
			die "$h cannot be saved: $(monitor "$h" "info migrate")"
		cp -P "$state/hosts/$h/image" "$dir/$h/"
		copy_disk "$state/hosts/$h/own.raw" "$dir/$h/own.raw"
	done
	copy_disk "$state/shared.raw" "$dir/shared.raw"
	machine >"$dir/machine"
	for h in $hosts; do monitor "$h" cont >/dev/null; done
}

snapshot_restore() {
	local dir=$state/snapshots/$1 h hosts
	[ -e "$dir/machine" ] || die "there is no snapshot '$1'"
	[ "$(cat "$dir/machine")" = "$(machine)" ] ||
		die "snapshot '$1' is of other machines: $(cat "$dir/machine")"
	hosts=$(cd "$dir" && printf '%s\n' */ram | xargs -n 1 dirname)
	for h in $hosts; do
		[ -e "$dir/$h/image/root.ext4" ] || die "snapshot '$1': its image is gone"
	done
	for h in $(hosts_on); do power_off "$h"; done
	copy_disk "$dir/shared.raw" "$state/shared.raw"
	for h in $hosts; do
		mkdir -p "$state/hosts/$h"
		rm -f "$state/hosts/$h/image"
		cp -P "$dir/$h/image" "$state/hosts/$h/"
		copy_disk "$dir/$h/own.raw" "$state/hosts/$h/own.raw"
		power_on "$h" -incoming "exec:cat '$dir/$h/ram'"
	done
	# The source stood still, so the copies wait to be let go.
	for h in $hosts; do
		eventually 60 monitor_says "$h" "info status" "^VM status: paused[^(]*$" ||
			die "$h cannot be restored: $(monitor "$h" "info status")"
	done
	for h in $hosts; do monitor "$h" cont >/dev/null; done
	for h in $hosts; do
		echo "lab: ready (restored)" >>"$state/hosts/$h/console.log"
		# Their clocks stood still, too.
		eventually 20 ssh_to "$h" "date -s @$(date +%s) >/dev/null" ||
			die "$h does not answer after the restore"
	done
}

copy_disk() { cp --sparse=always --reflink=auto "$1" "$2"; }

monitor_says() { monitor "$1" "$2" | tr -d '\r' | grep -q "$3"; }

# A machine's state can only go back into the same machine.
machine() { echo "memory $host_memory, dom0 $dom0_memory, cpus $host_cpus"; }
