/* Jobs against an adversary who plays hosts, links, journal and the console's
 * death, for thousands of seeds. Whatever he does: every job ends, nothing runs
 * before its intent is on the disk, nothing runs twice, no two commands about
 * one VM are under way at once, and what is said of a step is true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/jobs.h"
#include "core/mem.h"
#include "core/prng.h"
#include "tests/lib/world.h"

enum { SEEDS = 1500, HOSTS = 3, VMS = 5, RUNS = 2000, JOBS = 6, STEPS_MAX = 4,
	NEWS = 256, TICK_MS = 500, FAULTS_MS = 300000,
	/* The longest wait for a host, then for it to settle, with all steps in
	 * a row, and retries. */
	END_MS = 4 * 3600 * 1000 };

/* A VM as it really is. */
struct truth {
	int host;       /* -1: runs nowhere */
	uint32_t domid;
	bool paused;
};

/* A command on a host, as it really is. */
struct real {
	char id[RUN_ID_MAX + 1];
	uint32_t host;
	unsigned vm;
	enum request_op op;
	uint32_t to;
	int boot;         /* of the host when it began */
	int64_t end_ms;   /* when it will end; INT64_MAX: it hangs */
	bool ended, killed, happened, forgotten;
	int status;
};

/* What is on its way to the console. */
struct letter {
	struct run_news n;
	char id[RUN_ID_MAX + 1];
	int64_t at_ms;
	int epoch;  /* of the link */
	bool needs_link;
};

struct play {
	struct prng r;
	struct world w;
	struct jobs *jobs;
	struct truth vm[VMS + 1];
	uint32_t next_domid[HOSTS];
	int boot[HOSTS], epoch[HOSTS];
	bool up[HOSTS];
	struct real run[RUNS];
	size_t nruns;
	char asked[RUNS][RUN_ID_MAX + 1]; /* every name that was to start */
	size_t nasked;
	struct letter mail[NEWS];
	size_t nmail;
	int64_t now_ms;
	bool calm;         /* the adversary has stopped */
	bool doomed;       /* the console dies right after this record */
	struct { uint64_t seq; int64_t at_ms; bool fails; } ack[NEWS];
	size_t nacks;
	struct job *disk[JOBS]; /* what the journal has of each job */
	bool ended[JOBS];
	size_t njobs;
	unsigned lives, done, failed, unknown, skipped;
};

static bool
chance(struct play *p, unsigned in_thousand)
{
	return !p->calm && prng_below(&p->r, 1000) < in_thousand;
}

/* --- The hosts -------------------------------------------------------------- */

static struct real *
find_run(struct play *p, uint32_t host, const char *id)
{
	for (size_t i = 0; i < p->nruns; i++)
		if (p->run[i].host == host && strcmp(p->run[i].id, id) == 0)
			return &p->run[i];
	return NULL;
}

static void
show(struct play *p, uint32_t h)
{
	char name[16], boot[32];

	for (uint32_t i = 0; i < 64; i++)
		if (p->w.obs[h].ndoms > 1)
			world_undom(&p->w, h, p->w.obs[h].doms[1].domid);
	for (unsigned v = 1; v <= VMS; v++)
		if (p->vm[v].host == (int)h) {
			snprintf(name, sizeof name, "vm%u", v);
			world_dom(&p->w, h, p->vm[v].domid, v, name)->flags =
			    p->vm[v].paused ? DOM_PAUSED : DOM_BLOCKED;
		}
	snprintf(boot, sizeof boot, "boot-%u-%d", (unsigned)h, p->boot[h]);
	p->w.obs[h].host.boot_id = arena_strdup(&p->w.obs[h].mem, boot);
	world_send(&p->w, h);
}

static void
settle_in(struct play *p, unsigned v, uint32_t host)
{
	p->vm[v] = (struct truth){ (int)host, ++p->next_domid[host], false };
}

/* What the command does to the world, when it succeeds. */
static void
happen(struct play *p, struct real *r)
{
	struct truth *vm = &p->vm[r->vm];

	if (r->op == REQ_START) {
		/* Safety has the last word on this. */
		assert_int_equal(vm->host, -1);
		settle_in(p, r->vm, r->host);
	} else if (vm->host != (int)r->host) {
		return;
	} else if (r->op == REQ_MIGRATE) {
		settle_in(p, r->vm, r->to);
	} else if (r->op == REQ_PAUSE || r->op == REQ_UNPAUSE) {
		vm->paused = r->op == REQ_PAUSE;
	} else {
		vm->host = -1;
	}
	r->happened = true;
}

