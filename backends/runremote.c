/* Runs on real hosts: each start, attach, cancel or bundle of forgettings is a
 * task with a channel of its own on the host's link. A channel that breaks says
 * nothing about the command, so the one question here is always what is known:
 *
 *   nothing was sent, or the script ended in order before it had begun:
 *       nothing was run (RUN_GUARDED);
 *   a word of the script says it;
 *   all else: RUN_UNHEARD, and the record on the host will tell.
 *
 * A start that was refused by the server without a word is sent again on the
 * same connection: the host runs an id once, and cannot have been rebooted
 * under a living connection. Channels of a transport that dies are gone without
 * a callback; remote_transport's number tells. */
#define _GNU_SOURCE
#include "backends/runremote.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "backends/remote.h"
#include "backends/runnews.h"
#include "backends/scan.h"
#include "core/mem.h"
#include "core/quote.h"
#include "core/utf8.h"

enum {
	CHANNELS = 4,        /* per host, of MaxSessions' 10 */
	FORGET_MAX = 32,     /* ids at once */
	SILENCE_MS = 60000,  /* the script says something every few seconds */
	AGAIN_MS = 1000,     /* after a refusal; so many times: */
	AGAIN_MAX = 8,
	SAID_MAX = 300,
	ARGV_MAX = 256,
};

enum kind { TASK_START, TASK_ATTACH, TASK_CANCEL, TASK_FORGET };

enum phase {
	TASK_WAITING,
	TASK_OPEN,
	TASK_OVER,
};

struct task {
	struct task *next;
	struct runremote *owner;
	enum kind kind;
	enum phase phase;
	uint32_t host;
	char *id;              /* forget: several, by blanks */
	char *boot_id;         /* or NULL */
	struct run run;        /* start: its own copies */
	/* While open. */
	struct transport *t;
	struct channel *c;
	uint64_t connection;   /* that it was accepted, or opened, on */
	struct runnews news;
	struct buf said;       /* on stderr */
	bool heard;            /* any word */
	bool began;
	bool unwanted;         /* cancelled before it was its turn */
	unsigned tries;
	struct mono due;       /* waiting: not before */
	struct mono silent;    /* open: when it has been silent too long */
};

struct runremote {
	struct runner base;
	struct backend *remote;
	const struct conf *conf;
	struct run_sink sink;
	struct runscript_places at;
	struct task *first;
	char who[128];
	struct mono now;       /* of the last call */
};

static struct runremote *
self(struct runner *r)
{
	return (struct runremote *)(void *)r;
}

/* --- News ----------------------------------------------------------------- */

static void
tell(const struct task *t, enum run_what what, int status, int64_t up_ns,
    const char *why)
{
	struct run_news n = { .what = what, .id = t->id, .host = t->host,
		.status = status, .up_ns = up_ns, .why = why };

	if (t->kind == TASK_START || t->kind == TASK_ATTACH)
		t->owner->sink.news(t->owner->sink.arg, &n);
}

static void
drop_channel(struct task *t)
{
	if (t->c != NULL)
		t->t->ops->channel_close(t->c);
	t->c = NULL;
}

/* The task goes with the next tick: callers may stand in its callbacks. */
static void
over(struct task *t, enum run_what what, int status, int64_t up_ns,
    const char *why)
{
	if (t->phase == TASK_OVER)
		return;
	t->phase = TASK_OVER;
	drop_channel(t);
	tell(t, what, status, up_ns, why);
}

static void
no_run(struct task *t, const char *why)
{
	char text[RUNNEWS_TEXT_MAX + 128];

	snprintf(text, sizeof text, "nothing was run on %s: %s",
	    t->owner->conf->hosts[t->host].name, why);
	over(t, RUN_GUARDED, -1, 0, text);
}

static void
unheard(struct task *t, const char *why)
{
	char text[RUNNEWS_TEXT_MAX + 128];

	snprintf(text, sizeof text, "%s: %s",
	    t->owner->conf->hosts[t->host].name, why);
	over(t, RUN_UNHEARD, -1, 0, text);
}

/* /proc/uptime cuts after hundredths: what it says is over by then. */
static int64_t
uptime_of(const char *text)
{
	const int64_t hundredth = 10 * 1000 * 1000;
	int64_t ns;

	return scan_decimal(text, strlen(text), &ns) ? ns + hundredth : 0;
}

