# shellcheck shell=bash
# Names and places.  The image and the downloaded packages are shared by all
# checkouts; everything a running lab owns hangs on `lab_id`, which is derived
# from the checkout and the cache directory, so two labs never meet.
#
#   $cache/debs              downloaded packages
#   $cache/image-STAMP       kernels, initrds, dom0's root (read-only)
#   $state                   keys, ssh configuration, disks, logs, snapshots
#   $run                     pid files and sockets: short paths, gone on reboot

lab_dir=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
cache=$(realpath -m -- "${XENDECK_LAB:-${XDG_CACHE_HOME:-$HOME/.cache}/xendeck-lab}")
lab_id=$(printf '%s\n' "$lab_dir" "$cache" | sha256sum | cut -c1-8)
state=$cache/labs/$lab_id
run=/run/xendeck-lab-$lab_id
netns=xendeck-lab-$lab_id

all_hosts=(alpha beta gamma delta)
host_memory=${XENDECK_LAB_MEM:-1024}     # MiB, the machine
dom0_memory=${XENDECK_LAB_DOM0:-512}     # MiB of it for dom0
host_cpus=${XENDECK_LAB_CPUS:-1}

say() { printf 'lab: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# host_number HOST: 1 for alpha and so on; the last byte of its address and MAC
host_number() {
	local i
	for i in "${!all_hosts[@]}"; do
		[ "${all_hosts[i]}" != "$1" ] || { echo $((i + 1)); return; }
	done
	die "there is no host '$1': choose from ${all_hosts[*]}"
}

host_address() { echo "10.77.0.$(host_number "$1")"; }

# eventually SECONDS CMD...: repeat CMD until it succeeds, give up in time
eventually() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $deadline ] || return 1
		sleep 0.1
	done
}
