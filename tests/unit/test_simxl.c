/* What simulated hosts make of commands: in the words and with the exit codes of
 * real xl (seen on Xen 4.17), over the time that it takes. The commands are
 * those that core/command.c makes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/command.h"
#include "core/mem.h"
#include "core/request.h"
#include "tests/lib/simrig.h"

#define HOSTS "simulator = { seed = 3; hosts = (" \
	"{ name = \"a\"; memory = \"16 GiB\"; cpus = 4; }," \
	"{ name = \"b\"; memory = \"4 GiB\"; cpus = 4; } );" \
	"vms = ( { name = \"web\"; host = \"a\"; memory = \"2 GiB\";" \
	" vcpus = 2; }," \
	"{ name = \"db\"; host = \"a\"; memory = \"6 GiB\"; }," \
	"{ name = \"pv\"; host = \"a\"; type = \"pv\"; }," \
	"{ name = \"win\"; host = \"a\"; type = \"hvm\"; }," \
	"{ name = \"new\"; host = \"a\"; type = \"hvm\"; }," \
	"{ name = \"spare\"; host = \"b\"; dormant = true; } ); };"

static int
setup(void **state)
{
	struct simrig *g = x_calloc(1, sizeof *g);

	simrig_open(g, HOSTS);
	*state = g;
	return 0;
}

static int
teardown(void **state)
{
	simrig_close(*state);
	x_free(*state);
	return 0;
}

/* A request as a command, run: "0: what it printed". */
static const char *
request(struct simrig *g, struct request *r, int64_t ms)
{
	char id[32];
	struct simrig_run *run;
	struct command c;
	struct err err;
	struct run how;

	if (command_build(&c, &g->conf, r, &err) != 0)
		fail_msg("%s", err.msg);
	snprintf(id, sizeof id, "req-%zu", g->nruns);
	how = (struct run){
		.id = id,
		.host = r->host,
		.argv = (const char *const *)c.argv,
		.input = c.input,
		.input_len = c.input != NULL ? strlen(c.input) : 0,
		.domid = r->domid,
		.uuid = r->uuid,
	};
	assert_int_equal(g->r->ops->start(g->r, &how, g->now), 0);
	command_free(&c);
	request_free(r);
	run = simrig_run(g, id);
	for (; ms > 0 && !run->over; ms -= 50)
		simrig_pass(g, 50);
	if (!run->over || run->news.len == 0)
		return "it has not ended";
	buf_clear(&run->news);
	buf_printf(&run->news, "%d: %s", run->status, run->out.p);
	return run->news.p;
}

static struct request
about(struct simrig *g, enum request_op op, const char *vm, const char *arg)
{
	const struct simdom *d = simrig_dom(g, 0, vm);
	struct request r;

	request_init(&r, op);
	r.host = 0;
	r.name = x_strdup(vm);
	r.uuid = g->w->vms[simworld_vm(g->w, vm)].uuid;
	if (d != NULL)
		r.domid = d->domid;
	r.arg = x_strdup(arg);
	return r;
}

static void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no \"%s\" in: %s", part, text);
}

static const struct obs_dom *
seen(const struct simrig *g, uint32_t host, const char *name)
{
	for (size_t i = 0; i < g->obs[host].ndoms; i++)
		if (strcmp(g->obs[host].doms[i].name, name) == 0)
			return &g->obs[host].doms[i];
	return NULL;
}

/* --- Beginning and ending --------------------------------------------------- */

