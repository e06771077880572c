# shellcheck shell=bash
# Migration by xendeck between real Xen hosts: there by the verb and back by the
# full screen while the guest counts, a PV guest that cannot, one that is killed
# in the middle, and its repair.

cleanup() {
	drop_all || true
	xendeck_done
}

drop_all() {
	for h in alpha beta; do
		for g in check-count check-count--incoming check-cold; do
			drop_guest $h $g
		done
	done
}

only_on() { guest_runs "$1" "$3" && not guest_runs "$2" "$3"; }

counted() { count_of "$@" | cut -d' ' -f2; }

# A migration is killed where it receives, when pages are on their way. The guest
# runs on, and xl says that it could not resume it.
break_migration() {
	local rc=0
	xd_behind migrate check-count --to beta --yes
	# shellcheck disable=SC2016 # for dom0's shell
	eventually 300 guest_runs beta check-count--incoming &&
		on beta 'kill -9 $(pgrep -f "[m]igrate-receive")'
	wait "$verb" || rc=$?
	cat "$tmp/out"
	echo "exit code $rc"
	[ $rc = 7 ] && grep -q 'beta shows it paused as --incoming.*repair it' "$tmp/out"
}

drop_all
xendeck_ready
check "a PVH guest with a disk" definition check-count --type pvh --memory 80 --disk check-count --tick 0
check "a PV guest with a disk" definition check-cold --type pv --memory 80 --disk check-cold --tick 0
check "the PVH guest starts" ends 0 'check-count runs on alpha' xd start check-count --on alpha --yes
check "it counts in its memory" count_begin alpha check-count
check "the PV guest starts" ends 0 'check-cold runs on alpha' xd start check-cold --on alpha --yes

check "the PV guest is refused" ends 4 'is a PV guest .* without shadow paging.* moved cold' \
	xd migrate check-cold --to beta --yes
check "it still runs" only_on alpha beta check-cold
check "it is moved cold" ends 0 'check-cold runs on beta' xd move check-cold --to beta --yes
check "it runs there only" only_on beta alpha check-cold
check "kill" ends 0 'check-cold is gone from beta' xd kill check-cold --yes

check "the migration is killed in the middle" break_migration
check "the guest still runs" state_is alpha check-count '^[rb-]-'
check "half of it is left" guest_runs beta check-count--incoming
check "what would repair it" eventually 60 ends 0 'beta: xl destroy' xd repair check-count --dry-run
check "repair" ends 0 'check-count' xd repair check-count --yes
check "nothing is left" not guest_runs beta check-count--incoming
check "it runs where it was" only_on alpha beta check-count

before=$(counted alpha check-count)
check "it migrates while it counts" ends 0 'check-count is not paused any more on beta' \
	xd migrate check-count --to beta --yes
check "it runs there only" only_on beta alpha check-count
check "no count is lost" count_whole beta check-count "$before"

before=$(counted beta check-count)
check "the full screen" screen_start
check "it shows both hosts" eventually 60 screen_says 'hosts 2/2'
check "and the guest" eventually 30 row_says check-count running
check "m asks where to" screen_on check-count m
check "alpha is asked, and can take it" eventually 90 screen_says 'alpha +can '
check "what would be done" eval 'screen_keys Enter; eventually 20 screen_says "alpha: xl unpause DOMID"'
check "y does it" screen_keys y
check "its row says where to" eventually 120 row_says check-count '->alpha'
check "it runs there only" eventually 300 only_on alpha beta check-count
check "it says so" eventually 60 screen_says 'migrate check-count from beta to alpha: done'
check "no count is lost" count_whole alpha check-count "$before"
cat "$tmp/counts"
