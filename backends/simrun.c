/* The console's side of what runs on simulated hosts: messages to and fro, each
 * due after the link's latency, and in order. What is under way when a host is
 * out of reach arrives when it is back, as long as the connection lives; with a
 * connection that is lost, a command may be lost or may still get there, because
 * that is what a network does with bytes that nobody has acknowledged. */
#include "backends/simrun.h"

#include <stdio.h>
#include <string.h>

#include "backends/simproc.h"
#include "core/mem.h"
#include "core/prng.h"

enum { LATE_MS = 30 * 1000 }; /* so long may lost bytes still arrive */

enum msg_type { MSG_START, MSG_ATTACH, MSG_CANCEL, MSG_FORGET, MSG_NEWS };

struct msg {
	enum msg_type type;
	uint32_t host;
	uint32_t session;
	int64_t due, boot;
	char *id;
	/* Start: the run, all its own. */
	struct run run;
	/* Attach: or NULL. */
	char *boot_id;
	/* News. */
	enum run_what what;
	int status;
	int64_t up_ns;
	char *text;
	size_t n;
};

/* A run that the console wants to hear of. */
struct follow {
	char *id;
	uint32_t host;
	uint32_t session;
	size_t sent;  /* of its output */
	bool unheard; /* will not be heard of, for all that the link is up */
	int64_t due;  /* when that is noticed */
};

struct simrun {
	struct runner base;
	struct run_sink sink;
	struct backend *b;      /* NULL: it is gone */
	struct simworld *w;
	struct simlinks *l;
	struct simprocs *procs;
	struct msg **msgs;      /* in the order in which they were sent */
	size_t nmsgs, msgs_cap;
	struct follow *follows;
	size_t nfollows, follows_cap;
	int64_t *last[2];       /* by host: the latest due, there and back */
};

static struct simrun *
self(struct runner *r)
{
	return (struct simrun *)(void *)r;
}

/* --- Messages --------------------------------------------------------------- */

static void
free_run(struct run *run)
{
	char *const *argv = (char *const *)(uintptr_t)run->argv;

	for (size_t i = 0; argv != NULL && argv[i] != NULL; i++)
		x_free(argv[i]);
	x_free((void *)(uintptr_t)run->argv);
	x_free((void *)(uintptr_t)run->input);
	x_free((void *)(uintptr_t)run->boot_id);
}

static void
free_msg(struct msg *m)
{
	if (m->type == MSG_START)
		free_run(&m->run);
	x_free(m->id);
	x_free(m->boot_id);
	x_free(m->text);
	x_free(m);
}

static struct msg *
take_msg(struct simrun *r, size_t i)
{
	struct msg *m = r->msgs[i];

	memmove(r->msgs + i, r->msgs + i + 1,
	    (r->nmsgs - i - 1) * sizeof(struct msg *));
	r->nmsgs--;
	return m;
}

static struct msg *
send(struct simrun *r, enum msg_type type, uint32_t host, const char *id,
    int64_t now)
{
	struct msg *m = x_calloc(1, sizeof *m);
	int64_t *last = &r->last[type == MSG_NEWS][host];

	m->type = type;
	m->host = host;
	m->session = simlinks_session(r->l, host);
	m->due = now + simlinks_latency(r->l, host);
	if (m->due < *last)
		m->due = *last;
	*last = m->due;
	m->boot = r->w->hosts[host].boot;
	m->id = x_strdup(id);
	r->msgs = x_grow(r->msgs, r->nmsgs, &r->msgs_cap,
	    sizeof(struct msg *));
	r->msgs[r->nmsgs++] = m;
	return m;
}

static struct follow *
find_follow(struct simrun *r, uint32_t host, const char *id)
{
	for (size_t i = 0; i < r->nfollows; i++)
		if (r->follows[i].host == host &&
		    strcmp(r->follows[i].id, id) == 0)
			return &r->follows[i];
	return NULL;
}

static void
drop_follow(struct simrun *r, struct follow *f)
{
	x_free(f->id);
	*f = r->follows[--r->nfollows];
}

