/* Runs commands in a remote shell over one channel and tells their answers
 * apart by a token nobody else can know: login scripts print what they like,
 * and so do guests, by way of xenstore. One command is under way at a time, so
 * that whoever is late has a name. The transport's callbacks only put bytes
 * away; everything happens in shell_tick, where the time is known. */
#define _GNU_SOURCE
#include "backends/shellrun.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "backends/scan.h"
#include "backends/shellscript.h"
#include "core/buf.h"
#include "core/mem.h"

enum {
	QUEUE_MAX = 64,
	SAID_MAX = 300,
	/* Kept of an answer that is too long: its end is in there. */
	TAIL = 8192,
};

struct command {
	int id;
	char *line;
};

struct shell {
	struct transport *t;
	struct channel *c;   /* NULL: ended */
	struct shell_cb cb;
	void *arg;
	char token[SCRIPT_TOKEN];
	struct buf in;       /* what came and is not taken yet */
	struct buf complaints; /* the shell's own stderr */
	size_t scanned;      /* no end of an answer before this */
	bool cut;
	struct command queue[QUEUE_MAX];
	size_t first, count; /* the first one is running, when running */
	bool running;
	int limit_ms;
	struct mono late;    /* for the running command */
	int status;
	char why[SAID_MAX];
};

/* --- Callbacks ------------------------------------------------------------ */

static void
on_data(void *arg, const char *p, size_t n)
{
	struct shell *s = arg;

	if (buf_add(&s->in, p, n) == 0)
		return;
	s->cut = true;
	s->scanned = 0;
	if (s->in.len > TAIL)
		buf_drop(&s->in, s->in.len - TAIL);
	if (n > TAIL) {
		p += n - TAIL;
		n = TAIL;
	}
	buf_add(&s->in, p, n);
}

static void
on_err(void *arg, const char *p, size_t n)
{
	struct shell *s = arg;

	if (s->complaints.len < SAID_MAX)
		buf_add(&s->complaints, p, n < SAID_MAX ? n : SAID_MAX);
}

static void
on_closed(void *arg, int status, const char *why)
{
	struct shell *s = arg;
	char said[SAID_MAX];

	s->c = NULL;
	s->status = status;
	scan_sentence(said, sizeof said, s->complaints.p, s->complaints.len);
	if (status < 0 && why != NULL)
		snprintf(s->why, sizeof s->why, "%s", why);
	else if (said[0] != '\0')
		snprintf(s->why, sizeof s->why, "%s", said);
	else
		snprintf(s->why, sizeof s->why, "it ended with status %d",
		    status);
}

/* --- Opening -------------------------------------------------------------- */

static void
make_token(char out[SCRIPT_TOKEN], const struct shell *s, struct mono now)
{
	uint64_t v[2];

	if (getrandom(v, sizeof v, GRND_NONBLOCK) != (ssize_t)sizeof v) {
		v[0] = (uint64_t)now.ns * 0x9e3779b97f4a7c15u;
		v[1] = (uint64_t)getpid() << 32 ^ (uint64_t)(uintptr_t)s;
	}
	snprintf(out, SCRIPT_TOKEN, "%016" PRIx64 "%016" PRIx64, v[0], v[1]);
}

struct shell *
shell_open(struct transport *t, enum tristate sudo, int limit_s,
    const struct shell_cb *cb, void *arg, struct mono now)
{
	static const struct channel_cb channel_cb = {
		.data = on_data, .err = on_err, .closed = on_closed,
	};
	struct shell *s = x_calloc(1, sizeof *s);
	const char *argv[SCRIPT_ARGS];
	struct buf prelude;
	char number[16];

	s->t = t;
	s->cb = *cb;
	s->arg = arg;
	s->status = -1;
	s->limit_ms = (limit_s + SHELL_GRACE_S) * 1000;
	s->late = mono_add_ms(now, s->limit_ms);
	buf_init(&s->in, SHELL_ANSWER_MAX);
	buf_init(&s->complaints, 2 * SAID_MAX);
	buf_init(&prelude, 16 * 1024);
	make_token(s->token, s, now);
	script_argv(argv, SCRIPT_SHELL, sudo, 0, number);
	s->c = t->ops->exec(t, argv, &channel_cb, s);
	script_prelude(&prelude, s->token, limit_s);
	t->ops->write(s->c, prelude.p, prelude.len);
	buf_free(&prelude);
	return s;
}

