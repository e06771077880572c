#!/bin/sh
# Installs what building and testing xendeck needs, on Debian 12 or later.
# Nothing is fetched when all of it is here already.
set -eu

build="make gcc libc6-dev pkg-config libncurses-dev libconfig-dev libssh2-1-dev
libssl-dev libjson-c-dev libsqlite3-dev libvterm-dev libcmocka-dev libxen-dev"
tests="openssh-server openssh-client tmux procps iproute2
groff-base"

missing=
for p in $build $tests; do
	dpkg-query -W -f '${Status}\n' "$p" 2>/dev/null |
	    grep -q '^install ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ]; then
	echo "deps.sh: not root, and these packages are missing:$missing" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
# A package that starts a server must not do so on a build machine: the tests
# start their own sshd on loopback.
policy=/usr/sbin/policy-rc.d
made_policy=
if [ ! -e $policy ]; then
	printf '#!/bin/sh\nexit 101\n' > $policy
	chmod 755 $policy
	made_policy=yes
fi
trap '[ -z "$made_policy" ] || rm -f $policy' EXIT
apt-get update -q
# shellcheck disable=SC2086
apt-get install -q -y --no-install-recommends $missing
