/* Where a VM can go and why not, what is done to take it there, and what a
 * broken migration left: each case is a world with one thing different, and
 * what xendeck says of it stands in tests/unit/golden, to be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "core/migrate.h"
#include "core/repair.h"
#include "tests/lib/golden.h"
#include "tests/lib/world.h"

/* web1, UUID 1, is domain 5 of h0, a PVH guest of 1 GiB with a disk and a
 * bridge; h1 and h2 are in its cluster and could take it. */
struct stage {
	struct world w;
	struct obs_disk disk;
	struct obs_nic nic;
	struct obs_dom *web1;
	struct probes probes;
	struct action a;
};

static void
say(struct stage *s, uint32_t host, const char *line)
{
	char *text = x_asprintf("xendeck-probe:%s\n", line);

	assert_int_equal(probes_add(&s->probes, host, text, strlen(text),
	    s->w.now), 1);
	x_free(text);
}

static void
open_stage(struct stage *s)
{
	*s = (struct stage){ .disk = { .vdev = "xvda",
		.target = "/dev/vg/web1" }, .nic = { .bridge = "xenbr0" } };
	world_init(&s->w, 1, 3);
	s->web1 = world_dom(&s->w, 0, 5, 1, "web1");
	s->web1->disks = &s->disk;
	s->web1->ndisks = 1;
	s->web1->nics = &s->nic;
	s->web1->nnics = 1;
	for (uint32_t i = 0; i < 3; i++) {
		s->w.obs[i].host.virt_caps = "pv hvm hap";
		s->w.obs[i].host.boot_id = "boot-1";
		world_def(&s->w, i, "web1");
	}
	probes_init(&s->probes);
	for (uint32_t i = 0; i < 3; i++) {
		say(s, i, "disk:yes\t- /dev/vg/web1\tblock 1024 lvm:aaa");
		say(s, i, "bridge:yes\txenbr0\t");
		say(s, i, "cpu:yes\t-\t0fcbf3fd:f6d8320b:e4500800");
		say(s, 0, i == 1 ? "ssh:yes\th1\t" : "ssh:yes\th2\t");
	}
	action_init(&s->a, ACTION_MIGRATE, MODEL_NONE);
}

static void
send_all(struct stage *s)
{
	for (uint32_t i = 0; i < 3; i++)
		world_send(&s->w, i);
}

/* After the world has been set: the model, and the VM that is meant. */
static void
settle(struct stage *s)
{
	struct uuid uuid = world_uuid(1);

	send_all(s);
	world_pass(&s->w, 2000);
	send_all(s);
	s->a.vm = model_find_vm(s->w.model, 0, &uuid, "web1")->id;
	s->a.probes = &s->probes;
}

static void
close_stage(struct stage *s)
{
	s->web1->disks = NULL;
	s->web1->nics = NULL;
	probes_free(&s->probes);
	world_free(&s->w);
}

/* --- Preflight, to be read ----------------------------------------------------- */

#define CASE(name) static void name(struct stage *s)