/* From its beginning. */
static void
follow(struct simrun *r, uint32_t host, const char *id)
{
	struct follow *f = find_follow(r, host, id);

	for (size_t i = r->nmsgs; i-- > 0;)
		if (r->msgs[i]->type == MSG_NEWS && r->msgs[i]->host == host &&
		    strcmp(r->msgs[i]->id, id) == 0)
			free_msg(take_msg(r, i));
	if (f == NULL) {
		r->follows = x_grow(r->follows, r->nfollows, &r->follows_cap,
		    sizeof *r->follows);
		f = &r->follows[r->nfollows++];
		*f = (struct follow){ .id = x_strdup(id), .host = host };
	}
	f->session = simlinks_session(r->l, host);
	f->sent = 0;
	f->unheard = false;
}

/* --- What a host does with them --------------------------------------------- */

static struct msg *
tell(struct simrun *r, uint32_t host, const char *id, enum run_what what)
{
	struct msg *m = send(r, MSG_NEWS, host, id, r->w->now);

	m->what = what;
	m->up_ns = (r->w->now - r->w->hosts[host].boot) * 1000000;
	return m;
}

/* What is new since the console heard of it last. */
static void
tell_progress(struct simrun *r, struct follow *f, const struct simproc *p)
{
	struct msg *m;

	if (p->out.len > f->sent) {
		m = tell(r, p->host, p->id, RUN_OUTPUT);
		m->n = p->out.len - f->sent;
		m->text = x_strndup(p->out.p + f->sent, m->n);
		f->sent = p->out.len;
	}
	if (p->state == SIMPROC_OVER) {
		m = tell(r, p->host, p->id, RUN_ENDED);
		m->status = p->status;
	}
}

static void
lose_touch(struct simrun *r, struct follow *f)
{
	f->unheard = true;
	f->due = r->w->now + SIMLINK_DETECT_MS;
}

static void
changed(void *arg, struct simproc *p)
{
	struct simrun *r = arg;
	struct follow *f = find_follow(r, p->host, p->id);

	if (f == NULL || f->unheard)
		return;
	if (p->mute && p->state == SIMPROC_OVER) {
		p->mute = false;
		lose_touch(r, f);
		return;
	}
	tell_progress(r, f, p);
}

static void
host_attach(struct simrun *r, const struct msg *m)
{
	const struct simproc *p = simprocs_find(r->procs, m->host, m->id);
	struct follow *f = find_follow(r, m->host, m->id);
	char boot[UUID_STR];

	simworld_boot_id(&r->w->hosts[m->host], boot);
	if (p == NULL)
		simprocs_bar(r->procs, m->host, m->id);
	if (f == NULL)
		return;
	if (p == NULL || p->state == SIMPROC_NEVER) {
		tell(r, m->host, m->id, m->boot_id != NULL &&
		    strcmp(m->boot_id, boot) == 0 ? RUN_ABSENT : RUN_GONE);
		return;
	}
	f->sent = 0;
	tell(r, m->host, m->id, RUN_STARTED);
	tell_progress(r, f, p);
}

static void
host_start(struct simrun *r, const struct msg *m)
{
	struct simhost *h = &r->w->hosts[m->host];
	struct follow *f = find_follow(r, m->host, m->id);
	char why[160];

	if (h->next_run == SIMRUN_LOST) {
		h->next_run = SIMRUN_WELL;
		if (f != NULL)
			lose_touch(r, f);
		return;
	}
	if (simprocs_find(r->procs, m->host, m->id) != NULL)
		return; /* whoever asks for it will hear of it */
	if (simprocs_begin(r->procs, m->host, &m->run, why,
	    sizeof why) != NULL) {
		tell(r, m->host, m->id, RUN_STARTED);
		return;
	}
	tell(r, m->host, m->id, RUN_GUARDED)->text = x_strdup(why);
}