/* "STATUS UPTIME", or without the uptime. */
static void
on_end(struct task *t, const char *text)
{
	size_t n = strcspn(text, " ");
	int64_t status;

	if (t->began && scan_number(text, n, &status) && status >= 0 &&
	    status <= 255)
		over(t, RUN_ENDED, (int)status, text[n] == ' ' ?
		    uptime_of(text + n + 1) : 0, NULL);
	else
		unheard(t, "what it says of the end is garbage");
}

static void
on_word(void *arg, enum runnews_word word, const char *text)
{
	struct task *t = arg;

	if (t->phase != TASK_OPEN)
		return;
	t->heard = true;
	switch (word) {
	case RUNNEWS_READY:
	case RUNNEWS_BEAT:
		break;
	case RUNNEWS_BEGAN:
		if (!t->began)
			tell(t, RUN_STARTED, -1, 0, NULL);
		t->began = true;
		break;
	case RUNNEWS_END:
		on_end(t, text);
		break;
	case RUNNEWS_NO: /* to a question it is no answer */
		if (t->kind == TASK_START)
			no_run(t, text);
		else
			unheard(t, text);
		break;
	case RUNNEWS_ABSENT:
		if (t->kind == TASK_START)
			no_run(t, "the shell that was to run it there ended");
		else
			over(t, RUN_ABSENT, -1, uptime_of(text), NULL);
		break;
	case RUNNEWS_GONE:
		over(t, RUN_GONE, -1, uptime_of(text), NULL);
		break;
	case RUNNEWS_LOST:
		unheard(t, text);
		break;
	case RUNNEWS_OK:
		over(t, RUN_ENDED, 0, 0, NULL);
		break;
	case RUNNEWS_WORDS:
		break;
	}
}

static void
on_output(void *arg, const char *p, size_t n)
{
	struct task *t = arg;
	struct run_news news = { .what = RUN_OUTPUT, .id = t->id,
		.host = t->host, .status = -1, .text = p, .n = n };

	if (t->phase == TASK_OPEN)
		t->owner->sink.news(t->owner->sink.arg, &news);
}

/* --- Channels ------------------------------------------------------------- */

static void
on_data(void *arg, const char *p, size_t n)
{
	struct task *t = arg;

	t->silent = MONO_ZERO; /* tick knows the time */
	runnews_feed(&t->news, p, n);
}

static void
on_err(void *arg, const char *p, size_t n)
{
	struct task *t = arg;

	if (t->said.len < SAID_MAX)
		buf_add(&t->said, p, n < SAID_MAX ? n : SAID_MAX);
}

/* The server refused, or what it ran is not our script. */
static void
on_refused(struct task *t, int status, const char *why)
{
	char said[SAID_MAX];

	scan_sentence(said, sizeof said, t->said.p, t->said.len);
	if (said[0] == '\0')
		snprintf(said, sizeof said, "%s", why != NULL ? why :
		    "the login shell there ended without a word");
	if (status >= 0) {
		if (t->kind == TASK_START)
			no_run(t, said);
		else
			unheard(t, said);
	} else if (++t->tries > AGAIN_MAX) {
		unheard(t, said);
	} else {
		t->phase = TASK_WAITING;
		t->due = mono_add_ms(t->owner->now, AGAIN_MS);
	}
}

static void
on_closed(void *arg, int status, const char *why)
{
	struct task *t = arg;

	t->c = NULL;
	if (t->phase != TASK_OPEN)
		return;
	if (!t->heard)
		on_refused(t, status, why);
	else
		unheard(t, why != NULL ? why :
		    "the shell that followed it there ended");
}

static void
make_token(char out[RUNNEWS_TOKEN], const struct task *t)
{
	uint64_t v[2];

	if (getrandom(v, sizeof v, GRND_NONBLOCK) != (ssize_t)sizeof v) {
		v[0] = (uint64_t)t->owner->now.ns * 0x9e3779b97f4a7c15u;
		v[1] = (uint64_t)getpid() << 32 ^ (uint64_t)(uintptr_t)t;
	}
	snprintf(out, RUNNEWS_TOKEN, "%016" PRIx64 "%016" PRIx64, v[0], v[1]);
}