void
shell_close(struct shell *s)
{
	if (s == NULL)
		return;
	if (s->c != NULL)
		s->t->ops->channel_close(s->c);
	for (; s->count > 0; s->count--, s->first++)
		x_free(s->queue[s->first % QUEUE_MAX].line);
	buf_free(&s->in);
	buf_free(&s->complaints);
	x_free(s);
}

/* --- Commands ------------------------------------------------------------- */

void
shell_run(struct shell *s, int id, const char *command)
{
	struct command *c = &s->queue[(s->first + s->count) % QUEUE_MAX];

	if (s->count == QUEUE_MAX)
		return; /* nobody asks for that much at once */
	*c = (struct command){ id, x_strdup(command) };
	s->count++;
}

static void
start(struct shell *s, struct mono now)
{
	struct buf line;

	if (s->running || s->count == 0 || s->c == NULL)
		return;
	buf_init(&line, 64 * 1024);
	buf_printf(&line, "run %s\n", s->queue[s->first].line);
	s->t->ops->write(s->c, line.p, line.len);
	buf_free(&line);
	s->running = true;
	s->late = mono_add_ms(now, s->limit_ms);
}

bool
shell_idle(const struct shell *s)
{
	return s->count == 0;
}

const char *
shell_pending(const struct shell *s)
{
	const char *line = s->count != 0 ? s->queue[s->first].line : NULL;

	return line != NULL && strncmp(line, "x ", 2) == 0 ? line + 2 : line;
}

const char *
shell_why(const struct shell *s)
{
	return s->why;
}

int
shell_status(const struct shell *s)
{
	return s->status;
}

/* --- Answers -------------------------------------------------------------- */

static const char *
find(const struct buf *b, size_t from, const char *what, size_t n)
{
	if (from > b->len)
		from = b->len;
	return memmem(b->p + from, b->len - from, what, n);
}

/* Makes *a of what lies before the end mark. */
static void
dissect(struct shell *s, size_t end, struct shell_answer *a,
    char said[SAID_MAX])
{
	char mark[SCRIPT_TOKEN + 4];
	const char *begin, *status, *nl;
	int n;

	n = snprintf(mark, sizeof mark, "%s<\n", s->token);
	begin = memmem(s->in.p, end, mark, (size_t)n);
	begin = begin != NULL ? begin + n : s->in.p;
	n = snprintf(mark, sizeof mark, "\n%s>", s->token);
	status = memmem(begin, (size_t)(s->in.p + end - begin), mark,
	    (size_t)n);
	*a = (struct shell_answer){ .id = s->queue[s->first].id, .status = -1,
		.cut = s->cut, .out = begin, .said = said };
	said[0] = '\0';
	if (status == NULL)
		return;
	a->n = (size_t)(status - begin);
	status += n;
	a->status = (int)strtol(status, NULL, 10);
	nl = memchr(status, '\n', (size_t)(s->in.p + end - status));
	if (nl != NULL)
		scan_sentence(said, SAID_MAX, nl + 1,
		    (size_t)(s->in.p + end - nl - 1));
}

/* Whether an answer was complete and is handed on. */
static bool
take(struct shell *s, struct mono now)
{
	char mark[SCRIPT_TOKEN + 4], said[SAID_MAX], *line;
	struct shell_answer a;
	const char *p;
	size_t end;
	int n = snprintf(mark, sizeof mark, "\n%s.\n", s->token);

	if (!s->running || s->in.len == 0)
		return false;
	p = find(&s->in, s->scanned, mark, (size_t)n);
	if (p == NULL) {
		s->scanned = s->in.len > (size_t)n ? s->in.len - (size_t)n : 0;
		return false;
	}
	end = (size_t)(p - s->in.p);
	dissect(s, end, &a, said);
	line = s->queue[s->first % QUEUE_MAX].line;
	s->first = (s->first + 1) % QUEUE_MAX;
	s->count--;
	s->running = false;
	start(s, now);
	s->cb.answer(s->arg, &a);
	x_free(line);
	buf_drop(&s->in, end + (size_t)n);
	s->scanned = 0;
	s->cut = false;
	return true;
}

enum shell_state
shell_tick(struct shell *s, struct mono now)
{
	while (take(s, now))
		;
	if (!s->running) { /* nobody asked for this */
		buf_clear(&s->in);
		s->scanned = 0;
		s->cut = false;
	}
	start(s, now);
	if (s->c == NULL)
		return SHELL_ENDED;
	if (s->running && mono_reached(s->late, now))
		return SHELL_SILENT;
	return SHELL_OPEN;
}

void
shell_deadline(const struct shell *s, struct mono *deadline)
{
	if (s->running)
		mono_lower(deadline, s->late);
}
