#!/bin/bash
# Installs what the lab needs on a Debian machine, and does nothing when it is
# there already.  Dom0 and guests bring their own tools inside the image, so
# this list stays short: an emulator, a way to unpack packages into a file
# system image, and the clients that talk to the result.
set -euo pipefail

packages=(
	qemu-system-x86         # the hosts
	mmdebstrap              # dom0's root file system
	cpio e2fsprogs          # initrds and disk images
	xz-utils lz4 zstd       # whatever the kernel is compressed with
	iproute2 util-linux     # the network namespace
	openssh-client socat    # dom0's sshd, QEMU's monitor
)

missing=()
for p in "${packages[@]}"; do
	case $(dpkg-query -W -f '${db:Status-Abbrev}' "$p" 2>/dev/null) in
	ii*) ;;
	*) missing+=("$p") ;;
	esac
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "deps.sh: as root, please: ${missing[*]} must be installed" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
install=(apt-get install -qq -y --no-install-recommends "${missing[@]}")
# Fresh machines and containers have no package lists, or stale ones.
"${install[@]}" 2>/dev/null || { apt-get update -qq && "${install[@]}"; }