CASE(nothing_in_the_way) { (void)s; }
CASE(not_asked_yet) { probes_free(&s->probes); }
CASE(h1_is_its_home)
{
	struct conf_vm *v = conf_add_vm(&s->w.conf);

	v->match = x_strdup("web1");
	v->home = x_strdup("h1");
}
CASE(its_like_run_on_h1) { world_dom(&s->w, 1, 9, 9, "web2"); }
CASE(h1_is_full) { s->w.obs[1].host.free_kb = 900 * 1024; }
CASE(h1_is_reserved)
{
	s->w.conf.hosts[1].reserve_kb = 32 * 1024 * 1024;
}
CASE(name_is_taken_on_h1) { world_dom(&s->w, 1, 9, 9, "web1"); }
CASE(definition_absent_on_h1) { world_undef(&s->w, 1, "web1"); }
CASE(cold_definition_absent_on_h1)
{
	s->a.kind = ACTION_MOVE;
	world_undef(&s->w, 1, "web1");
}
CASE(cold_no_definition_anywhere)
{
	s->a.kind = ACTION_MOVE;
	for (uint32_t i = 0; i < 3; i++)
		world_undef(&s->w, i, "web1");
}
CASE(cold) { s->a.kind = ACTION_MOVE; }
CASE(disk_absent_on_h1)
{
	say(s, 1, "disk:no\t- /dev/vg/web1\tis not there");
}
CASE(disk_inactive_on_h1)
{
	say(s, 1, "disk:no\t- /dev/vg/web1\tinactive lvm:aaa");
	s->a.to = 1;
}
CASE(cold_disk_inactive_on_h1)
{
	disk_inactive_on_h1(s);
	s->a.kind = ACTION_MOVE;
}
CASE(disk_is_another_on_h1)
{
	say(s, 1, "disk:yes\t- /dev/vg/web1\tblock 1024 lvm:bbb");
}
CASE(inactive_disk_is_another_on_h1)
{
	say(s, 1, "disk:no\t- /dev/vg/web1\tinactive lvm:bbb");
}
CASE(disk_is_a_local_file)
{
	for (uint32_t i = 0; i < 3; i++)
		say(s, i, "disk:yes\t- /dev/vg/web1\tfile 1024 local:");
}
CASE(disk_of_unknown_identity)
{
	for (uint32_t i = 0; i < 3; i++)
		say(s, i, "disk:yes\t- /dev/vg/web1\tblock 1024 ");
}
CASE(bridge_absent_on_h1)
{
	say(s, 1, "bridge:no\txenbr0\tthere is no such bridge");
}
CASE(xen_is_older_on_h1) { s->w.obs[1].host.xen_version = "4.9.1"; }
CASE(processors_differ_on_h1)
{
	say(s, 1, "cpu:yes\t-\t0fcbf3fd:f6d83200:e4500800");
}
CASE(cold_processors_differ_on_h1)
{
	processors_differ_on_h1(s);
	s->a.kind = ACTION_MOVE;
}
CASE(h1_has_no_hvm) { s->w.obs[1].host.virt_caps = "pv"; }
CASE(pv_without_shadow) { s->web1->type = VM_TYPE_PV; }
CASE(pv_shadow_on_the_source_only)
{
	s->web1->type = VM_TYPE_PV;
	s->w.obs[0].host.virt_caps = "pv hvm shadow";
	s->w.obs[2].host.virt_caps = "shadow pv";
}
CASE(cold_pv)
{
	s->web1->type = VM_TYPE_PV;
	s->a.kind = ACTION_MOVE;
}
CASE(no_key_on_h1)
{
	say(s, 0, "ssh:no\th1\troot@h1: Permission denied (publickey).");
}
CASE(no_host_key_of_h1)
{
	say(s, 0, "ssh:no\th1\tHost key verification failed.");
}
CASE(h1_by_its_own_network)
{
	s->w.conf.hosts[1].migration_address = x_strdup("10.9.0.2");
	say(s, 0, "ssh:yes\t10.9.0.2\t");
	s->a.to = 1;
}
CASE(paused) { s->web1->flags = DOM_PAUSED; }
CASE(crashed)
{
	s->web1->flags = DOM_SHUTDOWN;
	s->web1->reason = REASON_CRASH;
}
CASE(is_on_its_way) { world_dom(&s->w, 1, 7, 1, "web1--incoming")->flags =
	DOM_PAUSED; }
CASE(runs_twice) { world_dom(&s->w, 1, 7, 1, "web1"); }
CASE(read_only) { s->w.conf.clusters[0].read_only = true; }
CASE(handed_over_by_xl)
{
	s->w.conf.clusters[0].handover = HANDOVER_XL;
}
CASE(to_where_it_is) { s->a.to = 0; }
CASE(nowhere)
{
	h1_is_full(s);
	say(s, 2, "bridge:no\txenbr0\tthere is no such bridge");
}

