# shellcheck shell=bash
# PV and PVH guests start, show up and can be talked to.

cleanup() {
	for t in pv pvh; do drop_guest alpha "check-$t"; done
}

cleanup
for t in pv pvh; do
	check "$t guest starts" lab guest alpha "check-$t" --type "$t" --disk "check-$t"
	check "$t guest is listed" says "^check-$t +[0-9]+ +96 " on alpha xl list
	# shellcheck disable=SC2016 # for the guest's shell
	check "$t guest's console answers" \
		console_says alpha "check-$t" 'echo sum-$((6 * 7))' sum-42
	check "$t guest has its disk" eventually 30 says "check-$t has its disk" \
		on alpha cat "/var/log/xen/console/guest-check-$t.log"
done
check "xl shutdown is answered" on alpha xl shutdown -w check-pv
check "the guest is gone" eventually 20 not guest_runs alpha check-pv
