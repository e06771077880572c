/* The simulated machines: their memory and domains, and the passing of time.
 * They are made in simmake.c; what is done to VMs is in simvm.c, simop.c and
 * simmig.c, what a host says of itself in simobs.c.
 *
 * Nothing is stepped: counters are functions of time (simload.c), everything
 * else happens at timers. So time may pass in steps of any size and the world
 * comes out the same. */
#include "backends/simworld.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"

enum {
	DOMID_LAST = 0x7fef, /* DOMID_FIRST_RESERVED - 1: xen.h */
	VNC_FIRST = 5900,
	MILLION = 1000000,
	BALLOON_MS = 250,
	BALLOON_KB = 128 * 1024, /* in that time */
	WEIGHT = 256,
};

enum kind { TIMER_BOOTED, TIMER_OP, TIMER_BALLOON };

void
simworld_note(struct simworld *w, uint32_t host, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	w->note(w->note_arg, host, text);
}

/* --- Domains -------------------------------------------------------------- */

bool
simdom_runs(const struct simdom *d)
{
	return !d->paused && d->reason == REASON_NONE && d->mem_kb > 0;
}

void
simdom_fold(struct simworld *w, struct simdom *d)
{
	if (simdom_runs(d)) {
		d->cpu_ns += simload_ns(&d->load, d->since, w->now);
		d->run_ms += w->now - d->since;
	}
	d->since = w->now;
}

struct simdom *
simdom_at(struct simhost *h, uint32_t domid)
{
	for (size_t i = 0; i < h->ndoms; i++)
		if (h->doms[i].domid == domid)
			return &h->doms[i];
	return NULL;
}

struct simdom *
simdom_named(struct simhost *h, const char *name)
{
	for (size_t i = 0; i < h->ndoms; i++)
		if (strcmp(h->doms[i].name, name) == 0)
			return &h->doms[i];
	return NULL;
}

static const char *const suffixes[] = {
	[SIM_PLAIN] = "",
	[SIM_INCOMING] = "--incoming",
	[SIM_MIGRATEDAWAY] = "--migratedaway",
};

void
simdom_plain_name(char *out, size_t size, const struct simdom *d)
{
	size_t n = strlen(d->name), add = strlen(suffixes[d->role]);

	snprintf(out, size, "%.*s", (int)(n > add ? n - add : n), d->name);
}

void
simdom_rename(struct simworld *w, struct simdom *d, const char *name,
    enum simrole role)
{
	char text[OBS_NAME_MAX + 1];

	d->role = role;
	snprintf(text, sizeof text, "%s%s", name, suffixes[role]);
	d->name = role == SIM_PLAIN ? name : simworld_text(w, text);
}

struct simdom *
simdom_of(struct simhost *h, uint32_t vm, enum simrole role)
{
	for (size_t i = 0; i < h->ndoms; i++)
		if (h->doms[i].vm == vm && h->doms[i].role == role)
			return &h->doms[i];
	return NULL;
}

int64_t
simworld_dom0_kb(const struct simhost *h)
{
	int64_t kb = h->conf->mem_kb / 8;

	return kb < 4 << 20 ? kb : 4 << 20;
}

int64_t
simworld_free_kb(const struct simhost *h)
{
	int64_t kb = h->conf->mem_kb;

	for (size_t i = 0; i < h->ndoms; i++)
		kb -= h->doms[i].mem_kb;
	return kb;
}

/* Nobody gets more CPU than there is: when vCPUs are more than pCPUs, each one
 * gets its share at most. */
static void
reshare(struct simworld *w, struct simhost *h)
{
	int64_t vcpus = 0, each = MILLION;

	for (size_t i = 0; i < h->ndoms; i++)
		vcpus += h->doms[i].vcpus;
	if (vcpus > h->conf->cpus)
		each = (int64_t)MILLION * h->conf->cpus / vcpus;
	for (size_t i = 0; i < h->ndoms; i++) {
		struct simdom *d = &h->doms[i];
		int64_t mean = (int64_t)d->vcpus * MILLION / 100;

		simdom_fold(w, d);
		mean = d->vm == SIM_NONE ? mean + mean * (int64_t)h->ndoms / 8 :
		    mean * w->vms[d->vm].conf->load_pc + MILLION / 1000;
		d->load.cap = each * d->vcpus;
		d->load.mean = mean < d->load.cap ? mean : d->load.cap;
	}
}

