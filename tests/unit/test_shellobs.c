/* The agentless observer on a dom0 made of scripts: what it tells of a real
 * host's answers, how soon, and what becomes of it when the tools hang, fail,
 * lie, print endlessly or are not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/fakedom0.h"

#define HEAD "Name                                        ID   Mem VCPUs\t" \
	"State\tTime(s)   UUID                            Reason-Code\t" \
	"Security Label\n"
#define DOM0 "Domain-0  0   640     1     r-----     102.2 " \
	"00000000-0000-0000-0000-000000000000        -                -\n"
#define ROW(name, domid, uuid) name "  " domid "  96     1     -b----   12.8" \
	" 90d6e53a-9d16-4a15-b6b6-20b365a5f6" uuid "        -                -\n"

static bool
has_obs(const struct fakedom0 *d)
{
	return d->nobs > 0 || d->failed;
}

static bool
has_failed(const struct fakedom0 *d)
{
	return d->failed;
}

static bool
has_note(const struct fakedom0 *d)
{
	return d->note[0] != '\0' || d->failed;
}

static bool
has_three(const struct fakedom0 *d)
{
	return d->nobs >= 3 || d->failed;
}

static void
first_obs(struct fakedom0 *d, int refresh_ms)
{
	fakedom0_observe(d, refresh_ms);
	assert_true(fakedom0_until(d, has_obs));
	if (d->failed)
		fail_msg("%s", d->why);
}

/* --- What it tells -------------------------------------------------------- */

static void
a_real_host(void **state)
{
	struct fakedom0 d;
	const struct obs_dom *v;

	(void)state;
	fakedom0_start(&d);
	first_obs(&d, 1000);
	assert_string_equal(d.obs.host.hostname, "gamma");
	assert_string_equal(d.obs.host.xen_version, "4.17.7");
	assert_int_equal(strlen(d.obs.host.boot_id), 36);
	assert_int_equal(d.obs.host.free_kb, 869 * 1024);
	assert_in_range(d.obs.host.uptime_s, 1, INT32_MAX);
	assert_in_range(d.obs.host.load_pm, 0, INT32_MAX);
	assert_in_range(d.obs.wall_ms, 1600000000000, INT64_MAX);
	assert_int_equal(d.obs.t_ns / 1000000000, d.obs.host.uptime_s);
	assert_int_equal(d.obs.ndoms, 6);
	assert_int_equal(d.obs.doms[0].type, VM_TYPE_PV);

	v = fakedom0_dom(&d, "db-1.prod_ex");
	assert_non_null(v);
	assert_int_equal(v->domid, 3);
	assert_int_equal(v->type, VM_TYPE_PV);
	assert_int_equal(v->vcpus, 2);
	assert_int_equal(v->vcpus_max, 4);
	assert_int_equal(v->mem_kb, 131072);
	assert_int_equal(v->maxmem_kb, 132096); /* Xen's limit, not maxmem= */
	assert_int_equal(v->nnics, 2);
	assert_string_equal(v->nics[0].mac, "00:16:3e:01:02:03");
	assert_int_equal(v->ndisks, 2);
	assert_int_equal(v->start_s, 1795221956);
	v = fakedom0_dom(&d, "app1");
	assert_int_equal(v->mem_kb, 131136); /* finer than xl's MiB */
	assert_int_equal(v->start_s, 1795221942);
	assert_int_equal(v->type, VM_TYPE_PVH);

	assert_true(fakedom0_until(&d, has_three));
	v = fakedom0_dom(&d, "web1");
	assert_int_equal(v->cpu_pm, 10);
	assert_int_equal(v->cpu_ns, 12800000000);
	fakedom0_stop(&d);
}

static bool
has_pools(const struct fakedom0 *d)
{
	return d->failed || d->obs.host.npools != 0;
}

