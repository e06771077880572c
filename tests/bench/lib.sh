# shellcheck shell=bash disable=SC2034,SC2154
# What the benchmarks share: one sshd on loopback that is a hundred hosts, its
# keys, and configurations for both sides. Sourced; sets port, work and $term.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=$(cd "$build" && pwd)
work=$(mktemp -d /tmp/xendeck-bench-XXXXXX)
term=$build/tests/bench/bench_term
agent=$build/tests/bench/bench_agent
export HOME=$work XDG_CONFIG_HOME=$work XDG_STATE_HOME=$work SSH_AUTH_SOCK=
export LC_ALL=C.UTF-8 TZ=UTC
unset NO_COLOR TMUX
sshd=

cleanup() {
	[ -z "$sshd" ] || kill "$sshd" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

listens() { (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

start_sshd() {
	local i
	ssh-keygen -q -t ed25519 -N '' -f "$work/host"
	ssh-keygen -q -t ed25519 -N '' -f "$work/id"
	echo "restrict,command=\"$agent\" $(cat "$work/id.pub")" >"$work/authorized"
	[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
	for i in 1 2 3 4 5 6 7 8; do
		port=$((20000 + RANDOM % 20000))
		cat >"$work/sshd_config" <<-X
			ListenAddress 127.0.0.1:$port
			HostKey $work/host
			AuthorizedKeysFile $work/authorized
			StrictModes no
			PidFile none
			UsePAM no
			PasswordAuthentication no
			KbdInteractiveAuthentication no
			MaxStartups 1000
			SetEnv SHLVL=5
			LogLevel ERROR
		X
		/usr/sbin/sshd -D -e -f "$work/sshd_config" 2>"$work/sshd.log" &
		sshd=$!
		for i in $(seq 200); do
			! listens || break 2
			kill -0 $sshd 2>/dev/null || break
			sleep 0.05
		done
	done
	listens || { cat "$work/sshd.log"; echo "no sshd"; exit 1; }
	sed "s/^/[127.0.0.1]:$port /" "$work/host.pub" >"$work/known"
	# For ssh, and so for clush: names that are all this machine.
	cat >"$work/ssh_config" <<-X
		Host bench*
		HostName 127.0.0.1
		Port $port
		IdentityFile $work/id
		IdentitiesOnly yes
		UserKnownHostsFile $work/known
		GlobalKnownHostsFile none
		StrictHostKeyChecking yes
		BatchMode yes
		LogLevel ERROR
	X
}

# conf HOSTS [REFRESH]: a configuration of so many hosts, ten to a cluster
conf() {
	local i
	echo "refresh = \"${2:-1 s}\"; clusters = ("
	for ((i = 1; i <= $1; i++)); do
		if [ $((i % 10)) = 1 ]; then
			[ "$i" = 1 ] || echo ' ); },'
			printf '{ name = "c%02d"; hosts = (\n' $((i / 10))
		else
			echo ,
		fi
		printf '{ name = "bench%03d"; address = "127.0.0.1"; port = %d; user = "%s"; sudo = "no"; ' \
			"$i" "$port" "$(id -un)"
		printf 'transport = "libssh2"; observer = "agent"; agent = "bench-agent-%d"; key = "%s"; known_hosts = "%s"; }' \
			"$i" "$work/id" "$work/known"
	done
	echo ' ); } );'
}
