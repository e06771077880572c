# shellcheck shell=bash
# Live migration of a PVH guest: the same guest, not a new one, runs on beta.

cleanup() {
	drop_guest alpha check-move
	drop_guest beta check-move
}

cleanup
check "a PVH guest starts on alpha" \
	lab guest alpha check-move --type pvh --memory 80 --disk check-move --ip 10.77.0.140
check "it answers on the LAN" eventually 60 on beta ping -c 1 -W 1 10.77.0.140
check "it gets a mark in its memory" \
	console_says alpha check-move 'echo here >/mark; cat /mark | sed s/^/mark-/' mark-here
check "it migrates to beta" on alpha xl migrate check-move beta
check "it is gone from alpha" not guest_runs alpha check-move
check "it is on beta" guest_runs beta check-move
check "it answers on the LAN again" eventually 30 on beta ping -c 1 -W 1 10.77.0.140
check "it still has the mark" console_says beta check-move 'sed s/^/mark-/ /mark' mark-here