static void
topology_comes_later(void **state)
{
	const struct obs_host *h;
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	first_obs(&d, 1000);
	h = &d.obs.host;
	assert_int_equal(h->cores_per_socket, 2);
	assert_int_equal(h->threads_per_core, 1);
	assert_true(fakedom0_until(&d, has_pools));
	assert_int_equal(h->sockets, 2);
	assert_int_equal(h->nnuma, 2);
	assert_int_equal(h->numa[1].free_kb, 183 * 1024);
	assert_string_equal(h->numa[1].cpus, "2-3");
	assert_int_equal(h->npools, 2);
	assert_string_equal(h->pools[0].cpus, "0-1,3");
	assert_string_equal(h->pools[1].name, "my real time");
	assert_null(strstr(d.note, "topology"));
	assert_int_equal(fakedom0_calls(&d, "xl_info_-n"), 1);
	fakedom0_stop(&d);
}

/* Its only processor is of no socket: no reason to complain. */
static void
topology_of_little_machines(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_copy(&d, "xl_info_-n", "xl-topology-1cpu.out");
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, has_pools));
	assert_int_equal(d.obs.host.sockets, OBS_UNKNOWN);
	assert_int_equal(d.obs.host.nnuma, 1);
	assert_null(strstr(d.note, "topology"));
	fakedom0_stop(&d);
}

static bool
has_no_topology(const struct fakedom0 *d)
{
	return d->failed || strstr(d->note, "xl info -n failed") != NULL;
}

static void
topology_that_fails_is_told(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_info_-n.status", "1\n");
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, has_no_topology));
	assert_false(d.failed);
	fakedom0_stop(&d);
}

static bool
has_answer(const struct fakedom0 *d)
{
	return d->failed || d->nanswers != 0;
}

static void
xens_log(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_dmesg", "(XEN) Xen version 4.17\n(XEN) two\n");
	first_obs(&d, 1000);
	d.o->ops->ask(d.o, ASK_DMESG);
	assert_true(fakedom0_until(&d, has_answer));
	assert_string_equal(d.answer, "(XEN) Xen version 4.17\n(XEN) two\n");
	assert_int_equal(fakedom0_calls(&d, "dmesg"), 1);
	fakedom0_file(&d, "xl_dmesg.status", "1\n");
	fakedom0_file(&d, "xl_dmesg.err", "xl: cannot ask Xen\n");
	d.nanswers = 0;
	d.o->ops->ask(d.o, ASK_DMESG);
	assert_true(fakedom0_until(&d, has_answer));
	assert_string_equal(d.answer, "\"xl dmesg\" failed on gamma: xl: "
	    "cannot ask Xen");
	assert_false(d.failed);
	fakedom0_stop(&d);
}

static const char counters_sh[] =
    "d=\"$FAKE/sys/devices\"\n"
    "mkdir -p $d/vif-2-0/net/vif2.0/statistics $d/vbd-2-51712/statistics\n"
    "echo 768 >$d/vif-2-0/net/vif2.0/statistics/rx_bytes\n"
    "echo 3270 >$d/vif-2-0/net/vif2.0/statistics/tx_bytes\n"
    "echo 34 >$d/vbd-2-51712/statistics/rd_sect\n"
    "echo 6808 >$d/vbd-2-51712/statistics/wr_sect\n"
    "cat \"$FAKE/xl_info\"\n";

static bool
has_counters(const struct fakedom0 *d)
{
	const struct obs_dom *v = fakedom0_dom(d, "app1");

	return d->failed || (v != NULL && v->net_rx == 3270);
}

static void
counters_come_from_sysfs(void **state)
{
	struct fakedom0 d;
	const struct obs_dom *v;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_info.sh", counters_sh);
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, has_counters));
	v = fakedom0_dom(&d, "app1");
	assert_int_equal(v->net_tx, 768);
	assert_int_equal(v->disk_rd, 34 * 512);
	assert_int_equal(v->disk_wr, 6808 * 512);
	v = fakedom0_dom(&d, "paused1"); /* has no devices at all */
	assert_int_equal(v->net_rx, 0);
	assert_int_equal(v->disk_wr, 0);
	v = fakedom0_dom(&d, "web1"); /* has, but they are not in dom0 */
	assert_int_equal(v->net_rx, OBS_UNKNOWN);
	assert_int_equal(v->disk_rd, OBS_UNKNOWN);
	assert_int_equal(d.obs.doms[0].net_rx, OBS_UNKNOWN);
	assert_string_equal(d.note, "");
	fakedom0_stop(&d);
}

