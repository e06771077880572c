/* Jobs on the simulator, under random faults: links that break, hosts that die
 * and come back, commands that hang and answers that get lost, migrations that
 * break in every way, guests that do not listen, a journal that fails, consoles
 * that die and are followed by others. Whatever happens:
 *
 *  - no VM ever runs twice,
 *  - every job ends,
 *  - every outcome is true: done only when it happened, failed only when not.
 *
 * JOBS_WORLD=N plays N schedules, JOBS_WORLD_SEED=N begins with another one;
 * JOBS_WORLD_VERBOSE=1 tells what happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/sim.h"
#include "backends/simgen.h"
#include "backends/siminside.h"
#include "backends/simproc.h"
#include "backends/simrun.h"
#include "core/action.h"
#include "core/conf_check.h"
#include "core/mem.h"
#include "core/prng.h"
#include "core/repair.h"
#include "core/safety.h"
#include "tests/lib/deskjournal.h"

enum {
	SCHEDULES = 300,
	PLAY_MS = 8 * 60 * 1000,       /* in which things go wrong */
	END_MS = 4 * 60 * 60 * 1000,   /* by when all must have ended */
	REFRESH_MS = 2000,
	SEEN_MAX = 4096,
};

static const int64_t wall0 = INT64_C(1700000000000);

/* A step that was found over, and how. */
struct seen {
	char key[48];
	size_t step;
	enum step_state state;
	bool firm; /* the journal has it */
};

struct env {
	uint64_t seed;
	struct conf conf;
	struct backend *b;
	struct simworld *w;
	struct model *m;
	struct runner *r;
	struct jobs *jobs;
	struct deskjournal *journal;
	int consoles;
	struct mono now, full_until;
	bool was_full;          /* the journal: it may lack outcomes */
	struct prng rng;
	bool calm;              /* no faults */
	bool bare;              /* nobody plans by actions */
	size_t actions[ACTION_COUNT], mended;
	bool verbose;
	struct seen *seen;
	size_t nseen;
	size_t ends[STEP_STATES];
};

static uint32_t
below(struct env *e, uint32_t n)
{
	return prng_below(&e->rng, n);
}

static int64_t
wall(const struct env *e)
{
	return wall0 + e->now.ns / 1000000;
}

static void
say(const struct env *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
say(const struct env *e, const char *fmt, ...)
{
	va_list ap;

	if (!e->verbose)
		return;
	va_start(ap, fmt);
	fprintf(stderr, "%8.1f ", (double)(e->now.ns / 1000000) / 1000.0);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, "\n");
	va_end(ap);
}

#define CHECK(e, cond, ...) do { \
	if (!(cond)) { \
		print_error("JOBS_WORLD_SEED=%llu at %lld s: ", \
		    (unsigned long long)(e)->seed, \
		    (long long)((e)->now.ns / 1000000000)); \
		print_error(__VA_ARGS__); \
		print_error("\n"); \
		fail(); \
	} \
} while (0)

/* --- A console --------------------------------------------------------------- */

static void
on_event(void *arg, const struct event *ev)
{
	struct env *e = arg;

	model_apply(e->m, ev);
}

static void
on_news(void *arg, const struct run_news *n)
{
	struct env *e = arg;

	if (n->what != RUN_OUTPUT)
		say(e, "  news %s %s %d %s", n->id, run_what_name(n->what),
		    n->status, n->why != NULL ? n->why : "");
	jobs_news(e->jobs, n, e->now, wall(e));
}

static void
open_console(struct env *e)
{
	struct run_sink sink = { on_news, e };
	char key[24];

	snprintf(key, sizeof key, "c%d", ++e->consoles);
	e->jobs = jobs_new(&e->conf, key);
	e->r = simrun_new(e->b, &sink);
}

static void
crash_console(struct env *e)
{
	say(e, "CONSOLE %d dies", e->consoles);
	deskjournal_crash(e->journal,
	    below(e, 1 + (uint32_t)deskjournal_pending(e->journal)));
	e->r->ops->free(e->r);
	jobs_free(e->jobs);
	model_free(e->m);
	e->m = model_new(&e->conf);
	open_console(e);
	for (uint32_t i = 0; i < e->w->nhosts; i++)
		simlinks_hang_up(sim_links(e->b), i);
	deskjournal_adopt(e->journal, e->jobs, e->now);
}

