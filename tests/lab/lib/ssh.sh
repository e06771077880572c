# shellcheck shell=bash
# Keys and ssh.  All keys are made once per lab and outlive image and disks, so
# clients can check host keys strictly.  The lab's own calls share one
# connection per host: a handshake with an emulated machine takes half a second.

ssh_ready() {
	local h key known=''
	mkdir -p "$state/hostkeys"
	[ -e "$state/id_ed25519" ] ||
		ssh-keygen -q -t ed25519 -N '' -C xendeck-lab -f "$state/id_ed25519"
	for h in "${all_hosts[@]}"; do
		key=$state/hostkeys/$h
		[ -e "$key" ] || ssh-keygen -q -t ed25519 -N '' -C "$h" -f "$key"
		known+="$h,$(host_address "$h") $(cut -d' ' -f1,2 "$key.pub")"$'\n'
	done
	printf '%s' "$known" >"$state/known_hosts"
	ssh_config_text >"$state/ssh_config.new"
	mv "$state/ssh_config.new" "$state/ssh_config"
}

ssh_config_text() {
	local h
	echo "# Works inside the lab's network namespace (lab exec ...)."
	for h in "${all_hosts[@]}"; do
		printf 'Host %s\n\tHostName %s\n' "$h" "$(host_address "$h")"
	done
	cat <<-END
	Host *
		User root
		IdentityFile "$state/id_ed25519"
		IdentitiesOnly yes
		UserKnownHostsFile "$state/known_hosts"
		GlobalKnownHostsFile none
		StrictHostKeyChecking yes
		Ciphers ^aes128-gcm@openssh.com
		KexAlgorithms curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256
		ConnectTimeout 5
		ServerAliveInterval 5
	END
}

# The socket's name holds user and host: %r@%h
ssh_args() {
	printf '%s\0' -F "$state/ssh_config" -o ControlMaster=auto \
		-o ControlPersist=yes -o "ControlPath=$run/ssh-%r@%n" -o LogLevel=ERROR
}

# ssh_to [USER@]HOST [CMD...]
ssh_to() {
	local args
	mapfile -d '' args < <(ssh_args)
	in_lan ssh "${args[@]}" "$@"
}

# push HOST FILE DEST
push() {
	local args
	mapfile -d '' args < <(ssh_args)
	in_lan scp -q -p "${args[@]}" -- "$2" "$1:$3"
}

# ssh_forget HOST: end the shared connections to a machine that is going away
ssh_forget() {
	local s
	for s in "$run"/ssh-*@"$1"; do
		[ -S "$s" ] || continue
		ssh -F none -o ControlPath="$s" -O exit "$1" 2>/dev/null || true
		rm -f "$s"
	done
}
