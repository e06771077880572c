/* Commands on simulated hosts. A host's record of a run begins before its command
 * does, and goes only when it is told to forget it or loses power: that is what
 * makes it possible to ask later. A run's id is never used twice: what was
 * refused, or was asked for before it came, is barred. */
#include "backends/simproc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "backends/simxl.h"
#include "core/mem.h"
#include "core/request.h"

static struct simprocs *
self(struct sim_part *p)
{
	return (struct simprocs *)(void *)p;
}

static const struct simprocs *
const_self(const struct sim_part *p)
{
	return (const struct simprocs *)(const void *)p;
}

/* --- Commands --------------------------------------------------------------- */

static void vprint(struct simproc *p, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

static void
vprint(struct simproc *p, const char *fmt, va_list ap)
{
	char text[1024];
	size_t n, room = p->out.max - p->out.len;

	vsnprintf(text, sizeof text, fmt, ap);
	n = strlen(text);
	buf_add(&p->out, text, n < room ? n : room);
}

void
simproc_print(struct simproc *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint(p, fmt, ap);
	va_end(ap);
}

void
simproc_end(struct simproc *p, int status)
{
	p->state = SIMPROC_OVER;
	p->status = status;
	p->due = INT64_MAX;
}

void
simproc_fail(struct simproc *p, int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint(p, fmt, ap);
	va_end(ap);
	simproc_end(p, status);
}

void
simproc_wait(const struct simworld *w, struct simproc *p, int phase,
    int64_t ms)
{
	p->phase = phase;
	p->due = w->now + ms;
}

/* --- Records ---------------------------------------------------------------- */

static void
free_proc(struct simworld *w, struct simproc *p)
{
	if (p->op != SIM_NONE)
		w->ops[p->op].kept = false;
	for (size_t i = 0; p->argv != NULL && p->argv[i] != NULL; i++)
		x_free(p->argv[i]);
	x_free(p->argv);
	x_free(p->input);
	x_free(p->id);
	buf_free(&p->out);
	x_free(p);
}

static void
remove_at(struct simprocs *s, size_t i)
{
	free_proc(s->w, s->v[i]);
	memmove(s->v + i, s->v + i + 1, (s->n - i - 1) * sizeof *s->v);
	s->n--;
}

struct simproc *
simprocs_find(const struct simprocs *s, uint32_t host, const char *id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->host == host && strcmp(s->v[i]->id, id) == 0)
			return s->v[i];
	return NULL;
}

static struct simproc *
add(struct simprocs *s, uint32_t host, const char *id)
{
	struct simproc *p = x_calloc(1, sizeof *p);

	p->id = x_strdup(id);
	p->all = s;
	p->host = host;
	p->boot = s->w->hosts[host].boot;
	p->state = SIMPROC_NEVER;
	p->due = INT64_MAX;
	p->domid = p->op = SIM_NONE;
	buf_init(&p->out, RUN_OUTPUT_MAX);
	s->v = x_grow(s->v, s->n, &s->cap, sizeof *s->v);
	s->v[s->n++] = p;
	return p;
}

void
simprocs_bar(struct simprocs *s, uint32_t host, const char *id)
{
	if (simprocs_find(s, host, id) == NULL)
		add(s, host, id);
}

void
simprocs_forget(struct simprocs *s, uint32_t host, const char *id)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->host == host && strcmp(s->v[i]->id, id) == 0 &&
		    s->v[i]->state == SIMPROC_OVER) {
			remove_at(s, i);
			return;
		}
}

/* --- Beginning -------------------------------------------------------------- */

static bool
is_guarded(const struct simprocs *s, uint32_t host, const struct run *run,
    char *why, size_t size)
{
	struct simhost *h = &s->w->hosts[host];
	const char *name = h->conf->name;
	const struct simdom *d;
	char boot[UUID_STR];

	simworld_boot_id(h, boot);
	if (run->boot_id != NULL && strcmp(run->boot_id, boot) != 0) {
		snprintf(why, size, "%s has been rebooted since", name);
		return true;
	}
	d = run->domid == REQUEST_NO_DOMID ? NULL : simdom_at(h, run->domid);
	if (run->domid != REQUEST_NO_DOMID && d == NULL) {
		snprintf(why, size, "%s has no domain %u any more", name,
		    run->domid);
		return true;
	}
	if (d != NULL && !uuid_is_nil(&run->uuid) && (d->vm == SIM_NONE ||
	    uuid_cmp(&s->w->vms[d->vm].uuid, &run->uuid) != 0)) {
		snprintf(why, size, "domain %u on %s is another VM by now",
		    run->domid, name);
		return true;
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct simproc *p = s->v[i];

		if (p->host == host && p->state == SIMPROC_RUNS &&
		    !uuid_is_nil(&run->uuid) &&
		    uuid_cmp(&p->uuid, &run->uuid) == 0) {
			snprintf(why, size, "another command about this VM "
			    "runs on %s", name);
			return true;
		}
	}
	return false;
}