static void
post(struct play *p, enum run_what what, uint32_t host, const char *id,
    int status, bool needs_link)
{
	struct letter *l;

	if (p->nmail == NEWS)
		return; /* lost */
	l = &p->mail[p->nmail++];
	*l = (struct letter){
		.n = { .what = what, .host = host, .status = status },
		.at_ms = p->now_ms + (int64_t)prng_below(&p->r,
		    p->calm ? 100 : 1200),
		.epoch = p->epoch[host],
		.needs_link = needs_link,
	};
	snprintf(l->id, sizeof l->id, "%s", id);
}

static void
end_run(struct play *p, struct real *r)
{
	bool fails = r->killed || (prng_below(&p->r, 4) == 0);

	r->ended = true;
	if (!fails || prng_below(&p->r, 20) == 0)
		happen(p, r);
	r->status = r->killed ? 143 : fails ? 1 : 0;
	/* Sometimes the exit code lies. */
	if (!r->happened && r->status == 0)
		r->status = 1;
	post(p, RUN_ENDED, r->host, r->id, r->status, true);
}

static void
run_hosts(struct play *p)
{
	for (size_t i = 0; i < p->nruns; i++) {
		struct real *r = &p->run[i];

		if (!r->ended && r->boot == p->boot[r->host] &&
		    p->now_ms >= r->end_ms)
			end_run(p, r);
	}
}

static bool
is_busy(const struct play *p, unsigned vm)
{
	for (size_t i = 0; i < p->nruns; i++)
		if (p->run[i].vm == vm && !p->run[i].ended &&
		    p->run[i].boot == p->boot[p->run[i].host])
			return true;
	return false;
}

static unsigned
vm_of(const struct uuid *u)
{
	return u->b[15];
}

/* --- The runner ------------------------------------------------------------- */

static const struct request *
request_of(const struct job_effect *e)
{
	return &e->job->steps[e->step].plan.req;
}

static void
start(struct play *p, const struct job_effect *e)
{
	const struct request *q = request_of(e);
	uint32_t h = e->run.host;
	struct real *r;

	for (size_t i = 0; i < p->nasked; i++) /* never twice */
		assert_string_not_equal(p->asked[i], e->run.id);
	assert_true(p->nasked < RUNS);
	snprintf(p->asked[p->nasked++], RUN_ID_MAX + 1, "%s", e->run.id);
	if (!p->up[h] || chance(p, 30)) {
		jobs_not_started(p->jobs, e, "not connected", p->w.now);
		return;
	}
	if (chance(p, 40)) { /* lost on the way: it never begins */
		post(p, RUN_UNHEARD, h, e->run.id, 0, false);
		return;
	}
	if (is_busy(p, vm_of(&q->uuid)) || (q->domid != REQUEST_NO_DOMID &&
	    (p->vm[vm_of(&q->uuid)].host != (int)h ||
	    p->vm[vm_of(&q->uuid)].domid != q->domid))) {
		post(p, RUN_GUARDED, h, e->run.id, 0, true);
		return;
	}
	assert_true(p->nruns < RUNS);
	r = &p->run[p->nruns++];
	*r = (struct real){
		.host = h, .vm = vm_of(&q->uuid), .op = q->op, .to = q->to,
		.boot = p->boot[h],
		.end_ms = chance(p, 30) ? INT64_MAX : p->now_ms +
		    (int64_t)prng_below(&p->r, 20000),
	};
	snprintf(r->id, sizeof r->id, "%s", e->run.id);
	post(p, RUN_STARTED, h, r->id, 0, true);
}

