/* The observer that reads the stream of xendeck-agent. The agent is started
 * over the transport and then only talks; what it says goes through the wire
 * decoder. Nothing is tolerated once it has greeted: after a missing or
 * garbled line only a new start gives figures that can be trusted. Before the
 * greeting there may be noise, since login files print what they like. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "backends/agentexit.h"
#include "backends/observer.h"
#include "backends/wire.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/mem.h"

enum {
	HELLO_MS = 10000,       /* until the first line must be there */
	PARTING_MS = 2000,      /* between its last words and its end */
	/* At least, between two frames. Longer than the agent itself waits for
	 * Xen: then it says what is wrong, which silence cannot. */
	SILENCE_MS = 12000,
	SILENCE_INTERVALS = 4,
	PATIENCE_MAX_MS = 60000, /* the longest interval to grant an agent */
	INTERVAL_MIN_MS = 200,  /* what the agent takes */
	INTERVAL_MAX_MS = 3600000,
	NOISE_BYTES = 64 * 1024,
	NOISE_LINES = 100,
	ERRORS_KEPT = 2048,     /* bytes of stderr; the last line counts */
	LINE_KEPT = 16 * 1024,  /* memory of a line that is kept for the next */
};

struct agent {
	struct observer observer;
	struct transport *transport;
	struct channel *channel; /* NULL once it is closed */
	const struct conf_host *host;
	struct observer_cb cb;
	void *arg;
	struct wire_decoder *decoder;
	struct buf line;         /* the beginning of the next line */
	struct buf errors;
	char bye[256];
	size_t noise_bytes, noise_lines;
	int interval_ms;
	bool sudo;
	bool greeted;
	bool parted;             /* it said bye; its exit status is to come */
	bool failed;
	bool alive;              /* since the last tick */
	struct mono heard;       /* when it was started, or last alive */
};

static struct agent *
agent_of(struct observer *o)
{
	return (struct agent *)(void *)o;
}

