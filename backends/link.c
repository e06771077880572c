/* One host's link. The preferred way is libssh2 and the agent; what cannot be
 * done that way is done by OpenSSH's ssh, or by a shell, and a note beside the
 * host says why. A link that fails is tried again with growing pauses; one that
 * needs the operator says so and looks again now and then, so that a wall
 * screen recovers by itself once somebody has mended it. */
#define _DEFAULT_SOURCE
#include "backends/link.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/answer.h"
#include "core/buf.h"
#include "core/mem.h"

enum {
	FIRST_PAUSE_MS = 1000,
	LONGEST_PAUSE_MS = 60000,
	REFUSED_PAUSE_MS = 300000,
	UNTRUSTED_PAUSE_MS = 60000, /* `xendeck trust` may come any moment */
	STEADY_MS = 30000,          /* working so long forgives failures */
	ANSWER_MS = 25000,          /* to what was asked */
};

/* --- Which way ------------------------------------------------------------ */

static bool
is_this_machine(const struct conf_host *h)
{
	char name[256];

	if (h->port != 0 || h->user != NULL || h->jump != NULL)
		return false;
	if (strcmp(h->address, "localhost") == 0)
		return true;
	if (gethostname(name, sizeof name) != 0)
		return false;
	name[sizeof name - 1] = '\0';
	return strcmp(h->address, name) == 0;
}

static void
choose_preferred(struct link *l)
{
	switch (l->conf->transport) {
	case TRANSPORT_AUTO:
		l->transport_ops = is_this_machine(l->conf) ? &transport_local :
		    &transport_libssh2;
		break;
	case TRANSPORT_LIBSSH2:
		l->transport_ops = &transport_libssh2;
		break;
	case TRANSPORT_OPENSSH:
		l->transport_ops = &transport_openssh;
		break;
	case TRANSPORT_LOCAL:
	case TRANSPORT_SIM: /* not ours; never linked */
		l->transport_ops = &transport_local;
		break;
	}
	l->observer_ops = l->conf->observer == OBSERVER_SHELL ?
	    &observer_shell : &observer_agent;
	x_replace(&l->transport_note, NULL);
	x_replace(&l->observer_note, NULL);
}

void
link_init(struct link *l, uint32_t host, const struct conf *conf,
    const struct event_sink *sink, struct defpool *pool, uint64_t seed)
{
	*l = (struct link){
		.host = host,
		.conf = &conf->hosts[host],
		.sink = sink,
		.pool = pool,
		.refresh_ms = conf->refresh_ms,
		.phase = LINK_PHASE_WAITING,
		.retry = MONO_ZERO,
	};
	for (size_t i = 0; i < ASK_COUNT; i++)
		l->asked[i] = MONO_NEVER;
	l->told = *l->conf;
	if (l->told.definitions == NULL && l->conf->cluster < conf->nclusters)
		l->told.definitions =
		    conf->clusters[l->conf->cluster].definitions;
	prng_init(&l->random, seed + host);
	choose_preferred(l);
}

/* --- Telling -------------------------------------------------------------- */

static char *
join_notes(const struct link *l)
{
	const char *parts[] = { l->transport_note, l->observer_note,
		l->source_note };
	char *all = NULL;

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		char *longer;

		if (parts[i] == NULL)
			continue;
		longer = all == NULL ? x_strdup(parts[i]) :
		    x_asprintf("%s; %s", all, parts[i]);
		x_free(all);
		all = longer;
	}
	return all;
}

static void
tell(struct link *l, enum link_state state, const char *reason)
{
	char *note = join_notes(l);
	struct event e = {
		.type = EVENT_LINK,
		.host = l->host,
		.at = l->now,
		.wall_ms = l->wall_ms,
		.u.link = {
			.state = state,
			.reason = reason,
			.transport = l->transport_ops->name,
			.observer = l->observer_ops->name,
			.note = note,
			.retry = state == LINK_DOWN || state == LINK_REFUSED ?
			    l->retry : MONO_NEVER,
		},
	};

	l->sink->emit(l->sink->arg, &e);
	x_free(note);
}

/* --- Questions ------------------------------------------------------------- */

int
link_ask(struct link *l, enum backend_ask what, struct mono now)
{
	if (l->phase != LINK_PHASE_WORKING || l->is_down || l->has_failed)
		return -1;
	if (l->asked[what].ns == MONO_NEVER.ns) {
		l->asked[what] = mono_add_ms(now, ANSWER_MS);
		l->observer->ops->ask(l->observer, what);
	}
	return 0;
}

static void
answer(struct link *l, enum backend_ask what, const char *text,
    const char *error)
{
	struct event e = {
		.type = EVENT_ANSWER,
		.host = l->host,
		.at = l->now,
		.wall_ms = l->wall_ms,
		.u.answer = { what, text, error },
	};

	l->asked[what] = MONO_NEVER;
	l->sink->emit(l->sink->arg, &e);
}