static bool
is_domid_used(const struct simhost *h, uint32_t domid)
{
	for (size_t i = 0; i < h->ndoms; i++)
		if (h->doms[i].domid == domid)
			return true;
	return false;
}

static uint32_t
new_domid(struct simhost *h)
{
	uint32_t domid;

	do {
		domid = h->next_domid++;
		if (h->next_domid > DOMID_LAST)
			h->next_domid = 1;
	} while (is_domid_used(h, domid));
	return domid;
}

static int32_t
new_vnc_port(const struct simhost *h)
{
	int32_t port = VNC_FIRST;

	for (size_t i = 0; i < h->ndoms; i++)
		if (h->doms[i].vnc_port == port) {
			port++;
			i = (size_t)-1; /* look again from the start */
		}
	return port;
}

static struct simdom *
insert(struct simhost *h, uint32_t domid)
{
	size_t i = h->ndoms;

	h->doms = x_grow(h->doms, h->ndoms, &h->doms_cap, sizeof *h->doms);
	for (; i > 0 && h->doms[i - 1].domid > domid; i--)
		h->doms[i] = h->doms[i - 1];
	h->ndoms++;
	h->doms[i] = (struct simdom){
		.domid = domid,
		.vm = SIM_NONE,
		.reason = REASON_NONE,
		.vnc_port = OBS_UNKNOWN,
	};
	return &h->doms[i];
}

struct simdom *
simdom_add(struct simworld *w, uint32_t host, uint32_t vm, enum simrole role,
    int64_t mem_kb)
{
	struct simhost *h = &w->hosts[host];
	const struct simvm *v = &w->vms[vm];
	int32_t port = v->conf->type == VM_TYPE_HVM ? new_vnc_port(h) :
	    OBS_UNKNOWN;
	struct simdom *d = insert(h, new_domid(h));

	d->vm = vm;
	simdom_rename(w, d, v->name, role);
	d->mem_kb = d->target_kb = d->max_kb = mem_kb;
	d->vcpus = d->vcpus_max = v->conf->vcpus;
	d->weight = WEIGHT;
	d->vnc_port = port;
	d->start = d->since = w->now;
	d->load.seed = v->seed;
	reshare(w, h);
	return d;
}

void
simdom_set_vcpus(struct simworld *w, uint32_t host, struct simdom *d,
    int vcpus)
{
	d->vcpus = vcpus;
	reshare(w, &w->hosts[host]);
}

bool
simdom_has_drivers(const struct simworld *w, const struct simdom *d)
{
	return w->vms[d->vm].conf->type != VM_TYPE_HVM ||
	    w->vms[d->vm].seed % 2 == 0;
}

bool
simdom_listens(const struct simworld *w, const struct simdom *d)
{
	return simdom_runs(d) && !w->vms[d->vm].hung;
}

void
simdom_balloon(struct simworld *w, uint32_t host, struct simdom *d,
    int64_t kb)
{
	bool idle = d->mem_kb == d->target_kb;

	d->target_kb = kb;
	if (idle && kb != d->mem_kb)
		simtimer_set(&w->timers, w->now + BALLOON_MS, TIMER_BALLOON,
		    host, d->domid);
}

static void
balloon(struct simworld *w, uint32_t host, uint32_t domid)
{
	struct simdom *d = simdom_at(&w->hosts[host], domid);
	int64_t room = simworld_free_kb(&w->hosts[host]), step;

	if (d == NULL || d->vm == SIM_NONE || d->mem_kb == d->target_kb)
		return;
	step = d->target_kb - d->mem_kb;
	if (step < -BALLOON_KB)
		step = -BALLOON_KB;
	if (step > BALLOON_KB)
		step = BALLOON_KB;
	if (step > room)
		step = room;
	if (simdom_listens(w, d) && simdom_has_drivers(w, d))
		d->mem_kb += step;
	if (d->mem_kb != d->target_kb)
		simtimer_set(&w->timers, w->now + BALLOON_MS, TIMER_BALLOON,
		    host, domid);
}

void
simdom_remove(struct simworld *w, uint32_t host, struct simdom *d)
{
	struct simhost *h = &w->hosts[host];
	size_t i = (size_t)(d - h->doms);

	memmove(d, d + 1, (h->ndoms - i - 1) * sizeof *d);
	h->ndoms--;
	reshare(w, h);
}