static void
at_host(struct simrun *r, const struct msg *m)
{
	struct simproc *p;

	switch (m->type) {
	case MSG_START:
		host_start(r, m);
		break;
	case MSG_ATTACH:
		host_attach(r, m);
		break;
	case MSG_CANCEL:
		p = simprocs_find(r->procs, m->host, m->id);
		if (p != NULL)
			simprocs_term(r->procs, p);
		break;
	case MSG_FORGET:
		simprocs_forget(r->procs, m->host, m->id);
		break;
	case MSG_NEWS:
		break;
	}
}

/* --- What the console does with them ---------------------------------------- */

static void
at_console(struct simrun *r, const struct msg *m)
{
	struct follow *f = find_follow(r, m->host, m->id);
	struct run_news n = {
		.what = m->what,
		.id = m->id,
		.host = r->w->hosts[m->host].conf_host,
		.status = m->status,
		.up_ns = m->up_ns,
	};

	if (f == NULL || f->unheard)
		return;
	if (m->what == RUN_OUTPUT) {
		n.text = m->text;
		n.n = m->n;
	} else {
		n.why = m->text;
		if (m->what != RUN_STARTED)
			drop_follow(r, f);
	}
	r->sink.news(r->sink.arg, &n);
}

static void
unheard(struct simrun *r, struct follow *f)
{
	char *id = f->id, why[128];
	const struct simhost *h = &r->w->hosts[f->host];
	struct run_news n = {
		.what = RUN_UNHEARD,
		.id = id,
		.host = h->conf_host,
		.why = why,
	};

	snprintf(why, sizeof why, "the link to %s broke", h->conf->name);
	f->id = NULL;
	drop_follow(r, f);
	r->sink.news(r->sink.arg, &n);
	x_free(id);
}

/* --- Turns ------------------------------------------------------------------ */

enum fate { FATE_WAITS, FATE_ARRIVES, FATE_IS_LOST };

static enum fate
fate(const struct simrun *r, const struct msg *m)
{
	bool reachable = simlinks_reachable(r->l, m->host);
	bool connected = m->session == simlinks_session(r->l, m->host);

	if (r->w->hosts[m->host].boot != m->boot)
		return FATE_IS_LOST;
	if (!connected && (m->type != MSG_START ||
	    r->w->now >= m->due + LATE_MS ||
	    prng_hash(r->w->hosts[m->host].seed, (uint64_t)m->due) % 2 == 0))
		return FATE_IS_LOST;
	return reachable ? FATE_ARRIVES : FATE_WAITS;
}

/* The first that is due and can go either way. */
static struct msg *
next_msg(struct simrun *r, enum fate *how)
{
	for (size_t i = 0; i < r->nmsgs; i++) {
		if (r->msgs[i]->due > r->w->now)
			continue;
		*how = fate(r, r->msgs[i]);
		if (*how != FATE_WAITS)
			return take_msg(r, i);
	}
	return NULL;
}

static struct follow *
next_unheard(struct simrun *r)
{
	for (size_t i = 0; i < r->nfollows; i++) {
		struct follow *f = &r->follows[i];

		if (f->session != simlinks_session(r->l, f->host) ||
		    (f->unheard && f->due <= r->w->now))
			return f;
	}
	return NULL;
}

static void
run_part(void *arg)
{
	struct simrun *r = arg;
	struct follow *f;
	struct msg *m;
	enum fate how;

	while ((f = next_unheard(r)) != NULL)
		unheard(r, f);
	while ((m = next_msg(r, &how)) != NULL) {
		if (how == FATE_ARRIVES && m->type == MSG_NEWS)
			at_console(r, m);
		else if (how == FATE_ARRIVES)
			at_host(r, m);
		free_msg(m);
	}
}

/* What waits for its host is looked at whenever something happens there. */
static int64_t
next_due(void *arg)
{
	const struct simrun *r = arg;
	int64_t t = INT64_MAX;

	for (size_t i = 0; i < r->nmsgs; i++)
		if (r->msgs[i]->due > r->w->now && r->msgs[i]->due < t)
			t = r->msgs[i]->due;
	for (size_t i = 0; i < r->nfollows; i++)
		if (r->follows[i].unheard && r->follows[i].due < t)
			t = r->follows[i].due;
	return t;
}