static void
cb_answer(void *arg, enum backend_ask what, const char *text, size_t n,
    const char *error)
{
	struct link *l = arg;
	struct buf clean;

	if (l->asked[what].ns == MONO_NEVER.ns)
		return; /* too late, or nobody wanted to know */
	if (text == NULL) {
		answer(l, what, NULL, error);
		return;
	}
	buf_init(&clean, 2 * ANSWER_MAX);
	answer_clean(&clean, text, n);
	answer(l, what, clean.len != 0 ? clean.p : "", NULL);
	buf_free(&clean);
}

/* Whoever waits is told that nothing will come. */
static void
give_up_asking(struct link *l, bool all, const char *why)
{
	char text[sizeof l->why + 64];

	for (int i = 0; i < ASK_COUNT; i++) {
		if (l->asked[i].ns == MONO_NEVER.ns ||
		    (!all && !mono_reached(l->asked[i], l->now)))
			continue;
		if (why == NULL)
			snprintf(text, sizeof text, "%s did not answer within "
			    "%d s: is the %s there up to date, and not busy "
			    "with another command?", l->conf->name,
			    ANSWER_MS / 1000, l->observer_ops->name);
		else
			snprintf(text, sizeof text, "%s", why);
		answer(l, (enum backend_ask)i, NULL, text);
	}
}

/* --- Failing -------------------------------------------------------------- */

static void
close_all(struct link *l)
{
	if (l->observer != NULL)
		l->observer->ops->free(l->observer);
	if (l->transport != NULL)
		l->transport->ops->close(l->transport);
	l->observer = NULL;
	l->transport = NULL;
	l->is_up = l->is_down = l->has_failed = false;
	x_replace(&l->source_note, NULL);
	l->phase = LINK_PHASE_WAITING;
}

static int64_t
next_pause_ms(struct link *l)
{
	int64_t ms = FIRST_PAUSE_MS;

	for (unsigned i = 1; i < l->failures && ms < LONGEST_PAUSE_MS; i++)
		ms *= 2;
	if (ms > LONGEST_PAUSE_MS)
		ms = LONGEST_PAUSE_MS;
	/* Three quarters to five quarters of it, so that hundred links that
	 * broke together do not come back together. */
	return ms * 3 / 4 +
	    (int64_t)prng_below(&l->random, (uint32_t)(ms / 2 + 1));
}

static void
try_again(struct link *l, const char *why)
{
	bool was_steady = l->phase == LINK_PHASE_WORKING &&
	    mono_diff_ms(l->now, l->working_since) >= STEADY_MS;

	if (was_steady)
		l->failures = 0;
	l->failures++;
	give_up_asking(l, true, why);
	close_all(l);
	l->retry = mono_add_ms(l->now, next_pause_ms(l));
	tell(l, LINK_DOWN, why);
	/* An agent may have been installed since, or sshd updated. */
	if (was_steady)
		choose_preferred(l);
}

static void
refuse(struct link *l, const char *why, int64_t pause_ms)
{
	give_up_asking(l, true, why);
	close_all(l);
	l->retry = mono_add_ms(l->now, pause_ms);
	tell(l, LINK_REFUSED, why);
	choose_preferred(l); /* what the operator mends may be the better way */
}

static void
on_down(struct link *l)
{
	char why[sizeof l->why];

	memcpy(why, l->why, sizeof why);
	switch (l->down_fault) {
	case FAULT_UNREACHABLE:
	case FAULT_LOST:
		try_again(l, why);
		break;
	case FAULT_INCAPABLE:
		if (l->conf->transport != TRANSPORT_AUTO) {
			refuse(l, why, REFUSED_PAUSE_MS);
			break;
		}
		close_all(l);
		x_replace(&l->transport_note, why);
		l->transport_ops = &transport_openssh;
		l->retry = l->now;
		break;
	case FAULT_HOSTKEY_UNKNOWN:
		refuse(l, why, UNTRUSTED_PAUSE_MS);
		break;
	case FAULT_AUTH:
	case FAULT_HOSTKEY_CHANGED:
	case FAULT_SETUP:
		refuse(l, why, REFUSED_PAUSE_MS);
		break;
	}
}

/* --- Callbacks: they only leave word -------------------------------------- */

static void
cb_up(void *arg)
{
	((struct link *)arg)->is_up = true;
}

static void
cb_down(void *arg, enum link_fault fault, const char *reason)
{
	struct link *l = arg;

	l->is_down = true;
	l->down_fault = fault;
	snprintf(l->why, sizeof l->why, "%s", reason);
}

static void
cb_obs(void *arg, const struct obs *o)
{
	struct link *l = arg;
	struct event e = {
		.type = EVENT_OBS,
		.host = l->host,
		.at = l->now,
		.wall_ms = l->wall_ms,
		.u.obs = o,
	};

	if (l->phase != LINK_PHASE_WORKING) {
		l->phase = LINK_PHASE_WORKING;
		l->working_since = l->now;
		tell(l, LINK_LIVE, NULL);
	}
	l->frames++;
	l->sink->emit(l->sink->arg, &e);
}