static const char *
try_effect(struct env *e, const struct job_effect *f)
{
	struct runner *r = e->r;
	int rc = 0;

	if (f->type == JOB_START)
		rc = r->ops->start(r, &f->run, e->now);
	else if (f->type == JOB_ATTACH)
		rc = r->ops->attach(r, f->run.host, f->run.id,
		    f->run.boot_id, e->now);
	else if (f->type == JOB_CANCEL)
		rc = r->ops->cancel(r, f->run.host, f->run.id);
	else if (f->type == JOB_FORGET)
		r->ops->forget(r, f->run.host, f->run.id);
	return rc == 0 ? NULL : "not connected";
}

static void
take_effects(struct env *e)
{
	static const char *const names[] = {
		[JOB_START] = "start", [JOB_ATTACH] = "attach",
		[JOB_CANCEL] = "cancel", [JOB_FORGET] = "forget",
	};
	struct job_effect f;
	const char *why;

	while (jobs_take(e->jobs, &f)) {
		if (f.type == JOB_WRITE) {
			deskjournal_take(e->journal, &f, mono_add_ms(e->now,
			    below(e, 4) == 0 ? below(e, 3000) : 0));
			continue;
		}
		if (f.type == JOB_TELL) {
			say(e, "  TELL %s", f.text);
			continue;
		}
		why = try_effect(e, &f);
		say(e, "  %s %s host %u: %s", names[f.type], f.run.id,
		    f.run.host, why != NULL ? why : "ok");
		if (why != NULL)
			jobs_not_started(e->jobs, &f, why, e->now);
	}
}

/* --- What must hold ------------------------------------------------------------ */

static void
check_single(struct env *e)
{
	for (uint32_t vm = 0; vm < e->w->nvms; vm++) {
		size_t running = 0;

		for (size_t h = 0; h < e->w->nhosts; h++)
			for (size_t k = 0; k < e->w->hosts[h].ndoms; k++) {
				const struct simdom *d =
				    &e->w->hosts[h].doms[k];

				running += d->vm == vm && simdom_runs(d);
			}
		CHECK(e, running <= 1, "%s runs %zu times",
		    e->w->vms[vm].conf->name, running);
	}
}

/* The domain that a request was about, if its host has not been rebooted. */
static const struct simdom *
dom_of(struct env *e, const struct request *r, bool *same_boot)
{
	struct simhost *h = &e->w->hosts[sim_host(e->b, r->host)];
	char boot[UUID_STR];

	simworld_boot_id(h, boot);
	*same_boot = h->power == SIM_POWER_ON && r->boot_id != NULL &&
	    strcmp(boot, r->boot_id) == 0;
	return *same_boot ? simdom_at(h, r->domid) : NULL;
}

static size_t
count_on(struct env *e, uint32_t conf_host, const struct uuid *uuid,
    bool only_plain)
{
	const struct simhost *h = &e->w->hosts[sim_host(e->b, conf_host)];
	size_t n = 0;

	for (size_t i = 0; i < h->ndoms; i++)
		n += h->doms[i].vm != SIM_NONE &&
		    (!only_plain || h->doms[i].role == SIM_PLAIN) &&
		    uuid_cmp(&e->w->vms[h->doms[i].vm].uuid, uuid) == 0;
	return n;
}

static bool
did_happen(struct env *e, const struct request *r, bool *can_tell)
{
	bool same_boot;
	const struct simdom *d = dom_of(e, r, &same_boot);

	*can_tell = same_boot;
	switch ((int)r->op) {
	case REQ_START:
	case REQ_RESTORE:
		return count_on(e, r->host, &r->uuid, true) > 0;
	case REQ_SHUTDOWN:
		return d == NULL || d->reason == REASON_POWEROFF;
	case REQ_REBOOT:
	case REQ_DESTROY:
	case REQ_SAVE:
		return d == NULL;
	case REQ_PAUSE:
		/* One that crashed since is not paused any more. */
		return d != NULL && (d->paused || d->reason == REASON_CRASH);
	case REQ_UNPAUSE:
		return d != NULL && !d->paused;
	case REQ_MEM_SET:
		return d != NULL && d->target_kb == r->value;
	case REQ_MIGRATE:
		*can_tell = same_boot &&
		    e->w->hosts[sim_host(e->b, r->to)].power == SIM_POWER_ON;
		return d == NULL && count_on(e, r->to, &r->uuid, true) > 0;
	default:
		*can_tell = false;
		return false;
	}
}