static void
it_is_created(void **state)
{
	struct simrig *g = *state;

	assert_string_equal(simrig_do(g, 1, "", "xl create -p "
	    "/etc/xen/spare.cfg", 9000), "0: Parsing config from "
	    "/etc/xen/spare.cfg\n");
	assert_true(simrig_dom(g, 1, "spare")->paused);
	assert_has(simrig_do(g, 1, "", "xl create /etc/xen/spare.cfg", 9000),
	    "3: Parsing config from /etc/xen/spare.cfg\nlibxl: error: "
	    "libxl_domain.c:81:libxl__domain_rename: Domain 2:Domain with name "
	    "\"spare\" already exists.\n");
	assert_string_equal(simrig_do(g, 1, "", "sudo -n xl create "
	    "/etc/xen/no.cfg", 9000), "3: Failed to read config file: "
	    "/etc/xen/no.cfg: No such file or directory\n");
	assert_has(simrig_do(g, 1, "", "xl create /etc/xen/db.cfg", 9000),
	    "can't allocate low memory for domain: Out of memory");
	/* Of what runs elsewhere it knows nothing, as Xen. */
	assert_has(simrig_do(g, 1, "", "xl create /etc/xen/web.cfg", 9000),
	    "0: ");
	assert_non_null(simrig_dom(g, 0, "web"));
	assert_non_null(simrig_dom(g, 1, "web"));
}

static void
it_is_shut_down(void **state)
{
	struct simrig *g = *state;
	char want[80];

	snprintf(want, sizeof want, "0: Shutting down domain %u\n",
	    simrig_dom(g, 0, "web")->domid);
	assert_string_equal(simrig_do(g, 0, "web", "xl shutdown $VM", 3000),
	    want);
	assert_non_null(simrig_dom(g, 0, "web")); /* heard is not done */
	simrig_pass(g, SIM_SHUTDOWN_MS);
	assert_null(simrig_dom(g, 0, "web"));
	simrig_dom(g, 0, "db")->paused = true;
	assert_string_equal(simrig_do(g, 0, "db", "xl shutdown $VM", 59000),
	    "it has not ended");
	simrig_pass(g, 3000);
	assert_has(simrig_run(g, "do-1")->out.p, "libxl: error: "
	    "libxl_domain.c:854:pvcontrol_cb: guest didn't acknowledge control "
	    "request: -9\nshutdown failed (rc=-9)\n");
	assert_int_equal(simrig_run(g, "do-1")->status, 1);
	g->w->vms[simworld_vm(g->w, "pv")].stubborn = true;
	assert_has(simrig_do(g, 0, "pv", "xl shutdown $VM", 3000), "0: ");
	simrig_pass(g, 60000);
	assert_non_null(simrig_dom(g, 0, "pv"));
}

static void
firmware_has_buttons(void **state)
{
	struct simrig *g = *state;

	g->w->vms[simworld_vm(g->w, "win")].seed |= 1;
	g->w->vms[simworld_vm(g->w, "new")].seed &= ~UINT64_C(1);
	assert_false(simdom_has_drivers(g->w, simrig_dom(g, 0, "win")));
	assert_true(simdom_has_drivers(g->w, simrig_dom(g, 0, "new")));
	assert_has(simrig_do(g, 0, "win", "xl shutdown $VM", 3000),
	    "shutdown failed (rc=-10)\n");
	assert_has(simrig_do(g, 0, "new", "xl shutdown $VM", 3000), "0: ");
	assert_has(simrig_do(g, 0, "win", "xl shutdown -F $VM", 3000),
	    "PV control interface not available: sending ACPI power button "
	    "event.\n");
	simrig_pass(g, SIM_SHUTDOWN_MS);
	assert_null(simrig_dom(g, 0, "win"));
	assert_null(simrig_dom(g, 0, "new"));
}

static void
it_reboots(void **state)
{
	struct simrig *g = *state;
	uint32_t domid = simrig_dom(g, 0, "web")->domid;

	assert_has(simrig_do(g, 0, "web", "xl reboot $VM", 3000),
	    "0: Rebooting domain ");
	simrig_pass(g, SIM_SHUTDOWN_MS + SIM_REBOOT_MS / 2);
	assert_null(simrig_dom(g, 0, "web"));
	simrig_pass(g, SIM_REBOOT_MS);
	assert_int_not_equal(simrig_dom(g, 0, "web")->domid, domid);
}

