/* The simulated world under random actions and faults at random moments: what
 * physics forbids never happens, and nothing depends on how time is divided. */
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
#include "backends/simworld.h"
#include "core/conf_check.h"
#include "core/mem.h"
#include "core/prng.h"

enum { SEEDS = 60, ACTIONS = 400 };

static void
no_note(void *arg, uint32_t host, const char *text)
{
	(void)arg;
	(void)host;
	(void)text;
}

static void
make_conf(struct conf *c, struct prng *r, uint64_t seed)
{
	struct conf_generate g = { 1 + (int)prng_below(r, 2),
		2 + (int)prng_below(r, 4), (int)prng_below(r, 25) };

	conf_init(c);
	c->sim.seed = seed;
	simgen_add(c, &g, NULL, 0);
	for (size_t i = 0; i < c->sim.nhosts; i++)
		if (prng_below(r, 3) == 0) /* too small for all */
			c->sim.hosts[i].mem_kb /= 4;
	conf_complete(c);
}

/* --- What must hold at any moment ----------------------------------------- */

struct life {
	uint32_t domid, vm;
	int64_t cpu_ns;
};

struct before {
	struct life *v; /* of one host: its live domains */
	size_t n;
	int64_t boot;
	uint32_t highest;
};

static void
check_host(const struct simworld *w, const struct simhost *h)
{
	int64_t kb = 0;

	if (h->power != SIM_POWER_ON) {
		assert_int_equal(h->ndoms, 0);
		return;
	}
	assert_true(h->ndoms > 0);
	assert_int_equal(h->doms[0].domid, 0);
	for (size_t i = 0; i < h->ndoms; i++) {
		const struct simdom *d = &h->doms[i];

		kb += d->mem_kb;
		if (i > 0) {
			assert_true(d->domid > h->doms[i - 1].domid);
			assert_true(d->vm < w->nvms);
		}
		for (size_t k = i + 1; k < h->ndoms; k++)
			if (h->doms[k].vm == d->vm)
				assert_int_not_equal(h->doms[k].role, d->role);
	}
	assert_true(kb <= h->conf->mem_kb);
	assert_true(simworld_free_kb(h) >= 0);
}

/* A domid names one life: while it is there it is the same VM's, its counters
 * only grow; a new one is higher than all before until they wrap. */
static void
check_lives(const struct simworld *w, uint32_t host, struct before *b)
{
	const struct simhost *h = &w->hosts[host];
	struct obs o;

	if (h->power != SIM_POWER_ON)
		return;
	if (h->boot != b->boot) {
		b->boot = h->boot;
		b->n = 0;
		b->highest = 0;
	}
	obs_init(&o);
	simworld_observe(w, host, 0, &o);
	assert_int_equal(o.ndoms, h->ndoms);
	for (size_t i = 0; i < o.ndoms; i++) {
		const struct obs_dom *d = &o.doms[i];
		bool old = false;

		for (size_t k = 0; k < b->n; k++)
			if (b->v[k].domid == d->domid) {
				assert_int_equal(b->v[k].vm, h->doms[i].vm);
				assert_true(d->cpu_ns >= b->v[k].cpu_ns);
				old = true;
			}
		assert_true(old || d->domid > b->highest || d->domid == 0 ||
		    b->n == 0);
	}
	b->v = x_reallocarray(b->v, o.ndoms, sizeof *b->v);
	b->n = o.ndoms;
	for (size_t i = 0; i < o.ndoms; i++) {
		b->v[i] = (struct life){ o.doms[i].domid, h->doms[i].vm,
			o.doms[i].cpu_ns };
		if (o.doms[i].domid > b->highest)
			b->highest = o.doms[i].domid;
	}
	obs_free(&o);
}

static void
check_single(const struct simworld *w)
{
	int *running = x_calloc(w->nvms, sizeof *running);

	for (size_t i = 0; i < w->nhosts; i++)
		for (size_t k = 0; k < w->hosts[i].ndoms; k++) {
			const struct simdom *d = &w->hosts[i].doms[k];

			if (d->vm != SIM_NONE && simdom_runs(d))
				running[d->vm]++;
		}
	for (size_t i = 0; i < w->nvms; i++)
		assert_true(running[i] <= 1);
	x_free(running);
}

