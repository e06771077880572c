# shellcheck shell=bash
# Tiny guests: Debian's cloud kernel and a busybox initrd, both inside dom0's
# image.  UUID and MAC follow from the name, so that a guest keeps its identity
# on whatever host it is started.

guest_usage() {
	cat <<-END
	lab guest HOST NAME [OPTION]...   write /etc/xen/NAME.cfg on HOST and start it
	  --type pv|pvh|hvm     default pv
	  --memory MIB          default 96, HVM 160
	  --vcpus N             default 1
	  --disk LV[:MIB]       /dev/vgs/LV on the shared disk as xvda (xvdb, ...),
	                        made and formatted when absent (default 32 MiB)
	  --ip ADDRESS          a vif on xenbr0 with this address
	  --tick SECONDS        a line on the console that often (default 5, 0 never)
	  --extra LINE          one more line for the configuration file
	  --no-start            only write the file
	END
}

guest() {
	local host=${1:-} name=${2:-} type=pv memory='' vcpus=1 ip='' tick=5 start=1
	local disks=() extra=()
	[ -n "$name" ] || die "usage: $(guest_usage)"
	shift 2
	while [ $# -gt 0 ]; do
		case $1 in
		--no-start) start='' ;;
		--type | --memory | --vcpus | --disk | --ip | --tick | --extra)
			[ $# -ge 2 ] || die "guest: $1 wants a value" ;;&
		--type) type=$2 ;;
		--memory) memory=$2 ;;
		--vcpus) vcpus=$2 ;;
		--disk) disks+=("$2") ;;
		--ip) ip=$2 ;;
		--tick) tick=$2 ;;
		--extra) extra+=("$2") ;;
		*) die "usage: $(guest_usage)" ;;
		esac
		[ "$1" = --no-start ] || shift
		shift
	done
	local d
	for d in "${disks[@]}"; do guest_volume "$host" "$d"; done
	guest_config | ssh_to "$host" "cat >/etc/xen/$name.cfg"
	[ -z "$start" ] || ssh_to "$host" "xl create -q /etc/xen/$name.cfg"
}

# guest_volume HOST LV[:MIB]: present on HOST, and active on every host that
# could become the guest's next one
guest_volume() {
	local h lv=${2%%:*} mib=32
	case $2 in *:*) mib=${2#*:} ;; esac
	ssh_to "$1" lab-disk volume "$lv" "$mib"
	for h in $(hosts_on); do
		[ "$h" = "$1" ] || ssh_to "$h" lab-disk activate "$lv"
	done
}

# guest_config: the file, from guest's variables
guest_config() {
	local hash kernel=vmlinux console=hvc0 list='' letter=a d
	hash=$(printf '%s' "$name" | md5sum | cut -c1-32)
	if [ "$type" = hvm ]; then
		kernel=vmlinuz console=ttyS0
	fi
	cat <<-END
	name = "$name"
	uuid = "${hash:0:8}-${hash:8:4}-4${hash:13:3}-8${hash:17:3}-${hash:20:12}"
	type = "$type"
	kernel = "/boot/guest/$kernel"
	ramdisk = "/boot/guest/initrd"
	extra = "console=$console quiet loglevel=4 name=$name tick=$tick${ip:+ addr=$ip/24}${disks:+ disk=yes}"
	memory = ${memory:-$([ "$type" = hvm ] && echo 160 || echo 96)}
	vcpus = $vcpus
	on_poweroff = "destroy"
	on_reboot = "restart"
	on_crash = "destroy"
	END
	[ "$type" != hvm ] || printf '%s\n' 'serial = "pty"' 'vnc = 1' 'vnclisten = "127.0.0.1"'
	[ -z "$ip" ] || echo "vif = [ 'bridge=xenbr0,mac=00:16:3e:${hash:0:2}:${hash:2:2}:${hash:4:2}' ]"
	for d in "${disks[@]}"; do
		list+="${list:+, }'phy:/dev/vgs/${d%%:*},xvd$letter,w'"
		letter=$(tr a-y b-z <<<"$letter")
	done
	[ -z "$list" ] || echo "disk = [ $list ]"
	[ ${#extra[@]} = 0 ] || printf '%s\n' "${extra[@]}"
}
