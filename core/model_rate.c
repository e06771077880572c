/* Counters become rates. The source's own monotonic clock is divided by, so
 * neither a late answer nor a wall clock that jumps bends a figure. */
#include "core/model_priv.h"

enum {
	/* Frames that follow at once after a domain event would give noise. */
	SHORTEST_MS = 200,
	/* After a longer silence a mean would hide what happened. */
	LONGEST_MS = 120000,
};

static int64_t
rate(int64_t now, int64_t before, int64_t dt_ns)
{
	double r;

	if (now < 0 || before < 0 || now < before)
		return OBS_UNKNOWN;
	r = (double)(now - before) * 1e9 / (double)dt_ns;
	return r > 1e15 ? OBS_UNKNOWN : (int64_t)r; /* nobody has such a card */
}

/* Nanoseconds of CPU per nanosecond, per mille. */
static int32_t
share(int64_t now, int64_t before, int64_t dt_ns)
{
	double pm;

	if (now < 0 || before < 0 || now < before)
		return OBS_UNKNOWN;
	pm = (double)(now - before) * 1000 / (double)dt_ns + 0.5;
	return pm > 4096000 ? OBS_UNKNOWN : (int32_t)pm;
}

static void
take_counters(struct vm_copy *c, const struct obs_dom *d, int64_t t_ns)
{
	c->t_ns = t_ns;
	c->cpu_ns = d->cpu_ns;
	c->c_net_rx = d->net_rx;
	c->c_net_tx = d->net_tx;
	c->c_disk_rd = d->disk_rd;
	c->c_disk_wr = d->disk_wr;
}

void
model_rate_copy(struct vm_copy *c, const struct obs_dom *d, int64_t t_ns)
{
	int64_t dt = t_ns - c->t_ns;

	if (c->round == 0 || dt < 0 || dt > LONGEST_MS * INT64_C(1000000)) {
		c->cpu_pm = d->cpu_pm;
		c->net_rx = c->net_tx = OBS_UNKNOWN;
		c->disk_rd = c->disk_wr = OBS_UNKNOWN;
		take_counters(c, d, t_ns);
		return;
	}
	if (dt < SHORTEST_MS * INT64_C(1000000))
		return;
	c->cpu_pm = d->cpu_pm >= 0 ? d->cpu_pm :
	    share(d->cpu_ns, c->cpu_ns, dt);
	c->net_rx = rate(d->net_rx, c->c_net_rx, dt);
	c->net_tx = rate(d->net_tx, c->c_net_tx, dt);
	c->disk_rd = rate(d->disk_rd, c->c_disk_rd, dt);
	c->disk_wr = rate(d->disk_wr, c->c_disk_wr, dt);
	take_counters(c, d, t_ns);
}

void
model_rate_host(struct host *h, const struct obs *o)
{
	const struct obs_dom *d0 = obs_find(o, 0);
	int64_t dt = o->t_ns - h->t_ns;

	if (d0 == NULL) {
		h->dom0_cpu_pm = OBS_UNKNOWN;
		h->dom0_cpu_ns = OBS_UNKNOWN;
	} else if (!h->seen || dt < 0 || dt > LONGEST_MS * INT64_C(1000000)) {
		h->dom0_cpu_pm = d0->cpu_pm;
		h->dom0_cpu_ns = d0->cpu_ns;
	} else if (dt >= SHORTEST_MS * INT64_C(1000000)) {
		h->dom0_cpu_pm = d0->cpu_pm >= 0 ? d0->cpu_pm :
		    share(d0->cpu_ns, h->dom0_cpu_ns, dt);
		h->dom0_cpu_ns = d0->cpu_ns;
	} else {
		return;
	}
	h->t_ns = o->t_ns;
}