/* Whether nothing of it happened: not the contrary of the above, for a thing may
 * be half done, and then it is neither. */
static bool
did_not_happen(struct env *e, const struct request *r)
{
	bool same_boot;
	const struct simdom *d = dom_of(e, r, &same_boot);

	switch ((int)r->op) {
	case REQ_START:
	case REQ_RESTORE:
		return count_on(e, r->host, &r->uuid, false) == 0;
	case REQ_MIGRATE:
		return d != NULL && d->role == SIM_PLAIN &&
		    d->reason != REASON_SUSPEND &&
		    count_on(e, r->to, &r->uuid, false) == 0;
	default:
		return !did_happen(e, r, &same_boot);
	}
}

static bool
has_begun(struct env *e, const struct job_step *s)
{
	const struct simproc *p = simprocs_find(simprocs_of(e->b),
	    sim_host(e->b, s->plan.req.host), s->run_id);

	return p != NULL && p->state != SIMPROC_NEVER;
}

/* That a step was refused before it began says nothing of the world. */
static void
check_outcome(struct env *e, const struct job *job, size_t i)
{
	const struct job_step *s = &job->steps[i];
	const struct request *r = &s->plan.req;
	bool can_tell, yes = did_happen(e, r, &can_tell);
	char text[160];

	request_text(text, sizeof text, r);
	say(e, "  %s step %zu (%s on %u): %s, %s [%s]", job->key, i + 1, text,
	    r->host, step_state_name(s->state),
	    s->outcome != NULL ? s->outcome : "",
	    !can_tell ? "cannot tell" : yes ? "it did" : "it did not");
	if (!can_tell || s->run_id[0] == '\0')
		return;
	if (s->state == STEP_DONE)
		CHECK(e, yes, "%s step %zu, %s on %s, is said to be done: %s",
		    job->key, i + 1, text, e->conf.hosts[r->host].name,
		    s->outcome);
	if (s->state == STEP_FAILED && has_begun(e, s))
		CHECK(e, did_not_happen(e, r), "%s step %zu, %s on %s, is said "
		    "to have failed: %s", job->key, i + 1, text,
		    e->conf.hosts[r->host].name, s->outcome);
}

/* The outcome counts from the moment when it is settled; the journal has it a
 * while later. */
static enum step_state
outcome_of(const struct job_step *s)
{
	return s->state == STEP_ENDING ? s->result : s->state;
}

static bool
is_new(struct env *e, const struct job *job, size_t step,
    enum step_state state, bool firm)
{
	struct seen *at = NULL;

	for (size_t i = 0; i < e->nseen && at == NULL; i++)
		if (e->seen[i].step == step &&
		    strcmp(e->seen[i].key, job->key) == 0)
			at = &e->seen[i];
	if (at != NULL && at->state == state) {
		at->firm = at->firm || firm;
		return false;
	}
	if (at == NULL) {
		assert_true(e->nseen < SEEN_MAX);
		at = &e->seen[e->nseen++];
		snprintf(at->key, sizeof at->key, "%s", job->key);
		at->step = step;
	} else {
		/* Only what nobody knew is ever told anew, or what a console
		 * did not live to write down. */
		CHECK(e, at->state == STEP_UNKNOWN || !at->firm, "%s step %zu was %s and "
		    "is %s", job->key, step + 1, step_state_name(at->state),
		    step_state_name(state));
		e->ends[at->state]--;
	}
	at->state = state;
	at->firm = firm;
	e->ends[state]++;
	return true;
}

static void
check_outcomes(struct env *e)
{
	for (size_t k = 0; k < jobs_count(e->jobs); k++) {
		const struct job *job = jobs_at(e->jobs, k);

		for (size_t i = 0; i < job->nsteps; i++) {
			struct job_step *s = &job->steps[i];
			enum step_state state = outcome_of(s), was = s->state;

			if (state < STEP_DONE || !is_new(e, job, i, state,
			    state == was && !e->was_full))
				continue;
			s->state = state;
			check_outcome(e, job, i);
			s->state = was;
		}
	}
}