static void
pauses_count(void **state)
{
	struct simrig *g = *state;

	simrig_do(g, 0, "web", "xl pause $VM", 3000);
	simrig_do(g, 0, "web", "xl pause $VM", 3000);
	simrig_do(g, 0, "web", "xl unpause $VM", 3000);
	assert_true(simrig_dom(g, 0, "web")->paused);
	simrig_do(g, 0, "web", "xl unpause $VM", 3000);
	assert_false(simrig_dom(g, 0, "web")->paused);
	/* And what is not there is paused without a complaint. */
	assert_has(simrig_do(g, 0, "", "xl pause 77", 3000), "0: libxl: error");
	assert_string_equal(simrig_do(g, 0, "", "xl pause nosuch", 3000),
	    "1: nosuch is an invalid domain identifier (rc=-6)\n");
}

static void
it_is_destroyed(void **state)
{
	struct simrig *g = *state;

	assert_string_equal(simrig_do(g, 0, "web", "xl destroy $VM", 3000),
	    "0: ");
	assert_null(simrig_dom(g, 0, "web"));
	assert_has(simrig_do(g, 0, "", "xl destroy 0", 3000),
	    "1: Not destroying domain 0; use -f to force.\n");
	assert_has(simrig_do(g, 0, "", "xl destroy 99", 3000),
	    "Domain 99:Non-existant domain");
}

/* --- Settings ----------------------------------------------------------------- */

static void
memory_balloons(void **state)
{
	struct simrig *g = *state;
	struct request r = about(g, REQ_MEM_SET, "web", NULL);

	r.value = 1 << 20;
	assert_string_equal(request(g, &r, 3000), "0: ");
	assert_true(simrig_dom(g, 0, "web")->mem_kb > 1 << 20);
	simrig_pass(g, 10000);
	assert_int_equal(simrig_dom(g, 0, "web")->mem_kb, 1 << 20);
	assert_int_equal(seen(g, 0, "web")->mem_kb, 1 << 20);
	assert_int_equal(seen(g, 0, "web")->maxmem_kb, (1 << 20) + 1024);
	r = about(g, REQ_MEM_SET, "web", NULL);
	r.value = 4 << 20;
	assert_has(request(g, &r, 3000), "1: libxl: error: libxl_mem.c:278:");
	assert_int_equal(simrig_dom(g, 0, "web")->target_kb, 1 << 20);
}

static void
processors(void **state)
{
	struct simrig *g = *state;
	struct request r = about(g, REQ_VCPU_SET, "web", NULL);

	r.value = 1;
	assert_string_equal(request(g, &r, 3000), "0: ");
	simrig_pass(g, 2000);
	assert_int_equal(seen(g, 0, "web")->vcpus, 1);
	assert_int_equal(seen(g, 0, "web")->vcpus_max, 2);
	r = about(g, REQ_VCPU_SET, "web", NULL);
	r.value = 3;
	assert_has(request(g, &r, 3000), "Requested 3 VCPUs, however maxcpus "
	    "is 2!: Function not implemented\n");
	assert_has(simrig_do(g, 0, "web", "xl vcpu-set $VM 64", 3000),
	    "1: You are overcommmitting! You have 4 physical CPUs and want 64 "
	    "vCPUs!");
	r = about(g, REQ_VCPU_PIN, "web", "0-2,^1");
	r.value = -1;
	assert_string_equal(request(g, &r, 3000), "0: ");
	r = about(g, REQ_VCPU_PIN, "web", "4");
	r.value = 0;
	assert_has(request(g, &r, 3000), "1: ");
	r = about(g, REQ_SCHED, "web", NULL);
	r.value = 512;
	r.cap = 50;
	assert_string_equal(request(g, &r, 3000), "0: ");
	assert_int_equal(simrig_dom(g, 0, "web")->weight, 512);
	assert_int_equal(simrig_dom(g, 0, "web")->cap, 50);
}

