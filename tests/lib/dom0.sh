# shellcheck shell=bash disable=SC2034,SC2154
# Dom0s that are directories (tests/fixtures/bin/dom0), for checks that let the
# real program act: sourced with $tmp set; the worlds are $tmp/NAME.

# world NAME: a host without guests.
world() {
	local tool
	mkdir -p "$tmp/$1/bin" "$tmp/$1/doms" "$tmp/$1/etc" "$tmp/$1/peers"
	for tool in xl xentop xenstore-read xenstore-ls xenstore-watch sudo id
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