static void
attach(struct play *p, const struct job_effect *e)
{
	uint32_t h = e->run.host;
	const struct real *r = find_run(p, h, e->run.id);
	char boot[32];

	snprintf(boot, sizeof boot, "boot-%u-%d", (unsigned)h, p->boot[h]);
	if (!p->up[h] || chance(p, 50)) {
		jobs_not_started(p->jobs, e, "not connected", p->w.now);
		return;
	}
	if (e->run.boot_id != NULL && strcmp(boot, e->run.boot_id) != 0) {
		post(p, RUN_GONE, h, e->run.id, 0, true);
		return;
	}
	if (r == NULL) {
		post(p, RUN_ABSENT, h, e->run.id, 0, true);
		return;
	}
	assert_false(r->forgotten);
	post(p, RUN_STARTED, h, r->id, 0, true);
	if (r->ended)
		post(p, RUN_ENDED, h, r->id, r->status, true);
}

static void
cancel(struct play *p, const struct job_effect *e)
{
	struct real *r = find_run(p, e->run.host, e->run.id);

	if (r == NULL || r->ended || !p->up[e->run.host])
		return;
	r->killed = true;
	r->end_ms = p->now_ms + 1000;
}

/* --- The journal ------------------------------------------------------------ */

static size_t
slot_of(const struct play *p, const char *key)
{
	for (size_t i = 0; i < p->njobs; i++)
		if (p->disk[i] != NULL && strcmp(p->disk[i]->key, key) == 0)
			return i;
	for (size_t i = 0; i < p->njobs; i++)
		if (p->disk[i] == NULL)
			return i;
	abort();
}

static void
record(struct play *p, const struct job_effect *e)
{
	size_t k = slot_of(p, e->job->key);
	const struct job_step *s = &e->job->steps[e->step];
	struct job_step *d;

	if (e->record == RECORD_JOB) {
		struct plan plan;

		plan_init(&plan);
		for (size_t i = 0; i < e->job->nsteps; i++) {
			struct request r;

			request_copy(&r, &e->job->steps[i].plan.req);
			plan_add(&plan, &r, NULL);
			for (size_t a = 0; a < e->job->steps[i].plan.nafter;
			    a++)
				plan_after(&plan, (uint32_t)i,
				    e->job->steps[i].plan.after[a]);
		}
		assert_null(p->disk[k]);
		p->disk[k] = job_new(e->job->key, &plan, e->job->operator,
		    e->job->made_ms);
		plan_free(&plan);
		return;
	}
	d = &p->disk[k]->steps[e->step];
	if (e->record == RECORD_INTENT) {
		request_free(&d->plan.req);
		request_copy(&d->plan.req, &s->plan.req);
		memcpy(d->run_id, s->run_id, sizeof d->run_id);
		d->tries = s->tries;
		d->state = STEP_RUNNING;
	} else if (e->record == RECORD_OUTCOME) {
		d->state = s->result;
		d->status = s->status;
		x_replace(&d->outcome, s->outcome);
	} else {
		p->disk[k]->state = e->job->state;
		p->ended[k] = true;
	}
}

static void
begin_write(struct play *p, const struct job_effect *e)
{
	bool fails = chance(p, 15);

	assert_true(p->nacks < NEWS);
	p->doomed = p->doomed || chance(p, 15);
	/* On the disk at once, or not at all; the word of it comes late. */
	if (!fails)
		record(p, e);
	p->ack[p->nacks].seq = e->seq;
	p->ack[p->nacks].fails = fails;
	p->ack[p->nacks++].at_ms = p->now_ms +
	    (int64_t)prng_below(&p->r, chance(p, 50) ? 20000 : 800);
}

static void
acknowledge(struct play *p)
{
	for (size_t i = 0; i < p->nacks;) {
		uint64_t seq = p->ack[i].seq;
		bool fails = p->ack[i].fails;

		if (p->ack[i].at_ms > p->now_ms) {
			i++;
			continue;
		}
		p->ack[i] = p->ack[--p->nacks];
		jobs_written(p->jobs, seq, fails ? "disk full" : NULL,
		    p->w.now);
		if (chance(p, 20))
			jobs_written(p->jobs, seq, NULL, p->w.now);
	}
}

/* --- What must always hold -------------------------------------------------- */