/* --- Hosts ---------------------------------------------------------------- */

void
simhost_come_up(struct simworld *w, struct simhost *h)
{
	struct simdom *d;

	h->power = SIM_POWER_ON;
	h->boot = w->now;
	buf_free(&h->log);
	h->next_domid = 1;
	h->ndoms = 0;
	d = insert(h, 0);
	d->name = "Domain-0";
	d->mem_kb = d->target_kb = simworld_dom0_kb(h);
	d->vcpus = d->vcpus_max = h->conf->cpus < 4 ? h->conf->cpus : 4;
	d->start = d->since = w->now;
	d->load.seed = h->seed;
	reshare(w, h);
}

struct simfile *
simhost_file(struct simhost *h, const char *path)
{
	for (size_t i = 0; i < h->nfiles; i++)
		if (strcmp(h->files[i].path, path) == 0)
			return &h->files[i];
	return NULL;
}

struct simfile *
simhost_save(struct simworld *w, uint32_t host, const char *path, uint32_t vm)
{
	struct simhost *h = &w->hosts[host];
	struct simfile *f = simhost_file(h, path);

	if (f == NULL) {
		h->files = x_grow(h->files, h->nfiles, &h->files_cap,
		    sizeof *h->files);
		f = &h->files[h->nfiles++];
	}
	*f = (struct simfile){
		.path = simworld_text(w, path),
		.vm = vm,
	};
	return f;
}

void
simworld_power_off(struct simworld *w, uint32_t host)
{
	struct simhost *h = &w->hosts[host];

	if (h->power == SIM_POWER_OFF)
		return;
	h->power = SIM_POWER_OFF;
	h->gen++;
	h->ndoms = 0;
	simop_host_died(w, host);
}

void
simworld_power_on(struct simworld *w, uint32_t host)
{
	struct simhost *h = &w->hosts[host];

	if (h->power != SIM_POWER_OFF)
		return;
	h->power = SIM_POWER_BOOTING;
	h->gen++;
	simtimer_set(&w->timers, w->now + SIM_BOOT_MS, TIMER_BOOTED, host,
	    h->gen);
}

/* --- Time ----------------------------------------------------------------- */

void
simop_phase(struct simworld *w, uint32_t op, enum simbusy busy, int64_t ms)
{
	struct simop *o = &w->ops[op];

	o->busy = busy;
	o->began = w->now;
	o->ends = w->now + ms;
	simtimer_set(&w->timers, o->ends, TIMER_OP, op, ++o->gen);
}

int64_t
simworld_next(const struct simworld *w)
{
	return simtimer_next(&w->timers);
}

void
simworld_run(struct simworld *w, int64_t t)
{
	struct simtimer e;

	assert(t >= w->now);
	while (simtimer_next(&w->timers) <= t) {
		simtimer_take(&w->timers, t, &e);
		w->now = e.t;
		if (e.kind == TIMER_OP && w->ops[e.what].gen == e.gen)
			simop_timer(w, e.what);
		else if (e.kind == TIMER_BALLOON)
			balloon(w, e.what, e.gen);
		else if (e.kind == TIMER_BOOTED &&
		    w->hosts[e.what].gen == e.gen)
			simhost_come_up(w, &w->hosts[e.what]);
	}
	w->now = t;
}

uint32_t
simworld_host(const struct simworld *w, const char *name)
{
	for (size_t i = 0; i < w->nhosts; i++)
		if (strcmp(w->hosts[i].conf->name, name) == 0)
			return (uint32_t)i;
	return SIM_NONE;
}

uint32_t
simworld_vm(const struct simworld *w, const char *name)
{
	for (size_t i = 0; i < w->nvms; i++)
		if (strcmp(w->vms[i].name, name) == 0)
			return (uint32_t)i;
	for (size_t i = 0; i < w->nvms; i++)
		if (strcmp(w->vms[i].conf->name, name) == 0)
			return (uint32_t)i;
	return SIM_NONE;
}

uint32_t
simworld_where(const struct simworld *w, uint32_t vm)
{
	for (size_t i = 0; i < w->nhosts; i++)
		if (simdom_of(&w->hosts[i], vm, SIM_PLAIN) != NULL)
			return (uint32_t)i;
	return SIM_NONE;
}
