# shellcheck shell=bash
# One emulated machine: its QEMU and its power switch.  A host is "on" when the
# process in its pid file carries that very pid file in its command line, so a
# recycled pid is never mistaken for a host, nor killed.

host_pid() {
	local pid
	pid=$(cat "$run/$1/pid" 2>/dev/null) || return 1
	grep -qzxF -- "$run/$1/pid" "/proc/$pid/cmdline" 2>/dev/null && echo "$pid"
}

host_is_on() { host_pid "$1" >/dev/null; }
host_is_off() { ! host_is_on "$1"; }

hosts_on() {
	local h
	for h in "${all_hosts[@]}"; do
		! host_is_on "$h" || echo "$h"
	done
}

# monitor HOST COMMAND: one command to QEMU's human monitor
monitor() {
	printf '%s\n' "$2" | socat -t 0.5 - "UNIX-CONNECT:$run/$1/monitor" 2>/dev/null
}

# qemu_args HOST, NUL-separated.  README.md says what each odd flag is for.
qemu_args() {
	local h=$1 dir=$state/hosts/$1 n xen linux
	n=$(host_number "$h")
	xen="com1=115200,8n1 console=com1 dom0_mem=${dom0_memory}M,max:${dom0_memory}M"
	xen+=" dom0_max_vcpus=1 spec-ctrl=no,eager-fpu bootscrub=off ${XENDECK_LAB_XEN_ARGS:-}"
	linux="console=hvc0 quiet loglevel=4 mitigations=off swiotlb=2048"
	linux+=" rodata=off lsm=capability 8250.nr_uarts=0 cryptomgr.notests"
	printf '%s\0' \
		-name "$h" -pidfile "$run/$h/pid" -daemonize -nodefaults \
		-display none -machine q35 -accel tcg,thread=multi,tb-size=256 \
		-cpu max,-smap,-rdtscp -m "$host_memory" -smp "$host_cpus" \
		-chardev "socket,id=console,path=$run/$h/console,server=on,wait=off,logfile=$dir/console.log" \
		-serial chardev:console \
		-monitor "unix:$run/$h/monitor,server=on,wait=off" \
		-kernel "$dir/image/xen" -append "$xen" \
		-initrd "$dir/image/vmlinux $linux,$dir/image/initrd" \
		-drive "if=none,id=base,file=$dir/image/root.ext4,format=raw,readonly=on" \
		-device virtio-blk-pci,drive=base \
		-drive "if=none,id=own,file=$dir/own.raw,format=raw,cache=unsafe" \
		-device virtio-blk-pci,drive=own \
		-drive "if=none,id=shared,file=$state/shared.raw,format=raw,cache=none,file.locking=off" \
		-device virtio-blk-pci,drive=shared,share-rw=on \
		-netdev "tap,id=lan,ifname=$h,script=no,downscript=no" \
		-device "virtio-net-pci,netdev=lan,romfile=,mac=52:54:00:77:00:0$n" \
		-device virtio-rng-pci
}

# power_on HOST [QEMU ARGUMENT...]: returns as soon as the machine has power
power_on() {
	local h=$1 args
	shift
	! host_is_on "$h" || return 0
	ssh_ready
	lan_up
	lan_port "$h"
	own_disk "$h"
	shared_disk
	mkdir -p "$run/$h"
	rm -f "$state/hosts/$h/console.log"
	mapfile -d '' args < <(qemu_args "$h")
	in_lan qemu-system-x86_64 "${args[@]}" "$@"
}

# power_off HOST: pull the plug
power_off() {
	local pid
	if pid=$(host_pid "$1"); then
		kill -KILL "$pid" 2>/dev/null || true
		eventually 10 host_is_off "$1" || die "$1: process $pid does not end"
	fi
	rm -f "$run/$1/pid"
	ssh_forget "$1"
}

power_reset() {
	host_is_on "$1" || die "$1 is off"
	: >"$state/hosts/$1/console.log"
	monitor "$1" system_reset >/dev/null
	ssh_forget "$1"
}

host_is_ready() {
	host_is_on "$1" || die "$1 lost power while booting, see $state/hosts/$1/console.log"
	grep -aq '^lab: ready' "$state/hosts/$1/console.log"
}

# host_wait HOST: until dom0 has booted
host_wait() {
	eventually "${XENDECK_LAB_BOOT_TIMEOUT:-180}" host_is_ready "$1" || {
		tail -n 20 "$state/hosts/$1/console.log" >&2
		die "$1 does not come up, see $state/hosts/$1/console.log"
	}
}