/* What a step says against what was. */
static void
check_truth(struct play *p, const struct job *job, size_t i)
{
	const struct job_step *s = &job->steps[i];
	bool happened = false, ever = false, begun = false;
	char prefix[RUN_ID_MAX + 16];

	snprintf(prefix, sizeof prefix, "%s-%zu-", job->key, i + 1);
	for (size_t k = 0; k < p->nruns; k++)
		if (strncmp(p->run[k].id, prefix, strlen(prefix)) == 0) {
			begun = true;
			/* Where a host was rebooted since, nobody can see any
			 * more what had happened. */
			happened = happened || (p->run[k].happened &&
			    p->run[k].boot == p->boot[p->run[k].host]);
			ever = ever || p->run[k].happened;
		}
	assert_non_null(s->outcome);
	assert_true(strlen(s->outcome) > 0);
	if (s->state == STEP_SKIPPED)
		assert_false(begun);
	if (s->state == STEP_FAILED)
		assert_false(happened);
	/* A host that is rebooted takes its VMs away without being asked. */
	if (s->state == STEP_DONE && (s->plan.req.op == REQ_START ||
	    s->plan.req.op == REQ_MIGRATE))
		assert_true(ever);
	p->done += s->state == STEP_DONE;
	p->failed += s->state == STEP_FAILED;
	p->unknown += s->state == STEP_UNKNOWN;
	p->skipped += s->state == STEP_SKIPPED;
}

static bool
is_under_way(const struct job_step *s)
{
	return s->state == STEP_NOTING || s->state == STEP_RUNNING ||
	    s->state == STEP_UNHEARD || s->state == STEP_SETTLING;
}

/* Its command is over and did not fail: only the guest is waited for. */
static bool
waits_for_guest(const struct job_step *s)
{
	enum request_op op = s->plan.req.op;

	return s->state == STEP_SETTLING &&
	    (op == REQ_SHUTDOWN || op == REQ_REBOOT) &&
	    (s->status == 0 || s->status >= 128);
}

static bool
is_kill(const struct job_step *s)
{
	const struct request *r = &s->plan.req;

	return r->op == REQ_DESTROY || (r->op == REQ_SHUTDOWN &&
	    (r->flags & REQUEST_HARD) != 0);
}

/* The steps about one VM that are under way. */
struct lane {
	unsigned all, busy, waits, plain;
	bool killed; /* the busy one is a kill */
	bool begins;
};

static void
add_to_lane(struct lane *l, const struct job_step *s)
{
	bool waits = waits_for_guest(s);

	l->all++;
	l->waits += waits;
	l->busy += !waits;
	l->plain += !is_kill(s);
	l->killed = l->killed || (!waits && is_kill(s));
	l->begins = l->begins || s->state == STEP_NOTING;
}

/* Alone, or a kill beside what waits for a guest that does not listen. */
static bool
is_in_order(const struct lane *l, bool first_life)
{
	return l->all <= 1 || (l->busy <= 1 && (l->busy == 0 || l->killed) &&
	    (l->plain <= 1 || !first_life));
}

static void
check_overlap(const struct play *p)
{
	struct lane lanes[VMS + 1] = { 0 };
	unsigned places[HOSTS] = { 0 };

	for (size_t k = 0; k < jobs_count(p->jobs); k++) {
		const struct job *job = jobs_at(p->jobs, k);

		for (size_t i = 0; i < job->nsteps; i++) {
			const struct job_step *s = &job->steps[i];

			if (!is_under_way(s))
				continue;
			add_to_lane(&lanes[vm_of(&s->plan.req.uuid)], s);
			/* What was taken over runs already. */
			if (s->state != STEP_SETTLING && p->lives == 0)
				assert_true(++places[s->plan.req.host] <= 2);
		}
	}
	/* A console that was left with a full disk may have left two that it
	 * knew to be over; but none begins beside another. */
	for (unsigned v = 1; v <= VMS; v++)
		assert_true(is_in_order(&lanes[v], p->lives == 0) ||
		    (p->lives > 0 && !lanes[v].begins));
}

/* --- The play --------------------------------------------------------------- */

static void
take(struct play *p, const struct job_effect *e)
{
	struct real *r;
	size_t k;

	switch (e->type) {
	case JOB_WRITE:
		begin_write(p, e);
		break;
	case JOB_START:
		k = slot_of(p, e->job->key);
		assert_non_null(p->disk[k]);
		assert_string_equal(p->disk[k]->steps[e->step].run_id,
		    e->run.id);
		start(p, e);
		break;
	case JOB_ATTACH:
		attach(p, e);
		break;
	case JOB_CANCEL:
		cancel(p, e);
		break;
	case JOB_FORGET:
		r = find_run(p, e->run.host, e->run.id);
		if (r != NULL)
			r->forgotten = true;
		break;
	case JOB_TELL:
		assert_true(strlen(e->text) > 0);
		break;
	}
}

