#!/bin/bash
# bash completion, in a real bash: the words that a line offers.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=$(cd "${XENDECK_BUILD:-build}" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export PATH=$build:$PATH HOME=$tmp XDG_CONFIG_HOME=$tmp/none
# shellcheck source=share/completion/xendeck.bash
. share/completion/xendeck.bash
failed=0

# offers WANTED WORD...: the last word is what is being typed
offers() {
	local want=$1
	shift
	COMP_WORDS=(xendeck "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_xendeck
	[ "${COMPREPLY[*]}" = "$want" ] && return
	echo "xendeck $*: offers '${COMPREPLY[*]}' instead of '$want'"
	failed=1
}

conf=share/examples/cluster.conf
offers 'check-config' ch
offers 'reboot restore rename repair record replay' re
offers '--json' --demo list --js
offers 'cs1 cs2 cs3' -c $conf info cs
offers 'cs1 cs2 cs3 db1' --config $conf info ''
offers 'cs3' -c $conf trust cs3
offers '' -c $conf info nobody
offers '' -c /nonexistent info ''
offers '' -c share/exa
offers '' nonsense x
exit $failed
