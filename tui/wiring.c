/* See wiring.h. Nothing here decides anything; what only observes is in
 * wiring_observe.c, so that the wall screen links nothing else. */
#include "tui/wiring.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "backends/consremote.h"
#include "backends/journal.h"
#include "backends/recording.h"
#include "backends/simcons.h"
#include "backends/tape.h"
#include "backends/trust.h"
#include "backends/wire.h"
#include "core/mem.h"

int
wiring_control(void *arg, uint32_t host, enum backend_control what,
    struct mono now)
{
	struct wiring *w = arg;

	for (size_t i = 0; i < w->loop.nbackends; i++)
		if (w->backends[i]->ops->control(w->backends[i], host, what,
		    now) == 0)
			return 0;
	return -1;
}

int
wiring_ask(void *arg, uint32_t host, enum backend_ask what, struct mono now)
{
	struct wiring *w = arg;

	for (size_t i = 0; i < w->loop.nbackends; i++)
		if (w->backends[i]->ops->ask(w->backends[i], host, what,
		    now) == 0)
			return 0;
	return -1;
}

struct vmconsole *
wiring_vmconsole(void *arg, const struct vmconsole_want *want,
    const struct vmconsole_sink *sink)
{
	struct wiring *w = arg;

	for (size_t i = 0; i < w->loop.nbackends; i++) {
		struct backend *b = w->backends[i];
		struct vmconsole *c = simcons_open(b, want, sink);

		if (c == NULL)
			c = consremote_open(b, w->conf, want, sink);
		if (c != NULL)
			return c;
	}
	return NULL;
}

void
wiring_add(struct wiring *w, struct backend *b)
{
	assert(w->loop.nbackends < WIRING_BACKENDS);
	w->backends[w->loop.nbackends++] = b;
	w->loop.backends = w->backends;
}

void
wiring_drop(struct wiring *w, struct backend *b)
{
	size_t n = 0;

	for (size_t i = 0; i < w->loop.nbackends; i++)
		if (w->backends[i] != b)
			w->backends[n++] = w->backends[i];
	w->loop.nbackends = n;
}

/* --- Recordings ----------------------------------------------------------- */

struct recorder {
	FILE *f;
	char *path;
	struct wire_writer *writer;
	struct buf line;
	struct mono start;
};

static int
put_line(struct recorder *r, struct err *err)
{
	/* Line by line on to the disk's cache: what led to a crash is what the
	 * recording is for. */
	if (fwrite(r->line.p, 1, r->line.len, r->f) != r->line.len ||
	    fflush(r->f) != 0)
		return err_set(err, ERR_FAILED,
		    "%s: the recording cannot be written: %s", r->path,
		    strerror(errno));
	buf_clear(&r->line);
	return 0;
}

/* Not stdout itself: that may rewrite what is no ASCII, and a recording is for
 * programs. */
static FILE *
open_file(const char *path)
{
	int fd;

	if (strcmp(path, "-") != 0)
		return fopen(path, "wx");
	fd = dup(STDOUT_FILENO);
	return fd >= 0 ? fdopen(fd, "w") : NULL;
}

struct recorder *
recorder_open(const char *path, const struct conf *conf, struct mono start,
    int64_t wall_ms, struct err *err)
{
	struct recorder *r = x_calloc(1, sizeof *r);

	r->path = x_strdup(path);
	r->start = start;
	buf_init(&r->line, WIRE_LINE_MAX + 1);
	r->f = open_file(path);
	if (r->f == NULL) {
		err_set(err, ERR_FAILED,
		    errno == EEXIST ?
		    "%s: there is such a file already; choose another name" :
		    "%s: the recording cannot be made: %s", path,
		    strerror(errno));
		goto fail;
	}
	r->writer = wire_writer_new(conf);
	if (wire_write_head(r->writer, &r->line, wall_ms) != 0) {
		err_set(err, ERR_FAILED, "%s: too many hosts to record", path);
		goto fail;
	}
	if (put_line(r, err) != 0)
		goto fail;
	return r;
fail:
	recorder_close(r, NULL);
	return NULL;
}