static const char many_sh[] =
    "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 "
    "25 26 27 28 29 30; do\n"
    "	d=\"$FAKE/sys/devices/vif-2-$i/net/v$i/statistics\"\n"
    "	mkdir -p $d; echo 7 >$d/rx_bytes; echo 109 >$d/tx_bytes\n"
    "	d=\"$FAKE/sys/devices/vbd-2-$i/statistics\"\n"
    "	mkdir -p $d; echo 1 >$d/rd_sect; echo 2 >$d/wr_sect\n"
    "done\n"
    "cat \"$FAKE/xl_info\"\n";

static void
many_counters(void **state)
{
	struct fakedom0 d;
	const struct obs_dom *v;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_info.sh", many_sh);
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, has_counters));
	v = fakedom0_dom(&d, "app1");
	assert_int_equal(v->net_tx, 30 * 7);
	assert_int_equal(v->disk_rd, 30 * 512);
	assert_int_equal(v->disk_wr, 60 * 512);
	fakedom0_stop(&d);
}

static void
without_sysfs_xentop_counts(void **state)
{
	struct fakedom0 d;
	const struct obs_dom *v;

	(void)state;
	fakedom0_start(&d);
	first_obs(&d, 1000);
	v = fakedom0_dom(&d, "web1");
	assert_int_equal(v->net_rx, 2 * 1024);
	assert_int_equal(v->disk_wr, 6326 * 512);
	assert_non_null(strstr(d.note, "no device counters in /sys"));
	fakedom0_stop(&d);
}

static bool
has_address(const struct fakedom0 *d)
{
	const struct obs_dom *v = fakedom0_dom(d, "app1");

	return d->failed || (v != NULL && v->nnics == 1 &&
	    v->nics[0].ip != NULL);
}

static void
guests_tell_their_addresses(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "store",
	    "/libxl/2/type = \"pvh\"\n"
	    "/vm/3b75f7e0-2486-4142-90cf-35eff24324a7/start_time = \"7.2\"\n"
	    "/local/domain/2/console/vnc-port = \"5901\"\n"
	    "/local/domain/2/attr/vif/0/ipv6/0 = \"fe80::1\"\n"
	    "/local/domain/2/attr/vif/0/ipv4/0 = \"10.0.0.2\"\n"
	    "/local/domain/3/attr/vif/0/ipv4/0 = \"\\x1b]0;owned\"\n");
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, has_address));
	assert_string_equal(fakedom0_dom(&d, "app1")->nics[0].ip, "10.0.0.2");
	assert_int_equal(fakedom0_dom(&d, "app1")->start_s, 7);
	assert_int_equal(fakedom0_dom(&d, "app1")->vnc_port, 5901);
	assert_null(fakedom0_dom(&d, "db-1.prod_ex")->nics[0].ip);
	fakedom0_stop(&d);
}

/* --- How soon ------------------------------------------------------------- */

static bool
has_new(const struct fakedom0 *d)
{
	return d->failed || fakedom0_dom(d, "new") != NULL;
}

static bool
new_is_gone(const struct fakedom0 *d)
{
	return d->failed || fakedom0_dom(d, "new") == NULL;
}

static bool
is_calm(const struct fakedom0 *d)
{
	return d->failed || d->now.ns > INT64_C(20000000000);
}

static bool
info_was_asked_again(const struct fakedom0 *d)
{
	return d->failed || d->obs.host.free_kb == 773 * 1024;
}