static void
turn(struct env *e, int64_t ms)
{
	struct mono next = MONO_NEVER;

	e->now = mono_add_ms(e->now, ms);
	e->b->ops->postpoll(e->b, NULL, e->now, wall(e));
	model_tick(e->m, e->now, wall(e), &next);
	deskjournal_turn(e->journal, e->jobs, e->now,
	    mono_before(e->now, e->full_until) ? "disk full" : NULL);
	jobs_turn(e->jobs, e->m, e->now, wall(e), &next);
	check_outcomes(e);
	take_effects(e);
	check_single(e);
}

/* --- What operators want ------------------------------------------------------- */

static void
about(struct env *e, struct request *r, enum request_op op, uint32_t host,
    const struct vm *vm)
{
	const struct host *h = model_host(e->m, host);

	request_init(r, op);
	r->host = host;
	r->cluster = vm->cluster;
	r->uuid = vm->uuid;
	r->name = x_strdup(vm->name);
	r->boot_id = x_strdup(h->facts.boot_id);
	if (op == REQ_START)
		r->arg = x_asprintf("/etc/xen/%s.cfg", vm->name);
	for (size_t i = 0; i < vm->ncopies && op != REQ_START &&
	    op != REQ_RESTORE; i++)
		if (vm->copies[i].host == host)
			r->domid = vm->copies[i].domid;
}

static uint32_t
any_host(struct env *e, uint32_t cluster)
{
	uint32_t host;

	do
		host = below(e, (uint32_t)e->conf.nhosts);
	while (e->conf.hosts[host].cluster != cluster);
	return host;
}

static void
plan_dormant(struct env *e, struct plan *p, const struct vm *vm)
{
	struct request r;

	about(e, &r, REQ_START, any_host(e, vm->cluster), vm);
	if (below(e, 5) == 0)
		r.flags |= REQUEST_PAUSED;
	plan_add(p, &r, NULL);
}

static void
plan_move(struct env *e, struct plan *p, const struct vm *vm, uint32_t host)
{
	uint32_t to = any_host(e, vm->cluster), at;
	bool live = below(e, 4) != 0;
	struct request r;

	about(e, &r, live ? REQ_MIGRATE : REQ_SHUTDOWN, host, vm);
	if (live) {
		r.to = to;
		r.arg = x_strdup(e->conf.hosts[to].name);
		if (below(e, 2) == 0)
			r.flags |= REQUEST_PAUSED;
	} else {
		r.flags |= REQUEST_FALLBACK;
	}
	if (!live || (r.flags & REQUEST_PAUSED) != 0) {
		plan_add(p, &r, NULL);
		about(e, &r, live ? REQ_UNPAUSE : REQ_START, to, vm);
		if (live)
			r.domid = REQUEST_NO_DOMID;
		at = plan_add(p, &r, NULL);
		plan_after(p, at, 0);
		return;
	}
	plan_add(p, &r, NULL);
}

static void
plan_save(struct env *e, struct plan *p, const struct vm *vm, uint32_t host)
{
	char *path = x_asprintf("/srv/%s-%u.save", vm->name,
	    below(e, 1000000));
	struct request r;
	uint32_t at;

	about(e, &r, REQ_SAVE, host, vm);
	r.arg = x_strdup(path);
	plan_add(p, &r, NULL);
	about(e, &r, REQ_RESTORE, host, vm);
	r.arg = path;
	at = plan_add(p, &r, NULL);
	plan_after(p, at, 0);
}

static void
plan_running(struct env *e, struct plan *p, const struct vm *vm)
{
	static const enum request_op simple[] = { REQ_SHUTDOWN, REQ_SHUTDOWN,
		REQ_REBOOT, REQ_DESTROY, REQ_PAUSE, REQ_UNPAUSE, REQ_MEM_SET,
		REQ_START };
	uint32_t host = vm->copies[below(e, (uint32_t)vm->ncopies)].host;
	uint32_t what = below(e, 14);
	enum request_op op;
	struct request r;

	if (what >= 10) {
		plan_move(e, p, vm, host);
		return;
	}
	if (what == 9) {
		plan_save(e, p, vm, host);
		return;
	}
	op = simple[what % (sizeof simple / sizeof simple[0])];
	if (op == REQ_START) { /* a mistake: it runs */
		plan_dormant(e, p, vm);
		return;
	}
	/* A paused guest hears nothing, and its firmware says no word. */
	if (op == REQ_PAUSE || op == REQ_UNPAUSE || (e->calm &&
	    vm->state == VM_PAUSED))
		op = vm->state == VM_PAUSED ? REQ_UNPAUSE : REQ_PAUSE;
	about(e, &r, op, host, vm);
	if (op == REQ_SHUTDOWN || op == REQ_REBOOT)
		r.flags |= REQUEST_FALLBACK;
	if (op == REQ_MEM_SET)
		r.value = vm->copies[0].mem_kb / 2 + 1024 * below(e, 64) + 4096;
	plan_add(p, &r, NULL);
}