static void
devices_come_and_go(void **state)
{
	struct simrig *g = *state;
	size_t disks = g->w->vms[simworld_vm(g->w, "web")].ndisks;
	struct request r = about(g, REQ_DISK_ATTACH, "web",
	    "phy:/dev/vgs/more,xvdf,r");

	assert_string_equal(request(g, &r, 3000), "0: ");
	simrig_pass(g, 2000);
	assert_int_equal(seen(g, 0, "web")->ndisks, disks + 1);
	assert_string_equal(seen(g, 0, "web")->disks[disks].target,
	    "/dev/vgs/more");
	assert_true(seen(g, 0, "web")->disks[disks].readonly);
	r = about(g, REQ_DISK_DETACH, "web", "xvdf");
	assert_string_equal(request(g, &r, 3000), "0: ");
	r = about(g, REQ_DISK_DETACH, "web", "xvdf");
	assert_string_equal(request(g, &r, 3000),
	    "1: Error: Device xvdf not connected.\n");
	r = about(g, REQ_NIC_ATTACH, "web",
	    "bridge=xenbr0,mac=00:16:3e:0a:0b:0c");
	assert_string_equal(request(g, &r, 3000), "0: ");
	simrig_pass(g, 2000);
	assert_int_equal(seen(g, 0, "web")->nnics, 2);
	assert_non_null(seen(g, 0, "web")->nics[0].ip);
	r = about(g, REQ_NIC_DETACH, "web", "00:16:3e:0a:0b:0c");
	assert_string_equal(request(g, &r, 3000), "0: ");
	r = about(g, REQ_NIC_ATTACH, "web", "bridge=nobr");
	assert_has(request(g, &r, 3000), "Could not find bridge device nobr");
	r = about(g, REQ_CD_INSERT, "win", "hdc");
	r.arg2 = x_strdup("/srv/a.iso");
	assert_string_equal(request(g, &r, 3000), "0: ");
	r = about(g, REQ_CD_EJECT, "win", "hdc");
	assert_string_equal(request(g, &r, 3000), "0: ");
	r = about(g, REQ_CD_EJECT, "web", "hdc");
	assert_has(request(g, &r, 3000), "1: ");
}

static void
renamed(void **state)
{
	struct simrig *g = *state;
	struct request r = about(g, REQ_RENAME, "web", "db");

	assert_has(request(g, &r, 3000), "1: libxl: error: libxl_domain.c:81:");
	r = about(g, REQ_RENAME, "web", "www");
	assert_string_equal(request(g, &r, 3000), "0: ");
	assert_non_null(simrig_dom(g, 0, "www"));
}

/* --- Saving -------------------------------------------------------------------- */

static void
saved_and_restored(void **state)
{
	struct simrig *g = *state;
	struct request r = about(g, REQ_SAVE, "web", "/srv/web.save");
	const char *text = request(g, &r, 30000);

	assert_has(text, "0: Saving to /srv/web.save new xl format");
	assert_has(text, "xc: progress: Frames: ");
	assert_null(simrig_dom(g, 0, "web"));
	r = about(g, REQ_SAVE, "db", "/srv/web.save");
	assert_string_equal(request(g, &r, 30000),
	    "1: /srv/web.save is there already\n");
	assert_non_null(simrig_dom(g, 0, "db"));
	r = about(g, REQ_RESTORE, "web", "/srv/web.save");
	assert_has(request(g, &r, 30000), "xc: info: Restore successful\n");
	assert_false(simrig_dom(g, 0, "web")->paused);
	r = about(g, REQ_RESTORE, "web", "/srv/web.save");
	assert_has(request(g, &r, 30000), "already exists");
	r = about(g, REQ_RESTORE, "web", "/srv/no.save");
	assert_string_equal(request(g, &r, 30000), "1: Can't open restore "
	    "file: No such file or directory\n");
	g->w->hosts[0].disk_full = true;
	r = about(g, REQ_SAVE, "db", "/srv/db.save");
	assert_has(request(g, &r, 30000), "No space left on device");
	assert_true(simdom_runs(simrig_dom(g, 0, "db")));
}