static void
cb_defs(void *arg, const struct def_file *files, size_t n, const char *note)
{
	struct link *l = arg;
	const struct defs *d = defs_read(l->pool, files, n, note);
	struct event e = {
		.type = EVENT_DEFS,
		.host = l->host,
		.at = l->now,
		.wall_ms = l->wall_ms,
		.u.defs = d,
	};

	l->sink->emit(l->sink->arg, &e);
	defs_unref(d);
}

static void
cb_note(void *arg, const char *text)
{
	struct link *l = arg;

	if (x_replace(&l->source_note, text) &&
	    l->phase == LINK_PHASE_WORKING)
		tell(l, LINK_LIVE, NULL);
}

static void
cb_failed(void *arg, enum observer_fault fault, const char *why)
{
	struct link *l = arg;

	l->has_failed = true;
	l->failed_fault = fault;
	snprintf(l->why, sizeof l->why, "%s", why);
}

/* --- Steps ---------------------------------------------------------------- */

static void
start_observer(struct link *l)
{
	static const struct observer_cb cb = {
		.obs = cb_obs,
		.defs = cb_defs,
		.note = cb_note,
		.failed = cb_failed,
		.answer = cb_answer,
	};

	l->phase = LINK_PHASE_STARTING;
	l->observer = l->observer_ops->open(l->transport, &l->told,
	    l->refresh_ms, &cb, l, l->now);
}

static bool
has_other(const struct link *l)
{
	return l->conf->observer == OBSERVER_AUTO &&
	    l->observer_ops != &observer_shell;
}

static void
use_shell(struct link *l, const char *why)
{
	l->observer->ops->free(l->observer);
	x_replace(&l->observer_note, why);
	l->observer_ops = &observer_shell;
	start_observer(l);
}

static void
on_failed(struct link *l)
{
	char why[sizeof l->why];

	memcpy(why, l->why, sizeof why);
	l->has_failed = false;
	switch (l->failed_fault) {
	case OBSERVER_ABSENT:
		if (has_other(l))
			use_shell(l, why);
		else
			refuse(l, why, REFUSED_PAUSE_MS);
		break;
	case OBSERVER_UNHEARD:
		/* The host may just be busy. */
		if (has_other(l))
			use_shell(l, why);
		else
			try_again(l, why);
		break;
	case OBSERVER_DENIED:
		refuse(l, why, REFUSED_PAUSE_MS);
		break;
	case OBSERVER_BROKEN:
	case OBSERVER_SILENT:
		try_again(l, why);
		break;
	}
}

bool
link_is_due(const struct link *l, struct mono now)
{
	return l->phase == LINK_PHASE_WAITING && mono_reached(l->retry, now);
}

void
link_connect(struct link *l, struct mono now, int64_t wall_ms)
{
	static const struct transport_cb cb = { .up = cb_up, .down = cb_down };

	l->now = now;
	l->wall_ms = wall_ms;
	l->phase = LINK_PHASE_CONNECTING;
	tell(l, LINK_CONNECTING, NULL);
	l->tries++;
	l->transport = l->transport_ops->open(l->conf, &cb, l, now);
}

void
link_restart(struct link *l, struct mono now)
{
	l->now = now;
	give_up_asking(l, true, "the connection was made anew");
	close_all(l);
	choose_preferred(l);
	l->failures = 0;
	l->retry = now;
}

void
link_prepoll(struct link *l, struct pollset *ps, struct mono now,
    struct mono *deadline)
{
	if (l->transport == NULL) {
		mono_lower(deadline, l->retry);
		return;
	}
	l->transport->ops->prepoll(l->transport, ps, now, deadline);
	if (l->observer != NULL)
		l->observer->ops->deadline(l->observer, deadline);
	for (size_t i = 0; i < ASK_COUNT; i++)
		mono_lower(deadline, l->asked[i]);
}

void
link_postpoll(struct link *l, const struct pollset *ps, struct mono now,
    int64_t wall_ms)
{
	if (l->transport == NULL)
		return;
	l->now = now;
	l->wall_ms = wall_ms;
	l->transport->ops->postpoll(l->transport, ps, now);
	if (l->is_up && !l->is_down) {
		l->is_up = false;
		start_observer(l);
	}
	if (l->observer != NULL && !l->is_down && !l->has_failed)
		l->observer->ops->tick(l->observer, now);
	give_up_asking(l, false, NULL);
	if (l->is_down)
		on_down(l);
	else if (l->has_failed)
		on_failed(l);
}

void
link_free(struct link *l)
{
	close_all(l);
	x_free(l->transport_note);
	x_free(l->observer_note);
}