/* As a verb or a dialog would have it. False: it is refused. */
static bool
plan_action(struct env *e, struct plan *p, const struct vm *vm,
    enum action_kind kind)
{
	struct action a;
	struct err err;

	action_init(&a, kind, vm->id);
	if (kind == ACTION_MEMORY)
		a.value = 1024 * (300 + below(e, 200));
	a.hard = kind == ACTION_SHUTDOWN && below(e, 4) == 0;
	a.paused = below(e, 6) == 0;
	if (!action_fits(kind, vm) || action_plan(p, &a, e->m, &err) != 0)
		return false;
	e->actions[kind]++;
	say(e, "ACTION %s %s", action_infos[kind].verb, vm->name);
	return true;
}

static bool
act_by_action(struct env *e, const struct vm *vm)
{
	static const enum action_kind kinds[] = { ACTION_START,
		ACTION_SHUTDOWN, ACTION_REBOOT, ACTION_KILL, ACTION_PAUSE,
		ACTION_UNPAUSE, ACTION_SAVE, ACTION_MEMORY, ACTION_MIGRATE,
		ACTION_MIGRATE, ACTION_MIGRATE, ACTION_MOVE, ACTION_MOVE,
		ACTION_REPAIR, ACTION_REPAIR };
	struct plan p;
	bool did;

	plan_init(&p);
	did = plan_action(e, &p, vm, kinds[below(e, vm->ncopies == 0 ? 1 :
	    sizeof kinds / sizeof kinds[0])]);
	if (did)
		jobs_add(e->jobs, &p, "prop", e->now, wall(e));
	plan_free(&p);
	return did;
}

static void
act(struct env *e)
{
	const struct vm *vm;
	struct plan p;
	struct err err;
	char text[160];
	size_t step;

	if (model_nvms(e->m) == 0)
		return;
	vm = model_vm_at(e->m, below(e, (uint32_t)model_nvms(e->m)));
	if (e->calm && jobs_of_vm(e->jobs, vm->cluster, &vm->uuid, vm->name,
	    &step) != NULL)
		return;
	if (!e->bare && below(e, 2) == 0 && act_by_action(e, vm))
		return;
	plan_init(&p);
	p.title = x_strdup(vm->name);
	if (vm->ncopies == 0)
		plan_dormant(e, &p, vm);
	else
		plan_running(e, &p, vm);
	request_text(text, sizeof text, &p.steps[0].req);
	/* Now and then somebody does not ask before he plans. */
	if (below(e, 3) == 0 ||
	    safety_check(e->m, &p.steps[0].req, MONO_ZERO, &err) == 0) {
		say(e, "JOB %s on host %u%s", text, p.steps[0].req.host,
		    p.n > 1 ? " and more" : "");
		jobs_add(e->jobs, &p, "prop", e->now, wall(e));
	}
	plan_free(&p);
}

/* --- What goes wrong ------------------------------------------------------------ */

static void
fault_command(struct env *e, struct simhost *h)
{
	switch (below(e, 3)) {
	case 0:
		h->next_run = (enum simrunfault)below(e, SIMRUN_MUTE + 1);
		break;
	case 1:
		h->next_mig = (enum simmig)below(e, SIMMIG_UNHEARD + 1);
		h->next_mig_pm = (int)below(e, 1000);
		break;
	default:
		h->disk_full = below(e, 2) == 0;
		break;
	}
}

static void
fault_guest(struct env *e)
{
	uint32_t vm = below(e, (uint32_t)e->w->nvms);
	uint32_t at = simworld_where(e->w, vm);

	switch (below(e, 4)) {
	case 0:
		e->w->vms[vm].hung = !e->w->vms[vm].hung;
		break;
	case 1:
		e->w->vms[vm].stubborn = !e->w->vms[vm].stubborn;
		break;
	default:
		if (at != SIM_NONE && below(e, 3) == 0)
			simworld_crash(e->w, at, vm, NULL);
		break;
	}
}