static void
act(struct simworld *w, struct prng *r)
{
	uint32_t host = prng_below(r, (uint32_t)w->nhosts), vm, at;
	char name[16];

	if (w->nvms == 0 || prng_below(r, 12) == 0) {
		if (prng_below(r, 2) == 0)
			simworld_power_off(w, host);
		else
			simworld_power_on(w, host);
		return;
	}
	vm = prng_below(r, (uint32_t)w->nvms);
	at = simworld_where(w, vm);
	if (at == SIM_NONE) {
		/* The rule of those who act: never start what may be. */
		for (size_t i = 0; i < w->nhosts; i++)
			for (size_t k = 0; k < w->hosts[i].ndoms; k++)
				if (w->hosts[i].doms[k].vm == vm)
					return;
		simworld_start(w, host, vm, NULL);
		return;
	}
	switch (prng_below(r, 8)) {
	case 0:
		simworld_shutdown(w, at, vm, NULL);
		break;
	case 1:
		simworld_reboot(w, at, vm, NULL);
		break;
	case 2:
		simworld_crash(w, at, vm, NULL);
		break;
	case 3:
		simworld_pause(w, at, vm, prng_below(r, 2), NULL);
		break;
	case 4:
		simworld_destroy(w, at, prng_below(r, 30), NULL);
		break;
	case 5:
		snprintf(name, sizeof name, "n%u", prng_below(r, 9));
		simworld_rename(w, at, vm, name, NULL);
		break;
	default:
		if (host != at)
			simworld_migrate(w, at, vm, host,
			    prng_below(r, 4) == 0, NULL);
		break;
	}
}

static void
physics_holds(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct before *b;
		struct simworld *w;
		struct conf c;
		struct prng r;

		prng_init(&r, seed);
		make_conf(&c, &r, seed);
		w = simworld_new(&c, no_note, NULL);
		b = x_calloc(w->nhosts, sizeof *b);
		for (int i = 0; i < ACTIONS; i++) {
			simworld_run(w, w->now + (int64_t)(prng_next(&r) %
			    (UINT64_C(1) << prng_below(&r, 17))));
			act(w, &r);
			check_single(w);
			for (uint32_t k = 0; k < w->nhosts; k++) {
				check_host(w, &w->hosts[k]);
				check_lives(w, k, &b[k]);
			}
		}
		for (size_t k = 0; k < w->nhosts; k++)
			x_free(b[k].v);
		x_free(b);
		simworld_free(w);
		conf_free(&c);
	}
}

/* With a domid space that is nearly used up, the live ones are passed over. */
static void
domids_wrap(void **state)
{
	struct simworld *w;
	struct conf c;
	struct prng r;
	int wraps = 0;

	(void)state;
	prng_init(&r, 1);
	conf_init(&c);
	simgen_add(&c, &(struct conf_generate){ 1, 1, 8 }, NULL, 0);
	w = simworld_new(&c, no_note, NULL);
	w->hosts[0].next_domid = 0x7fe0;
	assert_int_equal(simworld_where(w, 7), 0); /* keeps its low one */
	for (int i = 0; i < 300; i++) {
		uint32_t next = w->hosts[0].next_domid;

		simworld_reboot(w, 0, prng_below(&r, 7), NULL);
		simworld_run(w, w->now + 1000);
		check_host(w, &w->hosts[0]);
		wraps += w->hosts[0].next_domid < next;
		assert_true(w->hosts[0].next_domid <= 0x7fef);
	}
	assert_int_equal(wraps, 1);
	simworld_free(w);
	conf_free(&c);
}

/* --- The whole backend ---------------------------------------------------- */

struct record {
	uint64_t sum;
	long n;
	int64_t capacity_pm; /* the worst use of a host's CPUs */
	struct { int64_t t_ns, cpu_ns; int ndoms; } last[8];
};

static void
mix(struct record *rec, uint64_t x)
{
	rec->sum = prng_hash(rec->sum, x);
}

static void
mix_text(struct record *rec, const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
		mix(rec, (unsigned char)*s);
}

