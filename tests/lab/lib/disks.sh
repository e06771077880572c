# shellcheck shell=bash
# Disks, all raw files.  Dom0's root is an overlay: the image, read-only and
# shared by all hosts, under the host's own small disk, which also carries what
# makes this host itself (name, address, keys).  Raw matters: what dom0 has
# flushed survives pulling the plug, which QEMU's cached qcow2 metadata does not.

# own_disk HOST: belongs to one image for good, for an overlay's lower layer must
# not change.  A host stays with its image until `lab up` renews it.
own_disk() {
	local dir=$state/hosts/$1 seed
	if [ -e "$dir/own.raw" ] && [ -e "$dir/image/root.ext4" ]; then
		return
	fi
	image_ready
	mkdir -p "$dir"
	seed=$(mktemp -d "$state/seed.XXXXXX")
	write_identity "$1" "$seed/upper"
	mkdir "$seed/work"
	rm -f "$dir/own.raw"
	mke2fs -q -t ext4 -O ^metadata_csum -m 0 -J size=8 \
		-E assume_storage_prezeroed=1,root_owner=0:0 \
		-d "$seed" "$dir/own.raw" 4G >/dev/null
	rm -rf "$seed"
	ln -sfn "$image" "$dir/image"
}

# outdated HOST: its disk belongs to another image than the recipe's
outdated() {
	[ -e "$state/hosts/$1/own.raw" ] && [ ! "$state/hosts/$1/image" -ef "$image" ]
}

# write_identity HOST DIR: this host's files, owned and moded as sshd wants them
write_identity() {
	local h=$1 dir=$2 other
	umask 022
	mkdir -p "$dir"/{etc/ssh,home/ops/.ssh}
	mkdir -m 700 "$dir/root" "$dir/root/.ssh"
	echo "$h" >"$dir/etc/hostname"
	host_address "$h" >"$dir/etc/lab-address"
	{
		echo "127.0.0.1 localhost"
		for other in "${all_hosts[@]}"; do
			echo "$(host_address "$other") $other"
		done
	} >"$dir/etc/hosts"
	install -m 600 "$state/hostkeys/$h" "$dir/etc/ssh/ssh_host_ed25519_key"
	install -m 644 "$state/hostkeys/$h.pub" "$dir/etc/ssh/ssh_host_ed25519_key.pub"
	install -m 600 "$state/id_ed25519" "$dir/root/.ssh/id_ed25519"
	install -m 600 "$state/id_ed25519.pub" "$dir/root/.ssh/authorized_keys"
	install -m 600 "$state/id_ed25519.pub" "$dir/home/ops/.ssh/authorized_keys"
	install -m 644 "$state/known_hosts" "$dir/root/.ssh/known_hosts"
	chmod 700 "$dir/home/ops/.ssh"
	chown -R 1000:1000 "$dir/home/ops"
}

# The disk that every host sees: LVM's volume group "vgs" lives on it.
shared_disk() {
	[ -e "$state/shared.raw" ] || truncate -s 2G "$state/shared.raw"
}