static void
control(struct env *e, uint32_t host, enum backend_control what)
{
	e->b->ops->control(e->b, e->w->hosts[host].conf_host, what, e->now);
}

static void
fault(struct env *e)
{
	uint32_t host = below(e, (uint32_t)e->w->nhosts);
	uint32_t what = below(e, 20);

	say(e, "FAULT %u on host %u", what, host);
	if (what < 5)
		fault_command(e, &e->w->hosts[host]);
	else if (what < 7)
		fault_guest(e);
	else if (what < 10)
		control(e, host, CONTROL_SIM_BREAK);
	else if (what < 11)
		control(e, host, CONTROL_SIM_SLOW);
	else if (what < 12)
		control(e, host, CONTROL_SIM_DIE);
	else if (what < 16)
		control(e, host, CONTROL_SIM_HEAL);
	else if (what < 17)
		crash_console(e);
	else if (what < 18 && jobs_count(e->jobs) > 0)
		jobs_cancel(e->jobs, jobs_at(e->jobs, below(e,
		    (uint32_t)jobs_count(e->jobs)))->id, e->now);
	else if (what < 19 && below(e, 3) == 0) {
		e->full_until = mono_add_ms(e->now, below(e, 20000));
		e->was_full = true;
	}
}

static void
heal(struct env *e)
{
	say(e, "ALL IS WELL");
	for (uint32_t i = 0; i < e->w->nhosts; i++) {
		control(e, i, CONTROL_SIM_HEAL);
		e->w->hosts[i].next_run = SIMRUN_WELL;
		e->w->hosts[i].next_mig = SIMMIG_WELL;
		e->w->hosts[i].disk_full = false;
	}
	e->full_until = MONO_ZERO;
}

/* --- A schedule ------------------------------------------------------------------ */

static void
make_conf(struct conf *c, struct prng *r, uint64_t seed)
{
	struct conf_generate g = { 1, 2 + (int)prng_below(r, 3),
		3 + (int)prng_below(r, 5) };

	conf_init(c);
	c->sim.seed = seed;
	simgen_add(c, &g, NULL, 0);
	for (size_t i = 0; i < c->sim.nhosts; i++)
		c->sim.hosts[i].latency_ms = (int)prng_below(r, 200);
	for (size_t i = 0; i < c->sim.nvms; i++)
		c->sim.vms[i].mem_kb = 512 * 1024;
	conf_complete(c);
	c->refresh_ms = REFRESH_MS;
}

static void
open_env(struct env *e, uint64_t seed)
{
	struct event_sink sink = { on_event, e };

	e->seed = seed;
	prng_init(&e->rng, seed);
	make_conf(&e->conf, &e->rng, seed);
	e->seen = x_calloc(SEEN_MAX, sizeof *e->seen);
	e->m = model_new(&e->conf);
	e->b = sim_new(&e->conf, &sink, e->now);
	e->w = sim_world(e->b);
	e->journal = deskjournal_new();
	open_console(e);
	for (int i = 0; i < 10; i++)
		turn(e, 500);
}

static void
close_env(struct env *e)
{
	e->r->ops->free(e->r);
	jobs_free(e->jobs);
	model_free(e->m);
	e->b->ops->free(e->b);
	deskjournal_free(e->journal);
	x_free(e->seen);
	conf_free(&e->conf);
}

/* One round for every VM that needs it and may be repaired. */
static bool
repair_all(struct env *e)
{
	bool any = false;
	char text[512];

	for (size_t i = 0; i < model_nvms(e->m); i++) {
		const struct vm *vm = model_vm_at(e->m, i);
		struct plan p;

		if (!repair_needed(text, sizeof text, vm, e->m))
			continue;
		say(e, "LEFT %s", text);
		plan_init(&p);
		if (plan_action(e, &p, vm, ACTION_REPAIR)) {
			jobs_add(e->jobs, &p, "prop", e->now, wall(e));
			any = true;
		}
		plan_free(&p);
	}
	return any;
}

/* A command that hangs keeps others off its VM until somebody ends it. */
static void
end_hung(struct env *e)
{
	struct simprocs *s = simprocs_of(e->b);

	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->hangs)
			simprocs_term(s, s->v[i]);
	for (int i = 0; i < 30; i++)
		turn(e, 2000);
}