static void
fail(struct agent *a, enum observer_fault fault, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
fail(struct agent *a, enum observer_fault fault, const char *fmt, ...)
{
	struct err why;
	char text[400];
	va_list ap;

	if (a->failed)
		return;
	a->failed = true;
	if (a->channel != NULL)
		a->transport->ops->channel_close(a->channel);
	a->channel = NULL;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	err_set(&why, ERR_FAILED, "agent on %s %s", a->host->name, text);
	a->cb.failed(a->arg, fault, why.msg);
}

/* --- Lines ---------------------------------------------------------------- */

static void
greet(struct agent *a)
{
	const struct wire_hello *h = wire_hello(a->decoder);

	if (h->xen_built[0] != '\0' && h->xen_found[0] != '\0' &&
	    strcmp(h->xen_built, h->xen_found) != 0) {
		fail(a, OBSERVER_ABSENT, "was built for Xen %s, but Xen %s "
		    "runs there: install the agent built for %s",
		    h->xen_built, h->xen_found, h->xen_found);
		return;
	}
	if (h->interval_ms > a->interval_ms)
		a->interval_ms = h->interval_ms < PATIENCE_MAX_MS ?
		    h->interval_ms : PATIENCE_MAX_MS;
	a->greeted = true;
	a->alive = true;
}

static void
part(struct agent *a)
{
	const char *why = wire_bye(a->decoder);

	a->parted = true;
	a->alive = true;
	snprintf(a->bye, sizeof a->bye, "%s",
	    why != NULL ? why : "it did not say why");
}

static void
take_first(struct agent *a, const char *p, size_t n)
{
	const struct wire_hello *h;
	enum wire_type type;
	struct err err;

	if (n != 0 && p[0] == '{') {
		int rc = wire_get(a->decoder, p, n, &type, &err);

		if (rc == 0 && type == WIRE_HELLO) {
			greet(a);
			return;
		}
		if (rc == 0 && type == WIRE_BYE) {
			part(a);
			return;
		}
		h = wire_hello(a->decoder);
		if (rc != 0 && h != NULL && h->version > WIRE_VERSION) {
			fail(a, OBSERVER_ABSENT, "is newer: %s", err.msg);
			return;
		}
	}
	a->noise_bytes += n + 1;
	a->noise_lines++;
}

static void
take_answer(struct agent *a, const struct event_answer *e)
{
	struct err why;

	a->alive = true;
	if (e->text != NULL) {
		a->cb.answer(a->arg, e->what, e->text, strlen(e->text), NULL);
		return;
	}
	err_set(&why, ERR_FAILED, "agent on %s: %s", a->host->name, e->error);
	a->cb.answer(a->arg, e->what, NULL, 0, why.msg);
}

static void
take_defs(struct agent *a, const struct wire_defs *d)
{
	a->cb.defs(a->arg, d->files, d->n, d->note);
}

static void
take(struct agent *a, const char *p, size_t n)
{
	enum wire_type type;
	struct err err;

	if (a->parted)
		return;
	if (!a->greeted) {
		take_first(a, p, n);
		return;
	}
	if (wire_get(a->decoder, p, n, &type, &err) != 0) {
		fail(a, OBSERVER_BROKEN, "sent what makes no sense: %s",
		    err.msg);
		return;
	}
	switch (type) {
	case WIRE_OBS:
		a->alive = true;
		a->cb.obs(a->arg, wire_obs(a->decoder));
		break;
	case WIRE_DEFS:
		take_defs(a, wire_defs(a->decoder));
		break;
	case WIRE_NOTE:
		a->cb.note(a->arg, wire_note(a->decoder)->text);
		break;
	case WIRE_BYE:
		part(a);
		break;
	case WIRE_HELLO: /* another agent in the same channel */
		fail(a, OBSERVER_BROKEN, "greeted twice");
		break;
	case WIRE_ANSWER:
		take_answer(a, wire_answer(a->decoder));
		break;
	case WIRE_LINK:
	case WIRE_IGNORE:
		break;
	}
}

static void
check_noise(struct agent *a)
{
	if (!a->greeted && (a->noise_lines > NOISE_LINES ||
	    a->noise_bytes + a->line.len > NOISE_BYTES))
		fail(a, OBSERVER_ABSENT, "is no agent: what runs there as %s "
		    "says other things", a->host->agent);
}

static void
on_data(void *arg, const char *p, size_t n)
{
	struct agent *a = arg;
	const char *nl;

	while (!a->failed && (nl = memchr(p, '\n', n)) != NULL) {
		size_t len = (size_t)(nl - p);

		if (a->line.len == 0) {
			take(a, p, len);
		} else if (buf_add(&a->line, p, len) == 0) {
			take(a, a->line.p, a->line.len);
			if (a->line.cap > LINE_KEPT)
				buf_free(&a->line);
			buf_clear(&a->line);
		} else {
			fail(a, OBSERVER_BROKEN, "sent an endless line");
		}
		check_noise(a);
		p += len + 1;
		n -= len + 1;
	}
	if (a->failed)
		return;
	if (buf_add(&a->line, p, n) != 0)
		fail(a, OBSERVER_BROKEN, "sent an endless line");
	check_noise(a);
}

/* --- How it ends ---------------------------------------------------------- */

static void
on_err(void *arg, const char *p, size_t n)
{
	struct agent *a = arg;

	if (n > ERRORS_KEPT) {
		p += n - ERRORS_KEPT;
		n = ERRORS_KEPT;
	}
	if (a->errors.len + n > ERRORS_KEPT)
		buf_drop(&a->errors, a->errors.len + n - ERRORS_KEPT);
	buf_add(&a->errors, p, n);
}

/* It said why itself; its status says what can be done about it. */
static void
ended_with_words(struct agent *a, int status)
{
	switch (status) {
	case WIRE_AGENT_DENIED:
		fail(a, OBSERVER_DENIED, "cannot work: %s", a->bye);
		break;
	case WIRE_AGENT_MISMATCH:
		fail(a, OBSERVER_ABSENT, "cannot work: %s", a->bye);
		break;
	default:
		fail(a, OBSERVER_BROKEN, "ended: %s", a->bye);
		break;
	}
}

static void
on_closed(void *arg, int status, const char *why)
{
	struct agent *a = arg;
	char text[200];

	a->channel = NULL;
	agentexit_last_line(a->errors.p, a->errors.len, text, sizeof text);
	if (a->parted) {
		ended_with_words(a, status);
	} else if (status < 0) {
		fail(a, OBSERVER_BROKEN, "ended: %s",
		    why != NULL ? why : "the connection gave no reason");
	} else if (a->greeted) {
		fail(a, OBSERVER_BROKEN, "ended with status %d%s%s", status,
		    text[0] != '\0' ? ": " : "", text);
	} else {
		struct err e;

		fail(a, agentexit_explain(a->host->agent, a->sudo, status,
		    text, &e), "%s", e.msg);
	}
}

/* --- The observer --------------------------------------------------------- */

static bool
wants_sudo(const struct conf_host *host)
{
	if (host->sudo != TRI_AUTO)
		return host->sudo == TRI_YES;
	return host->user != NULL && strcmp(host->user, "root") != 0;
}

enum { DIRS_MAX = 16, ARGS = 6 + 2 * DIRS_MAX };

static struct observer *
agent_open(struct transport *t, const struct conf_host *host, int refresh_ms,
    const struct observer_cb *cb, void *arg, struct mono now)
{
	static const struct channel_cb channel_cb = {
		.data = on_data, .err = on_err, .closed = on_closed,
	};
	struct agent *a = x_calloc(1, sizeof *a);
	const char *argv[ARGS];
	char interval[16], *dirs;
	size_t n = 0;

	a->observer.ops = &observer_agent;
	a->transport = t;
	a->host = host;
	a->cb = *cb;
	a->arg = arg;
	a->decoder = wire_decoder_new();
	a->interval_ms = refresh_ms < INTERVAL_MIN_MS ? INTERVAL_MIN_MS :
	    refresh_ms > INTERVAL_MAX_MS ? INTERVAL_MAX_MS : refresh_ms;
	a->sudo = wants_sudo(host);
	a->heard = now;
	buf_init(&a->line, WIRE_LINE_MAX);
	buf_init(&a->errors, ERRORS_KEPT);
	snprintf(interval, sizeof interval, "%d", a->interval_ms);
	if (a->sudo) {
		argv[n++] = "sudo";
		argv[n++] = "-n";
	}
	argv[n++] = host->agent;
	argv[n++] = "--interval";
	argv[n++] = interval;
	dirs = x_strdup(host->definitions);
	for (char *rest = dirs, *dir; rest != NULL && n < ARGS - 2 &&
	    (dir = strtok_r(rest, " ", &rest)) != NULL;) {
		argv[n++] = "--definitions";
		argv[n++] = dir;
	}
	argv[n] = NULL;
	a->channel = t->ops->exec(t, argv, &channel_cb, a);
	x_free(dirs);
	return &a->observer;
}

static struct mono
due(const struct agent *a)
{
	int64_t quiet = (int64_t)a->interval_ms * SILENCE_INTERVALS;

	if (a->parted)
		return mono_add_ms(a->heard, PARTING_MS);
	if (!a->greeted)
		return mono_add_ms(a->heard, HELLO_MS);
	return mono_add_ms(a->heard, quiet > SILENCE_MS ? quiet : SILENCE_MS);
}

static void
agent_deadline(struct observer *o, struct mono *deadline)
{
	struct agent *a = agent_of(o);

	if (!a->failed)
		mono_lower(deadline, due(a));
}

static void
agent_tick(struct observer *o, struct mono now)
{
	struct agent *a = agent_of(o);
	int64_t silent;

	if (a->failed)
		return;
	if (a->alive) {
		a->alive = false;
		a->heard = now;
	}
	if (!mono_reached(due(a), now))
		return;
	if (a->parted) {
		fail(a, OBSERVER_BROKEN, "ended: %s", a->bye);
		return;
	}
	silent = mono_diff_ms(now, a->heard) / 1000;
	if (a->greeted)
		fail(a, OBSERVER_SILENT, "has been silent for %d s",
		    (int)silent);
	else
		fail(a, OBSERVER_UNHEARD, "did not greet within %d s",
		    HELLO_MS / 1000);
}

/* One that is older than the question reads it and says nothing. */
static void
agent_ask(struct observer *o, enum backend_ask what)
{
	struct agent *a = agent_of(o);
	char line[64];
	int n = snprintf(line, sizeof line, "%s\n", backend_ask_name(what));

	if (a->channel != NULL && !a->parted)
		a->transport->ops->write(a->channel, line, (size_t)n);
}

static void
agent_free(struct observer *o)
{
	struct agent *a = agent_of(o);

	if (a->channel != NULL)
		a->transport->ops->channel_close(a->channel);
	wire_decoder_free(a->decoder);
	buf_free(&a->line);
	buf_free(&a->errors);
	x_free(a);
}

const struct observer_ops observer_agent = {
	.name = "agent",
	.open = agent_open,
	.deadline = agent_deadline,
	.tick = agent_tick,
	.ask = agent_ask,
	.free = agent_free,
};
