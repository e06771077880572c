# shellcheck shell=bash
# Both machines are Xen hosts, and they are what the image says they are.

xen_is_the_packaged_one() {
	local version
	version=$(on "$1" "dpkg-query -W -f '\${Version}' xen-utils-common")
	says "^xen_version *: ${version%%[+-]*}$" on "$1" xl info
}

for h in alpha beta; do
	check "$h is named so" says "^$h$" on "$h" hostname
	check "$h runs the packaged Xen" xen_is_the_packaged_one "$h"
	check "$h lists its Domain-0" says '^Domain-0 +0 ' on "$h" xl list
	check "$h sees the shared volume group" on "$h" vgs vgs
	check "$h lets ops look" says '^Domain-0 +0 ' on "ops@$h" sudo -n xl list
	check "$h lets ops do nothing else" not on "ops@$h" sudo -n id
done
check "alpha reaches beta" on alpha ping -c 1 -W 5 beta
check "beta trusts alpha" says '^beta$' on alpha ssh -o BatchMode=yes beta hostname
check "the lab has no way out" not in_lan ip route get 192.0.2.1