static void
make_argv(const struct task *t, const char *argv[ARGV_MAX],
    char numbers[RUNSCRIPT_NUMBERS], char who[256], char *ids)
{
	const struct runremote *r = t->owner;
	enum tristate sudo = r->conf->hosts[t->host].sudo;
	char *save = NULL;
	size_t n = 0;

	switch (t->kind) {
	case TASK_START:
		snprintf(who, 256, "%s, as %s", r->who, t->id);
		n = runscript_start(argv, numbers, &r->at, sudo, &t->run, who);
		for (size_t i = 0; t->run.argv[i] != NULL; i++)
			argv[n++] = t->run.argv[i];
		break;
	case TASK_ATTACH:
		n = runscript_attach(argv, &r->at, sudo, t->id, t->boot_id);
		break;
	case TASK_CANCEL:
		n = runscript_cancel(argv, &r->at, sudo, t->id);
		break;
	case TASK_FORGET:
		n = runscript_forget(argv, &r->at, sudo);
		for (char *id = strtok_r(ids, " ", &save); id != NULL;
		    id = strtok_r(NULL, " ", &save))
			argv[n++] = id;
		break;
	}
	argv[n] = NULL;
}

static void
open_channel(struct task *t, struct transport *transport, uint64_t connection)
{
	static const struct channel_cb channel_cb = {
		.data = on_data, .err = on_err, .closed = on_closed,
	};
	static const struct runnews_cb news_cb = {
		.word = on_word, .output = on_output,
	};
	const char *argv[ARGV_MAX];
	char numbers[RUNSCRIPT_NUMBERS], who[256], token[RUNNEWS_TOKEN];
	char *ids = x_strdup(t->id);

	make_argv(t, argv, numbers, who, ids);
	make_token(token, t);
	runnews_free(&t->news);
	runnews_init(&t->news, token, &news_cb, t);
	buf_clear(&t->said);
	t->heard = false;
	t->phase = TASK_OPEN;
	t->connection = connection;
	t->silent = mono_add_ms(t->owner->now, SILENCE_MS);
	t->t = transport;
	t->c = transport->ops->exec(transport, argv, &channel_cb, t);
	transport->ops->write(t->c, token, RUNNEWS_TOKEN - 1);
	transport->ops->write(t->c, "\n", 1);
	if (t->kind == TASK_START && t->run.input_len > 0)
		transport->ops->write(t->c, t->run.input, t->run.input_len);
	transport->ops->write(t->c, NULL, 0);
	x_free(ids);
}

/* --- Tasks ---------------------------------------------------------------- */

static void
free_task(struct task *t)
{
	drop_channel(t);
	for (size_t i = 0; t->run.argv != NULL && t->run.argv[i] != NULL; i++)
		x_free((void *)(uintptr_t)t->run.argv[i]);
	x_free((void *)(uintptr_t)t->run.argv);
	if (t->run.input != NULL) /* it may have a password in it */
		explicit_bzero((void *)(uintptr_t)t->run.input,
		    t->run.input_len);
	x_free((void *)(uintptr_t)t->run.input);
	x_free(t->id);
	x_free(t->boot_id);
	runnews_free(&t->news);
	buf_free(&t->said);
	x_free(t);
}

static struct task *
add_task(struct runremote *r, enum kind kind, uint32_t host, const char *id,
    const char *boot_id)
{
	struct task *t = x_calloc(1, sizeof *t), **at = &r->first;

	t->owner = r;
	t->kind = kind;
	t->host = host;
	t->id = x_strdup(id);
	t->boot_id = x_strdup(boot_id);
	t->due = MONO_ZERO;
	buf_init(&t->said, 2 * SAID_MAX);
	while (*at != NULL) /* in the order in which they were wanted */
		at = &(*at)->next;
	*at = t;
	return t;
}

static bool
good_id(const char *id)
{
	size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n <= RUN_ID_MAX && id[n] == '\0';
}

static bool
connected(const struct runremote *r, uint32_t host, uint64_t *connection)
{
	return remote_transport(r->remote, host, connection) != NULL;
}

