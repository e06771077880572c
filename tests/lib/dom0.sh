# shellcheck shell=bash disable=SC2034,SC2154
# Dom0s that are directories (tests/fixtures/bin/dom0), for checks that let the
# real program act: sourced with $tmp set; the worlds are $tmp/NAME.

# world NAME: a host without guests.
world() {
	local tool
	mkdir -p "$tmp/$1/bin" "$tmp/$1/doms" "$tmp/$1/etc" "$tmp/$1/peers"
	for tool in xl xentop xenstore-read xenstore-ls xenstore-watch ssh \
	    sudo id
	do
		ln -s "$PWD/tests/fixtures/bin/dom0" "$tmp/$1/bin/$tool"
	done
	echo "$1" > "$tmp/$1/host"
	: > "$tmp/$1/acts"
}

# guest WORLD NAME [KIB]: a definition there. The UUID is nobody else's, not
# even another run's: locks of VMs are the machine's.
guest() {
	cat > "$tmp/$1/etc/$2.cfg" <<-X
		name = "$2"
		uuid = "$(cat /proc/sys/kernel/random/uuid)"
		memory = 128
		vcpus = 1
	X
}

# runs WORLD NAME: as if it had been started long ago.
runs() {
	local id
	id=$(($(cat "$tmp/$1/next" 2>/dev/null || echo 0) + 1))
	echo $id > "$tmp/$1/next"
	echo "$2 131072 1 ${3:--b----} $(sed -n 's/^uuid = "\(.*\)"/\1/p' \
	    "$tmp/$1/etc/$2.cfg")" > "$tmp/$1/doms/$id"
}

# count WORLD REGEX: how often that was done.
count() { grep -cE "^[0-9.]+ $2" "$tmp/$1/acts"; }

# domains WORLD: names and states of what runs.
domains() {
	local f
	for f in "$tmp/$1"/doms/*; do
		[ ! -e "$f" ] || cut -d' ' -f1,4 "$f"
	done | sort | tr '\n' ',' 
}

# until SECONDS COMMAND...: whether it came true in that time.
until_true() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}


# serve WORLD...: a real sshd on loopback that is all of them, told apart by
# their keys; sets $port and $sshd, to be killed.
serve() {
	local w
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/host"
	for w; do
		ssh-keygen -q -t ed25519 -N '' -f "$tmp/$w/key"
		echo "environment=\"FAKE=$tmp/$w\" $(cat "$tmp/$w/key.pub")"
	done > "$tmp/authorized"
	[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
	for _ in 1 2 3 4 5 6 7 8; do
		port=$((20000 + RANDOM % 20000))
		cat > "$tmp/sshd_config" <<-X
			ListenAddress 127.0.0.1:$port
			HostKey $tmp/host
			AuthorizedKeysFile $tmp/authorized
			PermitUserEnvironment FAKE
			StrictModes no
			PidFile none
			UsePAM no
			PasswordAuthentication no
			KbdInteractiveAuthentication no
			MaxStartups 1000
			SetEnv PATH=$tmp/$1/bin:$PATH SHLVL=5
		X
		! serve_again || break
	done
	sed "s/^/[127.0.0.1]:$port /" "$tmp/host.pub" > "$tmp/known"
}

serve_again() { # on the same port
	: > "$tmp/sshd.log"
	/usr/sbin/sshd -D -e -f "$tmp/sshd_config" 2> "$tmp/sshd.log" &
	sshd=$!
	for _ in $(seq 200); do
		! grep -q 'Server listening' "$tmp/sshd.log" || return 0
		kill -0 $sshd 2>/dev/null || return 1
		sleep 0.05
	done
	return 1
}

# hang_up: all that is connected is not any more.
hang_up() {
	local sessions
	sessions=$(pgrep -P "$sshd")
	# shellcheck disable=SC2086
	[ -z "$sessions" ] || kill -9 $sessions
}

# unserve: nor will be.
unserve() {
	local last=$sshd
	[ -n "$last" ] || return 0
	kill -STOP "$last"
	hang_up
	kill -9 "$last"
	wait "$last" 2>/dev/null
	sshd=
}

# hosts WORLD...: them in the configuration, of one cluster
hosts() {
	local w comma=
	for w; do
		printf '%s{ name = "%s"; address = "127.0.0.1"; port = %s; user = "%s"; sudo = "no"; observer = "shell"; key = "%s"; known_hosts = "%s"; definitions = [ "%s" ]; migration_address = "%s"; %s }' \
		    "$comma" "$w" "$port" "$(id -un)" "$tmp/$w/key" \
		    "$tmp/known" "$tmp/$w/etc" "$w" "${host_more:-}"
		comma=', '
	done
}
