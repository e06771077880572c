# bash completion for xendeck. It asks the program itself, which knows its
# verbs, and the hosts of the configuration that the command line names.
_xendeck() {
	local i words=() options=()

	for ((i = 1; i <= COMP_CWORD; i++)); do
		words+=("${COMP_WORDS[i]}")
		case ${COMP_WORDS[i - 1]} in
		-c | --config)
			((i < COMP_CWORD)) && options+=(-c "${COMP_WORDS[i]}")
			;;
		esac
		[ "${COMP_WORDS[i]}" = --demo ] && options+=(--demo)
	done
	mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" "${options[@]}" complete \
	    "${words[@]}" 2>/dev/null)
}
complete -o default -F _xendeck xendeck