static void
xenstore_watch_brings_news(void **state)
{
	struct fakedom0 d;
	struct mono then;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_list_-v", HEAD DOM0);
	first_obs(&d, 600000);
	d.speed = 10; /* till it has settled */
	assert_true(fakedom0_until(&d, is_calm));
	d.speed = 1;
	fakedom0_file(&d, "xl_list_-v", HEAD DOM0 ROW("new", "7", "00"));
	fakedom0_file(&d, "xl_info.sh",
	    "sed 's/: 869/: 773/' \"$FAKE/xl_info\"\n");
	then = d.now;
	fakedom0_file(&d, "event", "");
	assert_true(fakedom0_until(&d, has_new));
	assert_false(d.failed);
	assert_in_range(mono_diff_ms(d.now, then), 0, 2000);
	assert_true(fakedom0_until(&d, info_was_asked_again));
	fakedom0_file(&d, "xl_list_-v", HEAD DOM0);
	then = d.now;
	fakedom0_file(&d, "event", "");
	assert_true(fakedom0_until(&d, new_is_gone));
	assert_in_range(mono_diff_ms(d.now, then), 0, 2000);
	fakedom0_stop(&d);
}

static void
without_a_watch_the_list_is_polled(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_list_-v", HEAD DOM0);
	fakedom0_remove(&d, "xenstore-watch.sh");
	fakedom0_file(&d, "xenstore-watch.status", "127");
	first_obs(&d, 600000);
	assert_true(fakedom0_until(&d, has_note));
	assert_non_null(strstr(d.note, "xenstore-watch is not there: the list "
	    "is asked for every 1.5 s"));
	d.speed = 10;
	assert_true(fakedom0_until(&d, is_calm));
	d.speed = 1;
	fakedom0_file(&d, "xl_list_-v", HEAD DOM0 ROW("new", "7", "00"));
	assert_true(fakedom0_until(&d, has_new));
	assert_false(d.failed);
	fakedom0_stop(&d);
}

static bool
has_config_of_new(const struct fakedom0 *d)
{
	const struct obs_dom *v = fakedom0_dom(d, "new");

	return d->failed || (v != NULL && v->type == VM_TYPE_PVH);
}

/* The same domid with another UUID is another domain. */
static void
domids_are_used_again(void **state)
{
	struct fakedom0 d;
	const struct obs_dom *v;

	(void)state;
	fakedom0_start(&d);
	first_obs(&d, 1000);
	assert_int_equal(fakedom0_dom(&d, "app1")->nnics, 1);
	fakedom0_file(&d, "xl_list_-l_2", "[{\"domid\":2,\"config\":{"
	    "\"c_info\":{\"type\":\"pvh\",\"uuid\":"
	    "\"90d6e53a-9d16-4a15-b6b6-20b365a5f699\"}}}]");
	fakedom0_file(&d, "xl_list_-v", HEAD DOM0 ROW("new", "2", "99"));
	assert_true(fakedom0_until(&d, has_new));
	v = fakedom0_dom(&d, "new");
	assert_int_equal(v->nnics, 0);
	assert_int_equal(v->start_s, OBS_UNKNOWN);
	assert_int_equal(v->cpu_pm, OBS_UNKNOWN);
	assert_true(fakedom0_until(&d, has_config_of_new));
	assert_false(d.failed);
	fakedom0_stop(&d);
}

static bool
has_nameless(const struct fakedom0 *d)
{
	return d->failed || d->obs.ndoms == 4;
}

static void
names_that_do_not_tell(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_list_-v", HEAD DOM0 ROW("web1", "5", "01")
	    ROW("web1", "6", "02") ROW("(null)", "7", "03"));
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, has_nameless));
	assert_true(fakedom0_until(&d, has_three));
	assert_null(d.obs.doms[3].name);
	assert_int_equal(d.obs.doms[3].cpu_pm, OBS_UNKNOWN);
	fakedom0_stop(&d);
}

/* --- Lists that are none -------------------------------------------------- */

static void
fails_with(struct fakedom0 *d, enum observer_fault fault, const char *part)
{
	fakedom0_observe(d, 1000);
	assert_true(fakedom0_until(d, has_failed));
	assert_int_equal(d->nobs, 0);
	if (strstr(d->why, part) == NULL)
		fail_msg("\"%s\" not in \"%s\"", part, d->why);
	assert_int_equal(d->fault, fault);
	fakedom0_stop(d);
}