static void
record_obs(struct record *rec, uint32_t host, const struct obs *o)
{
	int64_t cpu = 0;

	for (size_t i = 0; i < o->ndoms; i++) {
		const struct obs_dom *d = &o->doms[i];

		mix(rec, d->domid);
		mix(rec, d->flags);
		mix(rec, (uint64_t)d->cpu_ns);
		mix(rec, (uint64_t)d->net_tx);
		mix(rec, (uint64_t)d->disk_rd);
		mix_text(rec, d->name);
		cpu += d->cpu_ns;
	}
	mix(rec, (uint64_t)o->host.free_kb);
	/* Among the same domains, no more CPU time than there was. */
	if (host < 8 && rec->last[host].ndoms == (int)o->ndoms &&
	    cpu >= rec->last[host].cpu_ns && o->t_ns > rec->last[host].t_ns) {
		int64_t pm = (cpu - rec->last[host].cpu_ns) * 1000 /
		    (o->t_ns - rec->last[host].t_ns) / o->host.cpus;

		if (pm > rec->capacity_pm)
			rec->capacity_pm = pm;
	}
	if (host < 8) {
		rec->last[host].t_ns = o->t_ns;
		rec->last[host].cpu_ns = cpu;
		rec->last[host].ndoms = (int)o->ndoms;
	}
}

static void
record(void *arg, const struct event *e)
{
	struct record *rec = arg;

	rec->n++;
	mix(rec, e->type);
	mix(rec, e->host);
	mix(rec, (uint64_t)e->at.ns);
	mix(rec, (uint64_t)e->wall_ms);
	switch (e->type) {
	case EVENT_LINK:
		mix(rec, e->u.link.state);
		mix_text(rec, e->u.link.reason);
		mix(rec, (uint64_t)e->u.link.retry.ns);
		break;
	case EVENT_NOTE:
		mix_text(rec, e->u.note.text);
		break;
	case EVENT_ANSWER:
		mix_text(rec, e->u.answer.text);
		mix_text(rec, e->u.answer.error);
		break;
	case EVENT_OBS:
		record_obs(rec, e->host, e->u.obs);
		break;
	case EVENT_DEFS:
		for (size_t i = 0; i < e->u.defs->n; i++)
			mix_text(rec, e->u.defs->v[i]->text);
		break;
	}
}

static void
add_faults(struct conf *c, struct prng *r)
{
	for (int i = 0; i < 30; i++) {
		struct conf_sim_fault *f = conf_add_sim_fault(c);
		uint32_t host = prng_below(r, (uint32_t)c->sim.nhosts);

		f->what = (enum sim_what)prng_below(r, SIM_NWHATS);
		f->at_ms = prng_between(r, 0, 200000);
		if (prng_below(r, 4) == 0)
			f->every_ms = prng_between(r, 1000, 60000);
		if ((sim_what_wants(f->what) & SIM_WANTS_HOST) != 0) {
			f->host = x_strdup(c->sim.hosts[host].name);
			continue;
		}
		f->vm = x_strdup(c->sim.nvms == 0 ? "none" : c->sim.vms[
		    prng_below(r, (uint32_t)c->sim.nvms)].name);
		f->to = (sim_what_wants(f->what) & SIM_WANTS_TO_NAME) != 0 ?
		    x_asprintf("new%d", i) :
		    x_strdup(c->sim.hosts[host].name);
	}
}

/* The events of 300 s in random steps of at most max ms. */
static struct record
play(const struct conf *c, uint64_t seed, uint32_t max)
{
	struct record rec = { 0 };
	struct event_sink sink = { record, &rec };
	struct backend *b = sim_new(c, &sink, (struct mono){ 12345678 });
	struct prng r;
	int64_t ms = 0;

	prng_init(&r, seed);
	while (ms < 300000) {
		ms += 1 + prng_below(&r, max);
		if (ms > 300000)
			ms = 300000;
		b->ops->postpoll(b, NULL,
		    mono_add_ms((struct mono){ 12345678 }, ms), 7000000 + ms);
	}
	b->ops->free(b);
	return rec;
}

static void
same_seed_same_events(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS / 3; seed++) {
		struct record one, two, other;
		struct conf c;
		struct prng r;

		prng_init(&r, seed);
		make_conf(&c, &r, seed);
		add_faults(&c, &r);
		one = play(&c, 1, 50);
		two = play(&c, 2, 3000);
		assert_true(one.n > 100);
		assert_int_equal(one.n, two.n);
		assert_true(one.sum == two.sum);
		assert_true(one.capacity_pm > 0);
		assert_in_range(one.capacity_pm, 1, 1000);
		c.sim.seed++;
		other = play(&c, 1, 50);
		assert_true(other.sum != one.sum);
		conf_free(&c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(physics_holds),
		cmocka_unit_test(domids_wrap),
		cmocka_unit_test(same_seed_same_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