/* What xl save -c takes away is the xl that waits for the domain's end. */
static void
a_saved_one_is_alone(void **state)
{
	struct simrig *g = *state;
	struct request r = about(g, REQ_SAVE, "web", "/srv/web.save");

	r.flags |= REQUEST_LEAVE;
	assert_has(request(g, &r, 30000), "0: ");
	assert_true(simdom_runs(simrig_dom(g, 0, "web")));
	assert_has(simrig_do(g, 0, "web", "xl reboot $VM", 3000), "0: ");
	simrig_pass(g, 20000);
	assert_int_equal(simrig_dom(g, 0, "web")->reason, REASON_REBOOT);
	assert_int_equal(seen(g, 0, "web")->flags, DOM_SHUTDOWN);
	assert_string_equal(simrig_do(g, 0, "web", "xl destroy $VM", 3000),
	    "0: ");
}

static void
a_killed_save_leaves_it_suspended(void **state)
{
	struct simrig *g = *state;

	simrig_start(g, 0, "s", "db", "xl save $VM /srv/db.save");
	simrig_pass(g, 2000);
	g->r->ops->cancel(g->r, 0, "s");
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "s"), "started ended 143");
	assert_int_equal(simrig_dom(g, 0, "db")->reason, REASON_SUSPEND);
}

/* --- Migration ------------------------------------------------------------------ */

static const char *
migrate(struct simrig *g, const char *vm, unsigned flags)
{
	struct request r = about(g, REQ_MIGRATE, vm, "b");

	r.to = 1;
	r.flags = flags;
	return request(g, &r, 60000);
}

static void
it_moves(void **state)
{
	struct simrig *g = *state;
	const char *text = migrate(g, "web", REQUEST_PAUSED);

	assert_has(text, "0: migration target: Ready to receive domain.\n");
	assert_has(text, "xc: progress: Frames iteration 0: ");
	assert_has(text, "xc: progress: Frames iteration 1: ");
	assert_has(text, "Migration successful.\n");
	assert_null(simrig_dom(g, 0, "web"));
	assert_true(simrig_dom(g, 1, "web")->paused);
	assert_has(migrate(g, "pv", 0), "1: migration target: Ready to receive "
	    "domain.\n");
	assert_has(migrate(g, "pv", 0), "xc: error: Failed to enable logdirty: "
	    "95,22,0");
	assert_has(migrate(g, "db", 0), "Failed to populate physmap");
	assert_true(simdom_runs(simrig_dom(g, 0, "db")));
	assert_has(simrig_do(g, 0, "pv", "xl migrate $VM nosuch", 9000),
	    "1: ssh: Could not resolve hostname nosuch: Name or service not "
	    "known\n");
}

static void
it_breaks(void **state)
{
	struct simrig *g = *state;

	g->w->hosts[0].next_mig = SIMMIG_EMPTY;
	g->w->hosts[0].next_mig_pm = 300;
	assert_has(migrate(g, "web", 0), "Migration failed, resuming at "
	    "sender.\n");
	assert_true(simdom_runs(simrig_dom(g, 0, "web")));
	assert_int_equal(simrig_dom(g, 1, "web--incoming")->mem_kb, 0);
	assert_has(migrate(g, "web", 0), "Domain with name \"web--incoming\" "
	    "already exists.\n");
	simdom_remove(g->w, 1, simrig_dom(g, 1, "web--incoming"));
	g->w->hosts[0].next_mig = SIMMIG_BOTH;
	assert_has(migrate(g, "web", 0), "1: ");
	assert_true(simdom_runs(simrig_dom(g, 0, "web")));
	assert_true(simrig_dom(g, 1, "web--incoming")->mem_kb > 0);
	simdom_remove(g->w, 1, simrig_dom(g, 1, "web--incoming"));
	g->w->hosts[0].next_mig = SIMMIG_HANDSHAKE;
	assert_has(migrate(g, "web", 0), "** Migration failed during final "
	    "handshake **\n");
	assert_int_equal(simrig_dom(g, 0, "web--migratedaway")->reason,
	    REASON_SUSPEND);
	assert_true(simrig_dom(g, 1, "web--incoming")->paused);
}