static void
a_list_that_keeps_failing(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_list_-v.status", "1");
	fakedom0_file(&d, "xl_list_-v.err", "libxl: error: no such luck.\n");
	fails_with(&d, OBSERVER_BROKEN,
	    "\"xl list -v\" fails on gamma: libxl: error: no such luck");
}

static void
a_list_without_dom0(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_list_-v", HEAD ROW("web1", "1", "00"));
	fails_with(&d, OBSERVER_BROKEN, "without Domain-0");
}

static void
an_endless_list(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_list_-v.sh",
	    "head -c 18000000 /dev/zero | tr '\\0' x\n");
	fails_with(&d, OBSERVER_BROKEN, "endless output");
}

static bool
complains_of_list(const struct fakedom0 *d)
{
	return d->failed || strstr(d->note, "xl list -v") != NULL;
}

static bool
has_recovered(const struct fakedom0 *d)
{
	return d->failed || (fakedom0_dom(d, "new") != NULL &&
	    strstr(d->note, "xl list") == NULL);
}

static void
one_bad_list_is_passed_over(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	first_obs(&d, 1000);
	fakedom0_file(&d, "xl_list_-v", HEAD DOM0 "web1    1  96");
	assert_true(fakedom0_until(&d, complains_of_list));
	assert_non_null(strstr(d.note, "stopped in the middle of a line"));
	assert_non_null(fakedom0_dom(&d, "web1")); /* still the old one */
	fakedom0_file(&d, "xl_list_-v", HEAD DOM0 ROW("new", "7", "00"));
	assert_true(fakedom0_until(&d, has_recovered));
	assert_false(d.failed);
	fakedom0_stop(&d);
}

/* --- No right, no tool, no answer ----------------------------------------- */

static void
no_xl(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_remove(&d, "xl_list_-v");
	fakedom0_file(&d, "xl_list_-v.status", "127");
	fails_with(&d, OBSERVER_DENIED, "xl cannot be used on gamma");
}

static void
not_root(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_list_-v.status", "1");
	fakedom0_file(&d, "xl_list_-v.err", "xencall: error: Could not obtain "
	    "handle on privileged command interface: Permission denied\n"
	    "cannot init xl context\n");
	fails_with(&d, OBSERVER_DENIED, "privileged command interface: "
	    "Permission denied; cannot init xl context");
}

static void
list_timed_out(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_list_-v.status", "124");
	fails_with(&d, OBSERVER_SILENT, "\"xl list -v\" on gamma gave no answer "
	    "within 12 s");
}

static bool
list_was_called(const struct fakedom0 *d)
{
	return d->failed || fakedom0_calls(d, "xl_list_-v") > 0;
}

static void
list_hangs(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_list_-v.sh", "exec sleep 60\n");
	fakedom0_observe(&d, 1000);
	assert_true(fakedom0_until(&d, list_was_called));
	d.speed = 10;
	assert_true(fakedom0_until(&d, has_failed));
	assert_int_equal(d.fault, OBSERVER_SILENT);
	assert_non_null(strstr(d.why, "\"xl list -v\" on gamma gave no "
	    "answer within 15 s"));
	fakedom0_stop(&d);
}

static void
no_shell(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	d.max_channels = 1;
	d.channels = 1;
	fails_with(&d, OBSERVER_BROKEN, "the shell on gamma ended: no more "
	    "sessions");
}

/* --- Sudo ----------------------------------------------------------------- */

static void
make_user(struct fakedom0 *d, const char *sudo_sh)
{
	fakedom0_tool(d, "id");
	fakedom0_tool(d, "sudo");
	fakedom0_file(d, "id", "1000\n");
	fakedom0_file(d, "sudo.sh", sudo_sh);
}

static void
sudo_for_single_tools(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	make_user(&d, "[ \"$2\" != -l ] || exit 1\nshift\nexec \"$@\"\n");
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, has_note));
	assert_non_null(strstr(d.note, "could not end xenstore-watch"));
	assert_in_range(fakedom0_calls(&d, "sudo_-n_xl_list_-v"), 1, 100);
	assert_in_range(fakedom0_calls(&d, "sudo_-n_xentop"), 1, 100);
	assert_int_equal(fakedom0_calls(&d, "xenstore-watch"), 0);
	fakedom0_stop(&d);
}