static void
take_fault(struct simhost *h, struct simproc *p)
{
	p->hangs = h->next_run == SIMRUN_HANGS;
	p->mute = h->next_run == SIMRUN_MUTE;
	if (p->hangs || p->mute)
		h->next_run = SIMRUN_WELL;
}

struct simproc *
simprocs_begin(struct simprocs *s, uint32_t host, const struct run *run,
    char *why, size_t size)
{
	bool guarded = is_guarded(s, host, run, why, size);
	struct simproc *p = add(s, host, run->id);
	size_t n = 0;

	if (guarded)
		return NULL;
	while (run->argv[n] != NULL)
		n++;
	p->argv = x_calloc(n + 1, sizeof *p->argv);
	for (size_t i = 0; i < n; i++)
		p->argv[i] = x_strdup(run->argv[i]);
	if (run->input != NULL) {
		p->input = x_strndup(run->input, run->input_len);
		p->input_len = run->input_len;
	}
	p->uuid = run->uuid;
	p->state = SIMPROC_RUNS;
	p->due = s->w->now;
	take_fault(&s->w->hosts[host], p);
	return p;
}

/* --- Time ------------------------------------------------------------------- */

static void
terminated(struct simworld *w, struct simproc *p)
{
	if (p->op != SIM_NONE)
		simmig_abort(w, p->op);
	simproc_end(p, 128 + SIMPROC_SIGTERM);
}

static void
turn(struct simprocs *s, struct simproc *p)
{
	size_t len = p->out.len;
	enum simproc_state state = p->state;

	p->due = INT64_MAX;
	if (p->term)
		terminated(s->w, p);
	else if (!p->hangs)
		simxl_step(s->w, p);
	if (s->changed != NULL && (p->out.len != len || p->state != state))
		s->changed(s->arg, p);
}

void
simprocs_term(struct simprocs *s, struct simproc *p)
{
	if (p->state != SIMPROC_RUNS)
		return;
	p->term = true;
	p->due = s->w->now;
}

/* Without power a host runs nothing and remembers nothing. */
static void
drop_dead(struct simprocs *s)
{
	for (size_t i = s->n; i-- > 0;) {
		const struct simhost *h = &s->w->hosts[s->v[i]->host];

		if (h->power != SIM_POWER_ON || h->boot != s->v[i]->boot)
			remove_at(s, i);
	}
}

static int64_t
part_next(const struct sim_part *part)
{
	const struct simprocs *s = const_self(part);
	int64_t t = s->next != NULL ? s->next(s->arg) : INT64_MAX;

	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->due < t)
			t = s->v[i]->due;
	return t;
}

static bool
one_turn(struct simprocs *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->v[i]->due <= s->w->now) {
			turn(s, s->v[i]);
			return true;
		}
	return false;
}

static void
part_run(struct sim_part *part)
{
	struct simprocs *s = self(part);

	drop_dead(s);
	do {
		if (s->run != NULL)
			s->run(s->arg);
	} while (one_turn(s));
}

static void
part_free(struct sim_part *part)
{
	struct simprocs *s = self(part);

	if (s->gone != NULL)
		s->gone(s->arg);
	for (size_t i = 0; i < s->n; i++)
		free_proc(s->w, s->v[i]);
	x_free(s->v);
	x_free(s);
}

struct simprocs *
simprocs_of(struct backend *sim)
{
	static const struct sim_part_ops ops = {
		.next = part_next,
		.run = part_run,
		.free = part_free,
	};
	struct sim_part *part = sim_part(sim);
	struct simprocs *s;

	if (part != NULL)
		return self(part);
	s = x_calloc(1, sizeof *s);
	s->base.ops = &ops;
	s->b = sim;
	s->w = sim_world(sim);
	sim_set_part(sim, &s->base);
	return s;
}