/* What broken migrations left is cleared away by repairing it. */
static void
converge(struct env *e)
{
	enum { ROUNDS = 6 };
	int n = 0;

	end_hung(e);
	while (repair_all(e)) {
		e->mended++;
		CHECK(e, ++n <= ROUNDS, "repair does not converge");
		while (jobs_running(e->jobs) > 0)
			turn(e, 2000);
		for (int i = 0; i < 30; i++)
			turn(e, 2000);
	}
}

static void
play(struct env *e)
{
	int64_t until = PLAY_MS;

	while (e->now.ns / 1000000 < until) {
		if (below(e, 25) == 0)
			act(e);
		if (!e->calm && below(e, 40) == 0)
			fault(e);
		turn(e, 50 + below(e, 700));
	}
	heal(e);
	until += END_MS;
	while (jobs_running(e->jobs) > 0 && e->now.ns / 1000000 < until)
		turn(e, 2000);
	CHECK(e, jobs_running(e->jobs) == 0, "%zu jobs have not ended",
	    jobs_running(e->jobs));
	for (int i = 0; i < 60; i++) /* the truth about unknown ones */
		turn(e, 2000);
	if (!e->bare)
		converge(e);
}

static long
setting(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text != NULL && atol(text) > 0 ? atol(text) : otherwise;
}

static size_t
play_schedule(uint64_t seed, bool bare, size_t ends[STEP_STATES],
    size_t actions[ACTION_COUNT])
{
	struct env e = {
		.bare = bare,
		.verbose = setting("JOBS_WORLD_VERBOSE", 0) != 0,
	};

	open_env(&e, seed);
	play(&e);
	for (size_t i = 0; i < STEP_STATES; i++)
		ends[i] += e.ends[i];
	for (size_t i = 0; i < ACTION_COUNT; i++)
		actions[i] += e.actions[i];
	close_env(&e);
	return e.mended;
}

/* What once went wrong. 5006: a slow link brought a look at the target that was
 * older than the migration's end, and it was said to have failed. */
static void
test_old_sins(void **state)
{
	static const uint64_t seeds[] = { 5006 };
	size_t ends[STEP_STATES] = { 0 }, actions[ACTION_COUNT] = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++)
		play_schedule(seeds[i], true, ends, actions);
}

static void
test_all_goes_wrong(void **state)
{
	uint64_t first = (uint64_t)setting("JOBS_WORLD_SEED", 1);
	uint64_t n = (uint64_t)setting("JOBS_WORLD", SCHEDULES);
	size_t ends[STEP_STATES] = { 0 }, actions[ACTION_COUNT] = { 0 };
	size_t mended = 0;

	(void)state;
	for (uint64_t seed = first; seed < first + n; seed++)
		mended += play_schedule(seed, false, ends, actions);
	print_message("%zu migrations, %zu moves, %zu repairs planned; %zu "
	    "rounds of repair at the end\n", actions[ACTION_MIGRATE],
	    actions[ACTION_MOVE], actions[ACTION_REPAIR], mended);
	print_message("%llu schedules: %zu done, %zu failed, %zu unknown, "
	    "%zu skipped\n", (unsigned long long)n, ends[STEP_DONE],
	    ends[STEP_FAILED], ends[STEP_UNKNOWN], ends[STEP_SKIPPED]);
	/* It is worth nothing if nothing gets done. */
	assert_true(ends[STEP_DONE] > ends[STEP_UNKNOWN]);
	if (n < SCHEDULES)
		return;
	assert_true(actions[ACTION_MIGRATE] > n / 4);
	assert_true(actions[ACTION_MOVE] > n / 20);
	assert_true(actions[ACTION_REPAIR] > 0 && mended > 0);
}

/* Without faults nobody is left in the dark. */
static void
test_all_goes_well(void **state)
{
	size_t done = 0;

	(void)state;
	for (uint64_t seed = 1000; seed < 1010; seed++) {
		struct env e = {
			.calm = true,
			.verbose = setting("JOBS_WORLD_VERBOSE", 0) != 0,
		};

		open_env(&e, seed);
		play(&e);
		CHECK(&e, e.ends[STEP_UNKNOWN] == 0, "%zu unknown",
		    e.ends[STEP_UNKNOWN]);
		done += e.ends[STEP_DONE];
		close_env(&e);
	}
	assert_true(done > 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_goes_well),
		cmocka_unit_test(test_old_sins),
		cmocka_unit_test(test_all_goes_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