static void
sudo_for_everything(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	make_user(&d, "shift\n[ \"$1\" != -l ] || exit 0\nexec \"$@\"\n");
	first_obs(&d, 1000);
	assert_in_range(fakedom0_calls(&d, "sudo_-n_sh"), 1, 100);
	assert_int_equal(fakedom0_calls(&d, "sudo_-n_xl"), 0);
	assert_null(strstr(d.note, "xenstore-watch"));
	fakedom0_stop(&d);
}

static void
sudo_for_nothing(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	make_user(&d, "echo 'sudo: a password is required' >&2; exit 1\n");
	fails_with(&d, OBSERVER_DENIED, "sudo: a password is required");
}

static void
sudo_not_wanted(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	make_user(&d, "exit 1\n");
	d.host.sudo = TRI_NO;
	first_obs(&d, 1000);
	assert_int_equal(fakedom0_calls(&d, "sudo"), 0);
	fakedom0_stop(&d);
}

/* --- Getting by ----------------------------------------------------------- */

static void
login_scripts_print_things(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	d.greeting = "Welcome!\nName  ID\n0123456789abcdef<\n0>1\n";
	first_obs(&d, 1000);
	assert_int_equal(d.obs.ndoms, 6);
	assert_true(fakedom0_until(&d, has_three));
	assert_non_null(fakedom0_dom(&d, "web1"));
	fakedom0_stop(&d);
}

static bool
has_details(const struct fakedom0 *d)
{
	const struct obs_dom *v = fakedom0_dom(d, "app1");

	return d->failed || (v != NULL && v->nnics == 1 && v->start_s > 0);
}

static void
one_session_only(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	d.max_channels = 1;
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, has_details));
	assert_false(d.failed);
	assert_int_equal(d.obs.host.free_kb, 869 * 1024);
	assert_int_equal(fakedom0_dom(&d, "app1")->cpu_pm, OBS_UNKNOWN);
	assert_int_equal(fakedom0_dom(&d, "app1")->net_rx, OBS_UNKNOWN);
	assert_non_null(strstr(d.note, "xenstore-watch: no more sessions"));
	assert_non_null(strstr(d.note, "xentop: no more sessions"));
	fakedom0_stop(&d);
}

static bool
complains_of_details(const struct fakedom0 *d)
{
	return d->failed || strstr(d->note, "details are missing") != NULL;
}

static bool
details_were_asked(const struct fakedom0 *d)
{
	return d->failed || fakedom0_calls(d, "xl_list_-l") > 0;
}

/* QEMU or a lock holds up xl list -l: the list goes on. */
static void
details_hang(void **state)
{
	struct fakedom0 d;
	int before;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_list_-l.sh", "exec sleep 60\n");
	fakedom0_observe(&d, 1000);
	assert_true(fakedom0_until(&d, details_were_asked));
	d.speed = 10;
	assert_true(fakedom0_until(&d, complains_of_details));
	assert_false(d.failed);
	before = d.nobs;
	assert_in_range(before, 1, 100);
	assert_int_equal(fakedom0_dom(&d, "app1")->nnics, 0);
	d.nobs = 0;
	assert_true(fakedom0_until(&d, has_obs));
	assert_false(d.failed);
	fakedom0_stop(&d);
}

static void
details_are_garbage(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xl_list_-l", "(domain (domid 0))\n");
	fakedom0_file(&d, "xl_info", "nothing to see\n");
	first_obs(&d, 1000);
	assert_int_equal(d.obs.ndoms, 6);
	assert_int_equal(d.obs.host.mem_kb, OBS_UNKNOWN);
	assert_non_null(strstr(d.note, "xl info failed"));
	assert_non_null(strstr(d.note, "xl list -l failed"));
	fakedom0_stop(&d);
}

static bool
complains_of_top(const struct fakedom0 *d)
{
	return d->failed || strstr(d->note, "xentop") != NULL;
}