/* The console dies; the next one has what the disk has. */
static void
die(struct play *p)
{
	char key[16];

	p->lives++;
	p->doomed = false;
	jobs_free(p->jobs);
	snprintf(key, sizeof key, "c%u", p->lives);
	p->jobs = jobs_new(&p->w.conf, key);
	p->nacks = p->nmail = 0;
	for (size_t k = 0; k < p->njobs; k++) {
		struct job *job = p->disk[k], *copy;
		struct plan plan;

		if (job == NULL || p->ended[k])
			continue;
		plan_init(&plan);
		for (size_t i = 0; i < job->nsteps; i++) {
			struct request r;

			request_copy(&r, &job->steps[i].plan.req);
			plan_add(&plan, &r, NULL);
			for (size_t a = 0; a < job->steps[i].plan.nafter; a++)
				plan_after(&plan, (uint32_t)i,
				    job->steps[i].plan.after[a]);
		}
		copy = job_new(job->key, &plan, job->operator, job->made_ms);
		plan_free(&plan);
		for (size_t i = 0; i < job->nsteps; i++) {
			struct job_step *s = &copy->steps[i];

			s->state = job->steps[i].state;
			s->tries = job->steps[i].tries;
			s->status = job->steps[i].status;
			s->outcome = x_strdup(job->steps[i].outcome);
			memcpy(s->run_id, job->steps[i].run_id,
			    sizeof s->run_id);
		}
		jobs_adopt(p->jobs, copy, p->w.now);
	}
}

static void
turn(struct play *p)
{
	struct mono deadline = MONO_NEVER;
	struct job_effect e;

	jobs_turn(p->jobs, p->w.model, p->w.now, p->now_ms + 1000, &deadline);
	while (!p->doomed && jobs_take(p->jobs, &e))
		take(p, &e);
	check_overlap(p);
	if (p->doomed)
		die(p);
}

static void
deliver(struct play *p)
{
	for (size_t i = 0; i < p->nmail;) {
		struct letter l = p->mail[i];

		if (l.at_ms > p->now_ms) {
			i++;
			continue;
		}
		p->mail[i] = p->mail[--p->nmail];
		if (l.needs_link && (!p->up[l.n.host] ||
		    l.epoch != p->epoch[l.n.host])) {
			l.n.what = RUN_UNHEARD;
		}
		l.n.id = l.id;
		if (chance(p, 15))
			continue; /* lost for no reason */
		jobs_news(p->jobs, &l.n, p->w.now, p->now_ms);
		if (chance(p, 15))
			jobs_news(p->jobs, &l.n, p->w.now, p->now_ms);
	}
}

static void
torment(struct play *p)
{
	uint32_t h = prng_below(&p->r, HOSTS);

	if (chance(p, 6)) {
		p->up[h] = !p->up[h];
		p->epoch[h]++;
		world_link(&p->w, h, p->up[h] ? LINK_LIVE : LINK_DOWN, "cut");
	}
	if (chance(p, 2)) { /* it reboots: all its VMs are gone */
		p->boot[h]++;
		p->epoch[h]++;
		p->next_domid[h] = 0;
		for (unsigned v = 1; v <= VMS; v++)
			if (p->vm[v].host == (int)h)
				p->vm[v].host = -1;
	}
	if (chance(p, 4) && jobs_count(p->jobs) > 0)
		jobs_cancel(p->jobs, jobs_at(p->jobs, prng_below(&p->r,
		    (uint32_t)jobs_count(p->jobs)))->id, p->w.now);
	if (chance(p, 4))
		die(p);
}

static void
tick(struct play *p)
{
	p->now_ms += TICK_MS;
	run_hosts(p);
	torment(p);
	/* What is seen has been seen a moment ago, as it really is. */
	for (uint32_t h = 0; h < HOSTS; h++)
		if (p->up[h] && (p->calm || prng_below(&p->r, 3) != 0))
			show(p, h);
	world_pass(&p->w, TICK_MS);
	acknowledge(p);
	deliver(p);
	turn(p);
}