/* --- The runner ------------------------------------------------------------- */

static uint32_t
connected_host(const struct simrun *r, uint32_t conf_host)
{
	uint32_t host = r->b == NULL ? SIM_NONE : sim_host(r->b, conf_host);

	return host == SIM_NONE || simlinks_session(r->l, host) == 0 ?
	    SIM_NONE : host;
}

static int
op_start(struct runner *base, const struct run *run, struct mono now)
{
	struct simrun *r = self(base);
	uint32_t host = connected_host(r, run->host);
	const char **argv;
	struct msg *m;
	size_t n = 0;

	if (host == SIM_NONE)
		return -1;
	while (run->argv[n] != NULL)
		n++;
	argv = x_calloc(n + 1, sizeof *argv);
	for (size_t i = 0; i < n; i++)
		argv[i] = x_strdup(run->argv[i]);
	m = send(r, MSG_START, host, run->id, sim_now(r->b, now));
	m->run = *run;
	m->run.id = m->id;
	m->run.argv = argv;
	m->run.input = run->input == NULL ? NULL :
	    x_strndup(run->input, run->input_len);
	m->run.boot_id = x_strdup(run->boot_id);
	follow(r, host, run->id);
	return 0;
}

static int
op_attach(struct runner *base, uint32_t conf_host, const char *id,
    const char *boot_id, struct mono now)
{
	struct simrun *r = self(base);
	uint32_t host = connected_host(r, conf_host);
	struct msg *m;

	if (host == SIM_NONE)
		return -1;
	m = send(r, MSG_ATTACH, host, id, sim_now(r->b, now));
	m->boot_id = x_strdup(boot_id);
	follow(r, host, id);
	return 0;
}

static int
op_cancel(struct runner *base, uint32_t conf_host, const char *id)
{
	struct simrun *r = self(base);
	uint32_t host = connected_host(r, conf_host);

	if (host == SIM_NONE)
		return -1;
	send(r, MSG_CANCEL, host, id, r->w->now);
	return 0;
}

static void
op_forget(struct runner *base, uint32_t conf_host, const char *id)
{
	struct simrun *r = self(base);
	uint32_t host = connected_host(r, conf_host);

	if (host != SIM_NONE)
		send(r, MSG_FORGET, host, id, r->w->now);
}

/* All happens in the backend's own turns. */
static void
op_tick(struct runner *base, struct mono now, struct mono *deadline)
{
	(void)base;
	(void)now;
	(void)deadline;
}

static void
gone(void *arg)
{
	struct simrun *r = arg;

	r->b = NULL;
}

static void
op_free(struct runner *base)
{
	struct simrun *r = self(base);

	if (r->b != NULL) {
		r->procs->changed = NULL;
		r->procs->next = NULL;
		r->procs->run = NULL;
		r->procs->gone = NULL;
	}
	while (r->nmsgs > 0)
		free_msg(take_msg(r, r->nmsgs - 1));
	while (r->nfollows > 0)
		drop_follow(r, &r->follows[r->nfollows - 1]);
	x_free(r->msgs);
	x_free(r->follows);
	x_free(r->last[0]);
	x_free(r->last[1]);
	x_free(r);
}

struct runner *
simrun_new(struct backend *sim, const struct run_sink *sink)
{
	static const struct runner_ops ops = {
		.name = "sim",
		.start = op_start,
		.attach = op_attach,
		.cancel = op_cancel,
		.forget = op_forget,
		.tick = op_tick,
		.free = op_free,
	};
	struct simrun *r = x_calloc(1, sizeof *r);

	r->base.ops = &ops;
	r->sink = *sink;
	r->b = sim;
	r->w = sim_world(sim);
	r->l = sim_links(sim);
	r->procs = simprocs_of(sim);
	for (int i = 0; i < 2; i++)
		r->last[i] = x_calloc(r->w->nhosts, sizeof *r->last[i]);
	r->procs->changed = changed;
	r->procs->next = next_due;
	r->procs->run = run_part;
	r->procs->gone = gone;
	r->procs->arg = r;
	return &r->base;
}