static void
xentop_prints_garbage(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xentop.sh",
	    "head -c 200000 /dev/zero | tr '\\0' x; exec sleep 60\n");
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, complains_of_top));
	assert_non_null(strstr(d.note, "xentop prints garbage: CPU figures are "
	    "coarse"));
	assert_int_equal(fakedom0_dom(&d, "app1")->cpu_pm, OBS_UNKNOWN);
	assert_int_equal(fakedom0_dom(&d, "app1")->cpu_ns, 24900000000);
	fakedom0_stop(&d);
}

static void
xentop_fails(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	fakedom0_file(&d, "xentop.sh",
	    "echo 'Failed to initialize xenstat library' >&2; exit 1\n");
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, complains_of_top));
	assert_non_null(strstr(d.note,
	    "xentop: Failed to initialize xenstat library"));
	/* Then the configuration's limit has to do. */
	assert_int_equal(fakedom0_dom(&d, "db-1.prod_ex")->maxmem_kb, 196608);
	fakedom0_stop(&d);
}

/* --- Nothing stays behind ------------------------------------------------- */

static bool
tools_run(const struct fakedom0 *d)
{
	return d->failed || (fakedom0_pid(d, "watch.pid") != 0 &&
	    fakedom0_pid(d, "top.pid") != 0);
}

static bool
tools_are_gone(const struct fakedom0 *d)
{
	return fakedom0_pid(d, "watch.pid") == 0 &&
	    fakedom0_pid(d, "top.pid") == 0;
}

static void
closing_ends_the_tools(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, tools_run));
	fakedom0_unobserve(&d);
	assert_true(fakedom0_until(&d, tools_are_gone));
	fakedom0_stop(&d);
}

/* What sshd does when a connection dies: it closes the channel's pipes, and
 * kills nothing. */
static void
a_broken_connection_ends_the_tools(void **state)
{
	struct fakedom0 d;

	(void)state;
	fakedom0_start(&d);
	d.detached = true;
	first_obs(&d, 1000);
	assert_true(fakedom0_until(&d, tools_run));
	fakedom0_unobserve(&d);
	assert_true(fakedom0_until(&d, tools_are_gone));
	fakedom0_stop(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_real_host),
		cmocka_unit_test(topology_comes_later),
		cmocka_unit_test(topology_of_little_machines),
		cmocka_unit_test(topology_that_fails_is_told),
		cmocka_unit_test(xens_log),
		cmocka_unit_test(counters_come_from_sysfs),
		cmocka_unit_test(many_counters),
		cmocka_unit_test(without_sysfs_xentop_counts),
		cmocka_unit_test(guests_tell_their_addresses),
		cmocka_unit_test(xenstore_watch_brings_news),
		cmocka_unit_test(without_a_watch_the_list_is_polled),
		cmocka_unit_test(domids_are_used_again),
		cmocka_unit_test(names_that_do_not_tell),
		cmocka_unit_test(a_list_that_keeps_failing),
		cmocka_unit_test(a_list_without_dom0),
		cmocka_unit_test(an_endless_list),
		cmocka_unit_test(one_bad_list_is_passed_over),
		cmocka_unit_test(no_xl),
		cmocka_unit_test(not_root),
		cmocka_unit_test(list_timed_out),
		cmocka_unit_test(list_hangs),
		cmocka_unit_test(no_shell),
		cmocka_unit_test(sudo_for_single_tools),
		cmocka_unit_test(sudo_for_everything),
		cmocka_unit_test(sudo_for_nothing),
		cmocka_unit_test(sudo_not_wanted),
		cmocka_unit_test(login_scripts_print_things),
		cmocka_unit_test(one_session_only),
		cmocka_unit_test(details_hang),
		cmocka_unit_test(details_are_garbage),
		cmocka_unit_test(xentop_prints_garbage),
		cmocka_unit_test(xentop_fails),
		cmocka_unit_test(closing_ends_the_tools),
		cmocka_unit_test(a_broken_connection_ends_the_tools),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
