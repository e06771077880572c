# shellcheck shell=bash
# The lab's network: a namespace with a bridge that nothing connects to the
# machine's own network.  Hosts are ports of the bridge; the namespace itself is
# 10.77.0.254 on it.  Deleting the namespace deletes all of it.

in_lan() { nsenter --net="/run/netns/$netns" -- "$@"; }

lan_exists() { [ -e "/run/netns/$netns" ]; }

lan_up() {
	! lan_exists || return 0
	ip netns add "$netns"
	ip -n "$netns" link set lo up
	ip -n "$netns" link add lan type bridge mcast_snooping 0
	ip -n "$netns" address add 10.77.0.254/24 dev lan
	ip -n "$netns" link set lan up
}

# lan_port HOST: the tap that is this host's cable; named after it
lan_port() {
	! ip -n "$netns" link show "$1" >/dev/null 2>&1 || return 0
	ip -n "$netns" tuntap add "$1" mode tap
	ip -n "$netns" link set "$1" master lan up
}

# Whatever still runs in the namespace came there through `lab exec`.
lan_down() {
	local pids
	lan_exists || return 0
	pids=$(ip netns pids "$netns")
	# shellcheck disable=SC2086 # a list of numbers
	[ -z "$pids" ] || kill $pids 2>/dev/null || true
	ip netns delete "$netns"
}