static bool
never_sent(const struct task *t)
{
	return t->kind == TASK_START && t->phase == TASK_WAITING &&
	    t->tries == 0;
}

static struct task *
find_follower(struct runremote *r, uint32_t host, const char *id)
{
	for (struct task *t = r->first; t != NULL; t = t->next)
		if (t->phase != TASK_OVER && t->host == host &&
		    (t->kind == TASK_START || t->kind == TASK_ATTACH) &&
		    strcmp(t->id, id) == 0)
			return t;
	return NULL;
}

static void
copy_run(struct task *t, const struct run *run)
{
	const char **argv;
	size_t n = 0;

	while (run->argv[n] != NULL)
		n++;
	argv = x_calloc(n + 1, sizeof *argv);
	for (size_t i = 0; i < n; i++)
		argv[i] = x_strdup(run->argv[i]);
	t->run = *run;
	t->run.argv = argv;
	t->run.id = t->id;
	t->run.boot_id = t->boot_id;
	t->run.input = NULL;
	if (run->input != NULL && run->input_len > 0) {
		char *input = x_malloc(run->input_len);

		memcpy(input, run->input, run->input_len);
		t->run.input = input;
	} else
		t->run.input_len = 0;
}

/* Whether it can be carried at all: nothing may be found out half-way. */
static bool
fits(const struct task *t)
{
	const char *argv[ARGV_MAX];
	char numbers[RUNSCRIPT_NUMBERS], who[256], ids[] = "";
	struct buf line;
	size_t n = 0;
	bool ok;

	while (t->run.argv[n] != NULL)
		n++;
	if (n == 0 || n > ARGV_MAX - RUNSCRIPT_ARGS - 1 ||
	    t->run.input_len > 1000 * 1024)
		return false;
	make_argv(t, argv, numbers, who, ids);
	buf_init(&line, QUOTE_MAX);
	ok = quote_argv(&line, argv) == 0;
	buf_free(&line);
	return ok;
}

static int
runremote_start(struct runner *base, const struct run *run, struct mono now)
{
	struct runremote *r = self(base);
	uint64_t connection;
	struct task *t;

	r->now = now;
	if (!good_id(run->id) || find_follower(r, run->host, run->id) != NULL ||
	    !connected(r, run->host, &connection))
		return -1;
	t = add_task(r, TASK_START, run->host, run->id, run->boot_id);
	t->connection = connection;
	copy_run(t, run);
	if (fits(t))
		return 0;
	t->phase = TASK_OVER;
	return -1;
}

static int
runremote_attach(struct runner *base, uint32_t host, const char *id,
    const char *boot_id, struct mono now)
{
	struct runremote *r = self(base);
	uint64_t connection;
	struct task *t;

	r->now = now;
	if (!good_id(id) || find_follower(r, host, id) != NULL ||
	    !connected(r, host, &connection))
		return -1;
	t = add_task(r, TASK_ATTACH, host, id, boot_id);
	t->connection = connection;
	return 0;
}

static int
runremote_cancel(struct runner *base, uint32_t host, const char *id)
{
	struct runremote *r = self(base);
	struct task *t = find_follower(r, host, id);
	uint64_t connection;

	if (!good_id(id) || !connected(r, host, &connection))
		return -1;
	if (t != NULL && never_sent(t)) {
		t->unwanted = true;
		return 0;
	}
	t = add_task(r, TASK_CANCEL, host, id, NULL);
	t->connection = connection;
	return 0;
}

static void
runremote_forget(struct runner *base, uint32_t host, const char *id)
{
	struct runremote *r = self(base);
	uint64_t connection;

	if (!good_id(id) || !connected(r, host, &connection))
		return;
	for (struct task *t = r->first; t != NULL; t = t->next) {
		char *longer;

		if (t->kind != TASK_FORGET || t->phase != TASK_WAITING ||
		    t->host != host ||
		    strlen(t->id) > (FORGET_MAX - 1) * (RUN_ID_MAX + 1))
			continue;
		longer = x_asprintf("%s %s", t->id, id);
		x_free(t->id);
		t->id = longer;
		return;
	}
	add_task(r, TASK_FORGET, host, id, NULL)->connection = connection;
}

/* --- Turns ---------------------------------------------------------------- */