int
recorder_add(struct recorder *r, const struct event *e, struct err *err)
{
	/* An event too large for a line is left out; it cannot be read back. */
	if (wire_write_event(r->writer, &r->line, e, r->start) != 0) {
		buf_clear(&r->line);
		return 0;
	}
	return put_line(r, err);
}

int
recorder_close(struct recorder *r, struct err *err)
{
	int rc = 0;

	if (r->f != NULL && fclose(r->f) != 0)
		rc = err_set(err, ERR_FAILED,
		    "%s: the recording may be incomplete: %s",
		    strcmp(r->path, "-") == 0 ? "standard output" : r->path,
		    strerror(errno));
	wire_writer_free(r->writer);
	buf_free(&r->line);
	x_free(r->path);
	x_free(r);
	return rc;
}

struct reel *
wiring_open_reel(const char *path, struct conf *conf, struct err *err)
{
	return recording_open(path, conf, err);
}

/* --- What this session has seen -------------------------------------------- */

struct tape *
wiring_tape_open(const struct conf *conf, struct err *err)
{
	return tape_open(conf, loop_now(), loop_wall_ms(), err);
}

void
wiring_tape_free(struct tape *t)
{
	tape_free(t);
}

void
wiring_tape_add(struct tape *t, const struct event *e)
{
	tape_add(t, e);
}

void
wiring_tape_sync(struct tape *t, struct mono now)
{
	tape_sync(t, now);
}

struct reel *
wiring_tape_reel(struct tape *t)
{
	return tape_reel(t);
}

struct mono
wiring_tape_time(const struct tape *t, struct mono at)
{
	return tape_time(t, at);
}

const char *
wiring_tape_failure(const struct tape *t)
{
	return tape_err(t)->kind != ERR_NONE ? tape_err(t)->msg : NULL;
}

/* --- The journal ----------------------------------------------------------- */

int
wiring_history(const struct conf *conf, const struct ledger_filter *f,
    struct ledger_job **v, size_t *n, struct err *err)
{
	char *path = conf->journal != NULL ? x_strdup(conf->journal) :
	    journal_default_path(err);
	int rc = path != NULL ? journal_read(path, f, v, n, err) : -1;

	x_free(path);
	return rc;
}

void
wiring_history_free(struct ledger_job *v, size_t n)
{
	journal_read_free(v, n);
}

int
wiring_known(const struct conf *conf, const char *cluster, const char *name,
    struct known_def *k)
{
	char *path = conf->journal != NULL ? x_strdup(conf->journal) :
	    journal_default_path(NULL);
	struct journal_known j = { NULL, NULL, NULL, 0 };
	int rc = path != NULL ? journal_read_definition(path, cluster, name,
	    &j, NULL) : 0;

	x_free(path);
	*k = (struct known_def){ j.text, j.host, j.path, j.seen_ms };
	return rc == 1 ? 0 : -1;
}

void
wiring_known_free(struct known_def *k)
{
	x_free(k->text);
	x_free(k->host);
	x_free(k->path);
	*k = (struct known_def){ NULL, NULL, NULL, 0 };
}

/* --- Host keys ------------------------------------------------------------- */

enum key_result
key_fetch(struct key_offer *k, const struct conf_host *host, struct err *err)
{
	enum trust_state state = TRUST_BUSY;
	struct pollset ps = { 0 };
	struct trust_key found;

	*k = (struct key_offer){ .trust = trust_open(host, loop_now()) };
	while (state == TRUST_BUSY) {
		struct mono now = loop_now(), deadline = MONO_NEVER;

		pollset_clear(&ps);
		trust_prepoll(k->trust, &ps, now, &deadline);
		loop_poll(&ps, now, deadline);
		state = trust_postpoll(k->trust, &ps, loop_now());
	}
	pollset_free(&ps);
	if (state == TRUST_FAILED) {
		*err = *trust_err(k->trust);
		return KEY_FAILED;
	}
	found = trust_key(k->trust);
	k->fingerprint = found.fingerprint;
	k->type = found.type;
	k->name = found.name;
	k->file = found.file;
	return state == TRUST_KNOWN ? KEY_KNOWN : KEY_NEW;
}

int
key_store(const struct key_offer *k, struct err *err)
{
	return trust_add(k->trust, err);
}

void
key_free(struct key_offer *k)
{
	trust_free(k->trust);
}
