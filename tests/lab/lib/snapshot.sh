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
		monitor "$h" "migrate_set_parameter max-bandwidth 10G" >/dev/null
		monitor "$h" "migrate -d \"exec:cat >'$dir/$h.ram'\"" >/dev/null
	done
	for h in $hosts; do
		eventually 120 migration_is completed "$h" || die "$h cannot be saved: $(monitor "$h" 'info migrate')"
		cp --sparse=always --reflink=auto "$state/hosts/$h/own.raw" "$dir/$h.raw"
	done
	cp --sparse=always --reflink=auto "$state/shared.raw" "$dir/shared.raw"
	snapshot_settings >"$dir/settings"
	for h in $hosts; do monitor "$h" cont >/dev/null; done
}

snapshot_restore() {
	local dir=$state/snapshots/$1 h hosts
	[ -e "$dir/settings" ] || die "there is no snapshot '$1'"
	[ "$(cat "$dir/settings")" = "$(snapshot_settings)" ] ||
		die "snapshot '$1' is of other machines or another image: $(cat "$dir/settings")"
	for h in $(hosts_on); do power_off "$h"; done
	cp --sparse=always --reflink=auto "$dir/shared.raw" "$state/shared.raw"
	hosts=$(cd "$dir" && printf '%s\n' *.ram | sed 's/\.ram$//')
	for h in $hosts; do
		own_disk "$h"
		cp --sparse=always --reflink=auto "$dir/$h.raw" "$state/hosts/$h/own.raw"
		power_on "$h" -incoming "exec:cat '$dir/$h.ram'"
	done
	for h in $hosts; do
		eventually 60 incoming_is_complete "$h" || die "$h cannot be restored"
	done
	for h in $hosts; do monitor "$h" cont >/dev/null; done
	# Their clocks stood still.
	for h in $hosts; do
		echo "lab: ready (restored)" >>"$state/hosts/$h/console.log"
		eventually 20 ssh_to "$h" "date -s @$(date +%s) >/dev/null" || die "$h does not answer after the restore"
	done
}

migration_is() { monitor "$2" "info migrate" | grep -q "^Migration status: $1"; }
incoming_is_complete() { monitor "$1" "info status" | grep -q 'paused *(postmigrate\|VM status: paused[^(]*$'; }

# A machine's state can only go back into the same machine.
snapshot_settings() {
	echo "memory $host_memory, dom0 $dom0_memory, cpus $host_cpus, image ${image##*-}"
}