static void
its_end_is_not_heard(void **state)
{
	struct simrig *g = *state;

	g->w->hosts[0].next_mig = SIMMIG_UNHEARD;
	assert_has(migrate(g, "web", 0), "Domain state is now undefined !");
	assert_non_null(simrig_dom(g, 0, "web--migratedaway"));
	assert_true(simdom_runs(simrig_dom(g, 1, "web")));
}

static void
its_name_is_taken(void **state)
{
	struct simrig *g = *state;

	assert_has(simrig_do(g, 1, "", "xl create -p /etc/xen/pv.cfg", 9000),
	    "0: ");
	simdom_rename(g->w, simrig_dom(g, 1, "pv"), "web", SIM_PLAIN);
	assert_has(migrate(g, "web", 0), "Migration failed due to problems at "
	    "target.\n");
	assert_true(simdom_runs(simrig_dom(g, 0, "web")));
}

/* --- Definitions ------------------------------------------------------------------ */

static struct request
definition(enum request_op op, const char *path, const char *text)
{
	struct request r;

	request_init(&r, op);
	r.host = 0;
	r.arg = x_strdup(path);
	r.body = x_strdup(text);
	return r;
}

static void
definitions(void **state)
{
	struct simrig *g = *state;
	struct request r = definition(REQ_DEF_CHECK, "/etc/xen/x.cfg",
	    "name = \"x\"\nmemory = [\n");

	assert_has(request(g, &r, 3000), "1: Parsing config from ");
	r = definition(REQ_DEF_CHECK, "/etc/xen/x.cfg", "memory = 64\n");
	assert_has(request(g, &r, 3000), "Domain name must be specified.\n");
	r = definition(REQ_DEF_CHECK, "/etc/xen/x.cfg",
	    "name = \"x\"\nmemory = 64\n");
	assert_has(request(g, &r, 3000), "0: ");
	assert_null(defs_at_path(g->w->hosts[0].defs, "/etc/xen/x.cfg"));
	r = definition(REQ_DEF_WRITE, "/etc/xen/x.cfg",
	    "name = \"x\"\nmemory = 64\ntype = \"pvh\"\n");
	assert_string_equal(request(g, &r, 3000), "0: ");
	assert_has(simrig_do(g, 0, "", "xl create /etc/xen/x.cfg", 9000),
	    "0: ");
	assert_int_equal(simrig_dom(g, 0, "x")->mem_kb, 64 << 10);
	simrig_pass(g, 2000);
	assert_non_null(seen(g, 0, "x"));
	/* An edit counts from the next start on; the old text stays. */
	r = definition(REQ_DEF_WRITE, "/etc/xen/x.cfg",
	    "name = \"x\"\nmemory = 128\ntype = \"pvh\"\n");
	assert_string_equal(request(g, &r, 3000), "0: ");
	assert_non_null(simhost_file(&g->w->hosts[0], "/etc/xen/x.cfg.~1~"));
	assert_int_equal(simrig_dom(g, 0, "x")->mem_kb, 64 << 10);
	simrig_do(g, 0, "x", "xl destroy $VM", 3000);
	simrig_do(g, 0, "", "xl create /etc/xen/x.cfg", 9000);
	assert_int_equal(simrig_dom(g, 0, "x")->mem_kb, 128 << 10);
}