static void
ask_for_something(struct play *p, size_t k)
{
	static const enum request_op ops[] = { REQ_START, REQ_DESTROY,
		REQ_SHUTDOWN, REQ_MIGRATE, REQ_PAUSE, REQ_UNPAUSE };
	struct plan plan;
	size_t n = 1 + prng_below(&p->r, STEPS_MAX);

	plan_init(&plan);
	for (size_t i = 0; i < n; i++) {
		unsigned v = 1 + prng_below(&p->r, VMS);
		const struct truth *t = &p->vm[v];
		struct request r;

		request_init(&r, t->host < 0 ? REQ_START :
		    ops[1 + prng_below(&p->r, 5)]);
		r.host = t->host < 0 ? prng_below(&p->r, HOSTS) :
		    (uint32_t)t->host;
		r.domid = t->host < 0 ? REQUEST_NO_DOMID : t->domid;
		r.to = (r.host + 1) % HOSTS;
		r.uuid = world_uuid(v);
		r.name = x_asprintf("vm%u", v);
		r.arg = x_strdup(r.op == REQ_MIGRATE ? "there" : "/etc/vm");
		plan_add(&plan, &r, NULL);
		if (i > 0 && prng_below(&p->r, 2) == 0)
			plan_after(&plan, (uint32_t)i,
			    prng_below(&p->r, (uint32_t)i));
	}
	p->njobs = k + 1;
	jobs_add(p->jobs, &plan, "alice", p->w.now, p->now_ms);
	plan_free(&plan);
}

/* sum: of steps done, failed, unknown, skipped; and of consoles that died. */
static void
play(uint64_t seed, unsigned sum[5])
{
	static struct play p;
	int64_t end;

	p = (struct play){ .njobs = 0 };
	prng_init(&p.r, seed);
	world_init(&p.w, 1, HOSTS);
	p.jobs = jobs_new(&p.w.conf, "c0");
	for (unsigned v = 1; v <= VMS; v++) {
		p.vm[v].host = -1;
		if (prng_below(&p.r, 3) != 0)
			settle_in(&p, v, prng_below(&p.r, HOSTS));
	}
	for (uint32_t h = 0; h < HOSTS; h++) {
		p.up[h] = true;
		world_link(&p.w, h, LINK_LIVE, NULL);
		show(&p, h);
	}
	while (p.now_ms < FAULTS_MS) {
		if (p.njobs < JOBS && prng_below(&p.r, 30) == 0)
			ask_for_something(&p, p.njobs);
		tick(&p);
	}
	p.calm = true;
	for (uint32_t h = 0; h < HOSTS; h++)
		if (!p.up[h]) {
			p.up[h] = true;
			p.epoch[h]++;
			world_link(&p.w, h, LINK_LIVE, NULL);
		}
	end = p.now_ms + END_MS;
	while (jobs_running(p.jobs) > 0 && p.now_ms < end)
		tick(&p);
	assert_int_equal(jobs_running(p.jobs), 0);
	for (size_t k = 0; k < jobs_count(p.jobs); k++) {
		const struct job *job = jobs_at(p.jobs, k);

		for (size_t i = 0; job->state != JOB_REFUSED &&
		    i < job->nsteps; i++)
			check_truth(&p, job, i);
	}
	sum[0] += p.done;
	sum[1] += p.failed;
	sum[2] += p.unknown;
	sum[3] += p.skipped;
	sum[4] += p.lives;
	jobs_free(p.jobs);
	for (size_t k = 0; k < JOBS; k++)
		job_free(p.disk[k]);
	world_free(&p.w);
}

/* SEED=n: that one alone. */
static void
test_adversary(void **state)
{
	const char *only = getenv("SEED");
	uint64_t first = only != NULL ? strtoull(only, NULL, 10) : 1;
	uint64_t last = only != NULL ? first : SEEDS;
	unsigned sum[5] = { 0 };

	(void)state;
	for (uint64_t seed = first; seed <= last; seed++) {
		print_message("seed %u\r", (unsigned)seed);
		play(seed, sum);
	}
	print_message("%u done, %u failed, %u unknown, %u skipped, "
	    "%u consoles died\n", sum[0], sum[1], sum[2], sum[3], sum[4]);
	if (only != NULL)
		return;
	/* He leaves something of everything. */
	for (size_t i = 0; i < 5; i++)
		assert_true(sum[i] > SEEDS / 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_adversary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