static const struct {
	const char *name;
	void (*set)(struct stage *s);
} cases[] = {
#define C(name) { #name, name }
	C(nothing_in_the_way), C(not_asked_yet), C(h1_is_its_home),
	C(its_like_run_on_h1), C(h1_is_full), C(h1_is_reserved),
	C(name_is_taken_on_h1), C(definition_absent_on_h1),
	C(cold_definition_absent_on_h1), C(cold_no_definition_anywhere),
	C(cold), C(disk_absent_on_h1), C(disk_inactive_on_h1),
	C(cold_disk_inactive_on_h1), C(disk_is_another_on_h1),
	C(inactive_disk_is_another_on_h1), C(disk_is_a_local_file),
	C(disk_of_unknown_identity), C(bridge_absent_on_h1),
	C(xen_is_older_on_h1), C(processors_differ_on_h1),
	C(cold_processors_differ_on_h1), C(h1_has_no_hvm),
	C(pv_without_shadow), C(pv_shadow_on_the_source_only), C(cold_pv),
	C(no_key_on_h1), C(no_host_key_of_h1), C(h1_by_its_own_network),
	C(paused), C(crashed), C(is_on_its_way), C(runs_twice), C(read_only),
	C(handed_over_by_xl), C(to_where_it_is), C(nowhere),
};

/* The step in few words: the scripts would drown it. */
static void
put_plan(struct buf *out, const struct stage *s)
{
	struct plan p;
	struct err err;

	plan_init(&p);
	if (migrate_plan(&p, &s->a, s->w.model, &err) != 0)
		buf_printf(out, "=> exit %d: %s\n", err.kind, err.msg);
	for (size_t i = 0; i < p.n; i++) {
		const struct request *r = &p.steps[i].req;

		buf_printf(out, "=> %zu %s: %s", i + 1,
		    s->w.conf.hosts[r->host].name, request_op_name(r->op));
		for (const char *c = r->arg; c != NULL && *c != '\0'; c++)
			buf_printf(out, "%s%c", c == r->arg ? " (" : "",
			    *c == '\n' ? ';' : *c);
		buf_puts(out, r->arg != NULL ? ")" : "");
		if ((r->flags & REQUEST_PAUSED) != 0)
			buf_puts(out, " paused");
		for (size_t k = 0; k < p.steps[i].nafter; k++)
			buf_printf(out, "%s%u", k == 0 ? " after " : ", ",
			    p.steps[i].after[k] + 1);
		buf_printf(out, "%s%s\n", p.steps[i].why != NULL ? "  # " : "",
		    p.steps[i].why != NULL ? p.steps[i].why : "");
	}
	plan_free(&p);
}

static void
preflight_reads_well(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 256 * 1024);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct migrate_targets t;
		struct stage s;

		open_stage(&s);
		cases[i].set(&s);
		settle(&s);
		buf_printf(&out, "%s## %s\n", i > 0 ? "\n" : "",
		    cases[i].name);
		migrate_targets(&t, &s.a, s.w.model);
		migrate_text(&out, &t, &s.a, s.w.model);
		put_plan(&out, &s);
		migrate_targets_free(&t);
		close_stage(&s);
	}
	golden_compare("tests/unit/golden/preflight.txt", out.p);
	buf_free(&out);
}

/* --- Repair --------------------------------------------------------------------- */

enum { PLAIN_RUNS = 1, PLAIN_SLEEPS, PLAIN_PAUSED, PLAIN_STATES };
enum { OTHER_HELD = 1, OTHER_LOOSE, OTHER_STATES };

static void
put_copy(struct stage *s, uint32_t host, uint32_t domid, const char *name,
    int sleeps, int paused)
{
	struct obs_dom *d = world_dom(&s->w, host, domid, 1, name);

	d->flags = sleeps ? DOM_SHUTDOWN : paused ? DOM_PAUSED : DOM_BLOCKED;
	d->reason = sleeps ? REASON_SUSPEND : REASON_NONE;
}

/* All that can be left, on real hosts and by mistake. */
static void
put_world(struct stage *s, int plain, int incoming, int away)
{
	world_undom(&s->w, 0, 5);
	if (plain != 0)
		put_copy(s, away != 0 ? 1 : 0, 5, "web1",
		    plain == PLAIN_SLEEPS, plain == PLAIN_PAUSED);
	if (incoming != 0)
		put_copy(s, 1, 7, "web1--incoming", 0, incoming == OTHER_HELD);
	if (away != 0)
		put_copy(s, 0, 5, "web1--migratedaway", away == OTHER_HELD, 0);
}