/* The way in which core/probe.h asks. */
static const char *
probe(struct simrig *g, const char *mode, const char *question)
{
	const char *argv[] = { "sh", "-c", "...", "xendeck-probe", mode,
		question, NULL };
	struct run run = { .id = "probe", .argv = argv,
		.domid = REQUEST_NO_DOMID };
	struct simrig_run *r = simrig_run(g, "probe");

	g->r->ops->forget(g->r, 0, "probe");
	assert_int_equal(g->r->ops->start(g->r, &run, g->now), 0);
	simrig_pass(g, 2000);
	buf_clear(&r->news);
	buf_printf(&r->news, "%d: %s", r->status, r->out.p);
	return r->news.p;
}

static void
it_is_probed(void **state)
{
	struct simrig *g = *state;

	assert_has(probe(g, "tell", "disk - /dev/vgs/web"),
	    "0: xendeck-probe:disk:yes\t- /dev/vgs/web\tblock ");
	assert_string_equal(probe(g, "need", "disk - /dev/vgs/web"), "0: ");
	assert_has(probe(g, "need", "disk lvm:1 /dev/vgs/web"),
	    "1: lvm:1 /dev/vgs/web: is another volume: lvm:");
	assert_string_equal(probe(g, "tell", "bridge br7"), "0: xendeck-probe:"
	    "bridge:no\tbr7\tthere is no such bridge\n");
	assert_string_equal(probe(g, "tell", "ssh b"),
	    "0: xendeck-probe:ssh:yes\tb\t\n");
	assert_has(probe(g, "tell", "ssh nobody"), "ssh:no\tnobody\tssh: ");
	assert_has(probe(g, "tell", "cpu -"), "cpu:yes\t-\t178bf3ff:");
	assert_has(probe(g, "tell", "receiver -"), "receiver:yes\t");
	assert_has(simrig_do(g, 0, "", "lvchange -an vgs/web", 3000),
	    "5:   Logical volume vgs/web in use.\n");
	assert_string_equal(simrig_do(g, 1, "", "lvchange -an vgs/web", 3000),
	    "0: ");
	assert_has(migrate(g, "web", 0), "Disk vdev=xvda failed to stat: "
	    "/dev/vgs/web: No such file or directory\n");
	assert_has(simrig_do(g, 1, "", "xl create /etc/xen/web.cfg", 9000),
	    "3: Parsing config from /etc/xen/web.cfg\nlibxl: error: "
	    "libxl_device.c:455:");
	assert_string_equal(simrig_do(g, 1, "", "lvchange -ay vgs/web", 3000),
	    "0: ");
	assert_has(migrate(g, "web", 0), "Migration successful.\n");
}

static void
what_is_not_known_fails(void **state)
{
	struct simrig *g = *state;

	assert_has(simrig_do(g, 0, "", "xl suspend 1", 3000), "127: ");
	assert_has(simrig_do(g, 0, "", "rm -rf /", 3000), "127: rm: command "
	    "not found\n");
	assert_has(simrig_do(g, 0, "", "sh -c true a b", 3000), "127: ");
	assert_has(simrig_do(g, 0, "", "xl", 3000), "127: ");
	assert_has(simrig_do(g, 0, "", "xl shutdown --all 1", 3000), "2: ");
	assert_has(simrig_do(g, 0, "", "xl destroy", 3000), "2: 'xl destroy' "
	    "requires at least 1 argument.\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_is_created),
		TEST(it_is_shut_down),
		TEST(firmware_has_buttons),
		TEST(it_reboots),
		TEST(pauses_count),
		TEST(it_is_destroyed),
		TEST(memory_balloons),
		TEST(processors),
		TEST(devices_come_and_go),
		TEST(renamed),
		TEST(saved_and_restored),
		TEST(a_saved_one_is_alone),
		TEST(a_killed_save_leaves_it_suspended),
		TEST(it_moves),
		TEST(it_breaks),
		TEST(its_end_is_not_heard),
		TEST(its_name_is_taken),
		TEST(definitions),
		TEST(it_is_probed),
		TEST(what_is_not_known_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