/* Of its kind: a cancel must not wait behind what it is to end, and a record
 * that is not needed any more keeps nobody waiting. */
static bool
has_place(const struct runremote *r, const struct task *t)
{
	bool follows = t->kind == TASK_START || t->kind == TASK_ATTACH;
	size_t n = 0;

	for (const struct task *o = r->first; o != NULL; o = o->next)
		if (o->phase == TASK_OPEN && o->host == t->host &&
		    follows == (o->kind == TASK_START ||
		    o->kind == TASK_ATTACH))
			n++;
	return n < (follows ? CHANNELS : 1);
}

/* The connection that it counted on is another one, or none. */
static void
on_lost(struct task *t)
{
	t->c = NULL; /* went with its transport */
	if (never_sent(t))
		no_run(t, "the connection broke before it was its turn");
	else
		unheard(t, "the connection broke");
}

static void
turn_task(struct task *t, struct mono now, struct mono *deadline)
{
	struct runremote *r = t->owner;
	uint64_t connection = 0;
	struct transport *transport = remote_transport(r->remote, t->host,
	    &connection);

	if (transport == NULL || connection != t->connection) {
		on_lost(t);
		return;
	}
	if (t->unwanted && never_sent(t)) {
		no_run(t, "it was cancelled before it was its turn");
		return;
	}
	if (t->phase == TASK_OPEN) {
		if (t->silent.ns == 0)
			t->silent = mono_add_ms(now, SILENCE_MS);
		if (mono_reached(t->silent, now))
			unheard(t, "nothing was heard of it for a minute");
		else
			mono_lower(deadline, t->silent);
		return;
	}
	if (!mono_reached(t->due, now))
		mono_lower(deadline, t->due);
	else if (has_place(r, t)) {
		open_channel(t, transport, connection);
		mono_lower(deadline, now); /* the transport has to be asked */
	}
}

static void
runremote_tick(struct runner *base, struct mono now, struct mono *deadline)
{
	struct runremote *r = self(base);

	r->now = now;
	for (struct task *t = r->first; t != NULL; t = t->next)
		if (t->phase != TASK_OVER)
			turn_task(t, now, deadline);
	for (struct task **at = &r->first; *at != NULL;) {
		struct task *t = *at;

		if (t->phase == TASK_OVER) {
			*at = t->next;
			free_task(t);
		} else
			at = &t->next;
	}
}

static void
runremote_free(struct runner *base)
{
	struct runremote *r = self(base);

	while (r->first != NULL) {
		struct task *t = r->first;
		uint64_t connection;

		r->first = t->next;
		if (remote_transport(r->remote, t->host, &connection) == NULL ||
		    connection != t->connection)
			t->c = NULL;
		free_task(t);
	}
	x_free(r);
}

static const struct runner_ops runremote_ops = {
	.name = "remote",
	.start = runremote_start,
	.attach = runremote_attach,
	.cancel = runremote_cancel,
	.forget = runremote_forget,
	.tick = runremote_tick,
	.free = runremote_free,
};

/* What others on the host read when they want the same VM. */
static void
name_us(char *out, size_t size)
{
	char host[128] = "?", text[128];
	struct passwd *pw = getpwuid(getuid());
	int n;

	if (gethostname(host, sizeof host) != 0)
		host[0] = '?';
	host[sizeof host - 1] = '\0';
	n = snprintf(text, sizeof text, "%s@%.80s (pid %d)",
	    pw != NULL ? pw->pw_name : "?", host, (int)getpid());
	utf8_clean(out, size, text, n < (int)sizeof text ? (size_t)n :
	    sizeof text - 1);
}

struct runner *
runremote_new_at(struct backend *remote, const struct conf *conf,
    const struct run_sink *sink, const struct runscript_places *at)
{
	struct runremote *r = x_calloc(1, sizeof *r);

	r->base.ops = &runremote_ops;
	r->remote = remote;
	r->conf = conf;
	r->sink = *sink;
	r->at = *at;
	name_us(r->who, sizeof r->who);
	return &r->base;
}

struct runner *
runremote_new(struct backend *remote, const struct conf *conf,
    const struct run_sink *sink)
{
	return runremote_new_at(remote, conf, sink, &runscript_places);
}