static void
repair_reads_well(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 256 * 1024);
	for (int i = 1; i < PLAIN_STATES * OTHER_STATES * OTHER_STATES; i++) {
		int plain = i % PLAIN_STATES;
		int incoming = i / PLAIN_STATES % OTHER_STATES;
		int away = i / PLAIN_STATES / OTHER_STATES;
		static const char *const plains[] = { "no web1", "web1 runs",
			"web1 suspended", "web1 paused" };
		static const char *const others[] = { "no", "held", "running" };
		char says[512];
		struct stage s;

		open_stage(&s);
		put_world(&s, plain, incoming, away);
		s.a.kind = ACTION_REPAIR;
		settle(&s);
		world_pass(&s.w, 40000);
		send_all(&s);
		buf_printf(&out, "## %s, %s --incoming, %s --migratedaway\n",
		    plains[plain], others[incoming], others[away]);
		if (repair_needed(says, sizeof says,
		    model_vm(s.w.model, s.a.vm), s.w.model))
			buf_printf(&out, "%s\n", says);
		put_plan(&out, &s);
		buf_puts(&out, "\n");
		s.web1 = &s.w.obs[0].doms[0];
		close_stage(&s);
	}
	golden_compare("tests/unit/golden/repair.txt", out.p);
	buf_free(&out);
}

/* A host that says nothing may have any copy. */
static void
silence_repairs_nothing(void **state)
{
	struct plan p;
	struct err err;
	struct stage s;

	(void)state;
	open_stage(&s);
	put_world(&s, 0, OTHER_HELD, 0);
	s.a.kind = ACTION_REPAIR;
	settle(&s);
	world_link(&s.w, 2, LINK_DOWN, "no route");
	plan_init(&p);
	assert_int_equal(migrate_plan(&p, &s.a, s.w.model, &err), -1);
	assert_int_equal(err.kind, ERR_UNREACHABLE);
	assert_non_null(strstr(err.msg, "h2"));
	plan_free(&p);
	s.web1 = &s.w.obs[0].doms[0];
	close_stage(&s);
}

/* --- Answers of a host ------------------------------------------------------------ */

static void
answers_are_strangers(void **state)
{
	static const char text[] =
	    "Welcome to h1!\n"
	    "xendeck-probe:disk:yes\t- /dev/a\tblock 1 lvm:x\n"
	    "xendeck-probe:disk:maybe\t- /dev/b\tblock 1 lvm:x\n"
	    "xendeck-probe:moon:yes\t- /dev/b\tblock 1 lvm:x\n"
	    "xendeck-probe:disk:yes\t- /dev/\033[2J\tx\n"
	    "xendeck-probe:bridge:no\tbr0\tevil \033[2J text\n"
	    "xendeck-probe:bridge:yes\tcut";
	struct probes p;

	(void)state;
	probes_init(&p);
	assert_int_equal(probes_add(&p, 1, text, sizeof text - 1, MONO_ZERO),
	    2);
	assert_string_equal(probe_disk_id(probes_find(&p, 1, PROBE_DISK,
	    "- /dev/a")), "lvm:x");
	assert_null(probes_find(&p, 0, PROBE_DISK, "- /dev/a"));
	assert_null(strchr(probes_find(&p, 1, PROBE_BRIDGE, "br0")->text,
	    '\033'));
	probes_free(&p);
}

static void
questions_are_checked(void **state)
{
	static const char *const bad[] = { "-o", "a b", "$(reboot)", "a;b",
		"" };
	struct buf out;
	struct err err;

	(void)state;
	buf_init(&out, 4096);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(probe_line(&out, PROBE_SSH, bad[i], &err),
		    -1);
	assert_int_equal(probe_line(&out, PROBE_DISK, "/dev/a", &err), -1);
	assert_int_equal(probe_line(&out, PROBE_DISK, "- /dev/a b", &err), 0);
	assert_int_equal(probe_line(&out, PROBE_BRIDGE, "br0", &err), 0);
	assert_string_equal(out.p, "disk - /dev/a b\nbridge br0");
	buf_free(&out);
}

#define T(f) cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(preflight_reads_well),
		T(repair_reads_well),
		T(silence_repairs_nothing),
		T(answers_are_strangers),
		T(questions_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
