#!/bin/bash
# The agent where it cannot work, which is every machine that tests run on but
# the lab's: it must say why in one line and end with the right status.
set -u
agent=${XENDECK_BUILD:?}/xendeck-agent
if [ ! -x "$agent" ]; then
	echo "no Xen headers here, no agent"
	exit 0
fi
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:handle_segv=0
failed=0

# try WHAT STATUS PATTERN ARGUMENT...: all lines of output, joined by "|"
try() {
	local what=$1 status=$2 pattern=$3 out rc
	shift 3
	out=$(timeout 20 "$agent" "$@" 2>&1 </dev/null)
	rc=$?
	out=${out//$'\n'/|}
	# shellcheck disable=SC2053 # a pattern
	if [ $rc != "$status" ] || [[ $out != $pattern ]]; then
		echo "$what: status $rc, want $status; said: $out"
		failed=1
	fi
}

if [ -e /proc/xen/privcmd ] || [ -e /dev/xen/privcmd ]; then
	echo "this machine runs under Xen itself: the lab check tells more"
else
	bye='{"type":"hello",*"xen_built":"4.*}|{"type":"bye",*"}'
	try 'not Xen' 3 "$bye" --once
	try 'not Xen, for long' 3 "$bye" --interval 200
fi
try 'version' 0 'xendeck-agent [0-9]*, built for Xen 4.*' --version
try 'help' 0 'usage: xendeck-agent *' --help
try 'unknown option' 2 '*usage: xendeck-agent *' --frobnicate
try 'argument' 2 'usage: xendeck-agent *' frobnicate
for ms in 0 199 3600001 -5 1s '' 99999999999999999999; do
	try "interval '$ms'" 2 '*--interval*200*' --interval "$ms"
done
exit $failed
