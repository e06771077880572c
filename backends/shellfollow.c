/* Keeps a followed tool running without ever insisting on it: the server may
 * allow no more sessions, the tool may not be installed, sudo may not allow
 * it. */
#include "backends/shellfollow.h"

#include <stdio.h>
#include <string.h>

#include "backends/scan.h"
#include "core/mem.h"

enum {
	SAID_MAX = 1024,
	RETRY_MS = 60000,
	RETRY_ABSENT_MS = 600000, /* it has to be installed first */
};

static const char *const names[] = {
	[SCRIPT_SHELL] = "sh",
	[SCRIPT_WATCH] = "xenstore-watch",
	[SCRIPT_TOP] = "xentop",
};

static void
on_data(void *arg, const char *p, size_t n)
{
	struct follow *f = arg;

	f->alive = true;
	f->data(f->arg, p, n);
}

static void
on_err(void *arg, const char *p, size_t n)
{
	struct follow *f = arg;

	if (f->said.len < SAID_MAX)
		buf_add(&f->said, p, n < SAID_MAX ? n : SAID_MAX);
}

static void
on_closed(void *arg, int status, const char *why)
{
	struct follow *f = arg;

	f->c = NULL;
	f->ended = true;
	f->status = status;
	if (status < 0 && why != NULL) {
		buf_clear(&f->said);
		buf_add(&f->said, why, strnlen(why, SAID_MAX));
	}
}

void
follow_init(struct follow *f, struct transport *t, enum script_kind kind,
    enum tristate sudo, int seconds,
    void (*data)(void *arg, const char *p, size_t n), void *arg)
{
	*f = (struct follow){ .t = t, .kind = kind, .sudo = sudo,
		.seconds = seconds, .data = data, .arg = arg,
		.retry = MONO_ZERO };
	buf_init(&f->said, 2 * SAID_MAX);
}

static void
start(struct follow *f)
{
	static const struct channel_cb cb = {
		.data = on_data, .err = on_err, .closed = on_closed,
	};
	const char *argv[SCRIPT_ARGS];
	char number[16];

	script_argv(argv, f->kind, f->sudo, f->seconds, number);
	buf_clear(&f->said);
	f->alive = false;
	x_replace(&f->why, NULL);
	f->c = f->t->ops->exec(f->t, argv, &cb, f);
}

static void
explain(struct follow *f, struct mono now)
{
	char said[200];
	int64_t wait = RETRY_MS;

	scan_sentence(said, sizeof said, f->said.p, f->said.len);
	x_free(f->why);
	if (f->status == SCRIPT_NEVER) {
		f->why = x_strdup("sudo allows single tools only, and could "
		    "not end xenstore-watch");
		wait = RETRY_ABSENT_MS;
	} else if (f->status == 126 || f->status == 127) {
		f->why = x_asprintf("%s is not there", names[f->kind]);
		wait = RETRY_ABSENT_MS;
	} else if (said[0] != '\0') {
		f->why = x_asprintf("%s: %s", names[f->kind], said);
	} else {
		f->why = x_asprintf("%s ended with status %d", names[f->kind],
		    f->status);
	}
	f->retry = mono_add_ms(now, wait);
}

void
follow_tick(struct follow *f, struct mono now)
{
	if (f->ended) {
		f->ended = f->alive = false;
		explain(f, now);
	}
	if (f->c == NULL && mono_reached(f->retry, now)) {
		f->retry = mono_add_ms(now, RETRY_MS);
		start(f);
	}
}

void
follow_deadline(const struct follow *f, struct mono *deadline)
{
	if (f->c == NULL)
		mono_lower(deadline, f->retry);
}

static void
end(struct follow *f)
{
	if (f->c != NULL)
		f->t->ops->channel_close(f->c);
	f->c = NULL;
	f->alive = f->ended = false;
}

void
follow_stop(struct follow *f, const char *why, struct mono now)
{
	end(f);
	x_replace(&f->why, why);
	f->retry = mono_add_ms(now, RETRY_MS);
}

void
follow_free(struct follow *f)
{
	end(f);
	buf_free(&f->said);
	x_free(f->why);
}
