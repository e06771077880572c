/* The tape: events as lines of a recording (wire_rec.c) in files that have no
 * name any more, so that nothing is left behind whatever happens. It is made
 * of a few pieces. Each begins with all that is known at its beginning, so the
 * one before it can be dropped.
 *
 * Of each host the last observation is known: it is what a piece begins with,
 * and what is written late when somebody wants to see this very moment. To keep
 * them whole would cost more than all else in the console, so there are only the
 * writer's packed ones, and the figures of what has come since. */
#include "backends/tape.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>

#include "backends/recording.h"
#include "backends/wire.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/obspack.h"

enum { PIECES = 4 };

/* A link's state as an event, with strings of its own. */
struct link {
	bool set;
	struct event e;
	char *reason, *transport, *observer, *note;
};

struct told {
	struct event e;         /* how the last observation came */
	bool seen, pending;     /* pending: it is not on the tape, where the one
	                         * before differs in figures only; */
	struct packed figures;  /* these are its */
	const struct defs *defs; /* a reference, or NULL */
	struct mono defs_at;     /* when they came */
	int64_t defs_wall_ms;
	bool lost;              /* the tape could not take the last one */
	struct mono written;    /* when the last one that was to be on it came */
	struct link live;       /* when it was last live, */
	struct link trouble;    /* what went wrong first since, */
	struct link now;        /* and the last word */
};

struct tape {
	const struct conf *conf;
	struct recording *rec;
	struct wire_writer *writer;
	struct buf line;
	struct told *hosts;
	struct obspack pack; /* of what has just come */
	struct obs obs;      /* unpacked */
	struct mono start;
	int64_t piece_max; /* bytes */
	struct err err;
};

/* --- Files ---------------------------------------------------------------- */

static int
open_in(const char *dir)
{
	char *path;
	int fd;

	if (dir == NULL || dir[0] != '/') {
		errno = ENOENT;
		return -1;
	}
	path = x_asprintf("%s/xendeck-tape-XXXXXX", dir);
	fd = mkstemp(path);
	if (fd >= 0) {
		unlink(path);
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	x_free(path);
	return fd;
}

static int
open_file(struct err *err)
{
	const char *dirs[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"),
		"/var/tmp" };

	for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++) {
		int fd = open_in(dirs[i]);

		if (fd >= 0)
			return fd;
	}
	return err_set(err, ERR_FAILED, "no room for what happened: %s: %s; "
	    "set TMPDIR to a directory that can be written to", dirs[2],
	    strerror(errno));
}

static struct recpiece *
newest(struct tape *t)
{
	return &t->rec->pieces[t->rec->npieces - 1];
}

static int
write_line(struct tape *t)
{
	struct recpiece *p = newest(t);
	size_t done = 0;

	while (done < t->line.len) {
		ssize_t n = pwrite(p->fd, t->line.p + done, t->line.len - done,
		    (off_t)(p->end - p->begin + (int64_t)done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(&t->err, ERR_FAILED, "what happens is "
			    "not kept any more: %s", strerror(errno));
		done += (size_t)n;
	}
	p->end += (int64_t)t->line.len;
	t->rec->reel.size = t->rec->reel.known = p->end;
	return 0;
}

/* --- Lines ---------------------------------------------------------------- */

static struct mono
reel_time(const struct tape *t, struct mono at)
{
	return mono_before(at, t->start) ? MONO_ZERO :
	    (struct mono){ at.ns - t->start.ns };
}

static bool
put(struct tape *t, const struct event *e)
{
	int64_t off = newest(t)->end;

	if (t->err.kind != ERR_NONE)
		return false;
	buf_clear(&t->line);
	/* One that is too large for a line is left out. */
	if (wire_write_event(t->writer, &t->line, e, t->start) != 0 ||
	    write_line(t) != 0)
		return false;
	recindex_note(&t->rec->index, off, e, wire_writer_full(t->writer));
	if (mono_before(t->rec->reel.last, reel_time(t, e->at)))
		t->rec->reel.last = reel_time(t, e->at);
	return true;
}

static void
put_obs(struct tape *t, struct told *h, const struct obs *o)
{
	h->e.u.obs = o;
	h->lost = !put(t, &h->e);
	h->e.u.obs = NULL;
	h->pending = false;
	h->written = h->e.at;
}

static const struct obspack *
on_tape(const struct tape *t, const struct told *h)
{
	return wire_writer_sent(t->writer, (size_t)(h - t->hosts));
}

/* The last observation, on the tape or not. */
static void
put_last(struct tape *t, struct told *h)
{
	const struct obspack *k = on_tape(t, h);

	if (k->steady.n == 0)
		return;
	obspack_get(&t->obs, &k->steady, h->pending ? &h->figures :
	    &k->figures);
	put_obs(t, h, &t->obs);
}

static void
put_defs(struct tape *t, const struct told *h)
{
	put(t, &(struct event){
		.type = EVENT_DEFS,
		.host = (uint32_t)(h - t->hosts),
		.at = h->defs_at,
		.wall_ms = h->defs_wall_ms,
		.u.defs = h->defs,
	});
}

static void
put_all_known(struct tape *t)
{
	wire_writer_restart(t->writer);
	for (size_t i = 0; i < t->conf->nhosts; i++) {
		struct told *h = &t->hosts[i];

		if (h->defs != NULL)
			put_defs(t, h);
		if (h->seen)
			put_last(t, h);
		if (h->live.set)
			put(t, &h->live.e);
		if (h->trouble.set)
			put(t, &h->trouble.e);
		if (h->now.set)
			put(t, &h->now.e);
	}
	newest(t)->fresh = newest(t)->end;
}

static int
add_piece(struct tape *t, struct mono now)
{
	int fd = open_file(&t->err);

	if (fd < 0)
		return -1;
	recording_add_piece(t->rec, fd);
	recindex_restart(&t->rec->index, newest(t)->begin, reel_time(t, now));
	put_all_known(t);
	if (t->rec->npieces > PIECES)
		recording_drop_piece(t->rec);
	return t->err.kind != ERR_NONE ? -1 : 0;
}

/* A piece that mostly repeats would be waste. */
static bool
is_full(struct tape *t)
{
	const struct recpiece *p = newest(t);

	return p->end - p->fresh > t->piece_max &&
	    p->end - p->fresh > 2 * (p->fresh - p->begin);
}

/* --- Events --------------------------------------------------------------- */

static void
link_clear(struct link *l)
{
	x_free(l->reason);
	x_free(l->transport);
	x_free(l->observer);
	x_free(l->note);
	*l = (struct link){ .set = false };
}

static void
link_set(struct link *l, const struct event *e)
{
	const struct event_link *from = &e->u.link;

	x_replace(&l->reason, from->reason);
	x_replace(&l->transport, from->transport);
	x_replace(&l->observer, from->observer);
	x_replace(&l->note, from->note);
	l->set = true;
	l->e = *e;
	l->e.u.link.reason = l->reason;
	l->e.u.link.transport = l->transport;
	l->e.u.link.observer = l->observer;
	l->e.u.link.note = l->note;
}

static void
take_link(struct told *h, const struct event *e)
{
	const struct event_link *l = &e->u.link;

	if (l->state == LINK_LIVE) {
		link_set(&h->live, e);
		link_clear(&h->trouble);
		link_clear(&h->now);
		return;
	}
	/* A failure that a later one explains better is not the first any
	 * more; since when there is trouble stays. */
	if (!h->trouble.set) {
		link_set(&h->trouble, e);
	} else if (l->reason != NULL) {
		struct event first = *e;

		first.at = h->trouble.e.at;
		first.wall_ms = h->trouble.e.wall_ms;
		link_set(&h->trouble, &first);
	}
	link_set(&h->now, e);
}

/* Not so long that a host would seem to be silent. */
static int64_t
interval_ms(const struct conf *c)
{
	return c->tape_interval_ms < c->stale_ms / 2 ? c->tape_interval_ms :
	    c->stale_ms / 2;
}

static void
take_obs(struct tape *t, struct told *h, const struct event *e)
{
	bool due = !h->seen || mono_diff_ms(e->at, h->written) >=
	    interval_ms(t->conf);
	bool news;

	h->seen = true;
	h->e = *e;
	if (due) { /* whatever is in it: the writer packs it itself */
		put_obs(t, h, e->u.obs);
		return;
	}
	obspack_put(&t->pack, e->u.obs);
	news = !packed_equal(&t->pack.steady, &on_tape(t, h)->steady);
	if (news && !h->lost) {
		put_obs(t, h, e->u.obs);
	} else {
		packed_keep(&h->figures, &t->pack.figures);
		h->pending = !news;
	}
}

static void
take_defs(struct tape *t, struct told *h, const struct event *e)
{
	const struct defs *was = h->defs;

	h->defs = defs_ref(e->u.defs);
	h->defs_at = e->at;
	h->defs_wall_ms = e->wall_ms;
	if (was == NULL || !defs_equal(was, h->defs))
		put_defs(t, h);
	defs_unref(was);
}

void
tape_add(void *arg, const struct event *e)
{
	struct tape *t = arg;
	struct told *h = e->host < t->conf->nhosts ? &t->hosts[e->host] : NULL;

	if (t->err.kind != ERR_NONE)
		return;
	if (is_full(t) && add_piece(t, e->at) != 0)
		return;
	recindex_mark(&t->rec->index, newest(t)->end, reel_time(t, e->at), 0,
	    0);
	if (e->type == EVENT_OBS && h != NULL) {
		take_obs(t, h, e);
		return;
	}
	if (e->type == EVENT_DEFS && h != NULL) {
		take_defs(t, h, e);
		return;
	}
	/* The last figures before the link broke. */
	if (h != NULL && h->pending)
		put_last(t, h);
	if (e->type == EVENT_LINK && h != NULL) {
		put(t, e);
		take_link(h, e);
	} else if (e->type == EVENT_NOTE) {
		put(t, e);
	}
}

void
tape_sync(struct tape *t, struct mono now)
{
	for (size_t i = 0; i < t->conf->nhosts; i++)
		if (t->hosts[i].pending)
			put_last(t, &t->hosts[i]);
	if (mono_before(t->rec->reel.last, reel_time(t, now)))
		t->rec->reel.last = reel_time(t, now);
}

/* --- All of it ------------------------------------------------------------ */

struct tape *
tape_open(const struct conf *conf, struct mono start, int64_t wall_ms,
    struct err *err)
{
	struct tape *t;

	if (conf->tape_kb <= 0) {
		err_set(err, ERR_FAILED, "nothing is kept of what happened: "
		    "tape = 0 in the configuration");
		return NULL;
	}
	t = x_calloc(1, sizeof *t);
	t->conf = conf;
	t->start = start;
	t->piece_max = conf->tape_kb * 1024 / PIECES;
	t->rec = recording_new(conf, conf->refresh_ms > interval_ms(conf) ?
	    conf->refresh_ms : interval_ms(conf), wall_ms);
	t->rec->reel.whole = true;
	t->rec->reel.step_ms = interval_ms(conf);
	t->writer = wire_writer_new(conf);
	buf_init(&t->line, WIRE_LINE_MAX + 1);
	t->hosts = x_calloc(conf->nhosts + 1, sizeof *t->hosts);
	obs_init(&t->obs);
	if (add_piece(t, start) != 0) {
		*err = t->err;
		tape_free(t);
		return NULL;
	}
	return t;
}

void
tape_free(struct tape *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->conf->nhosts; i++) {
		packed_free(&t->hosts[i].figures);
		defs_unref(t->hosts[i].defs);
		link_clear(&t->hosts[i].live);
		link_clear(&t->hosts[i].trouble);
		link_clear(&t->hosts[i].now);
	}
	x_free(t->hosts);
	obspack_free(&t->pack);
	obs_free(&t->obs);
	wire_writer_free(t->writer);
	buf_free(&t->line);
	t->rec->reel.ops->free(&t->rec->reel);
	x_free(t);
}

const struct err *
tape_err(const struct tape *t)
{
	return &t->err;
}

struct reel *
tape_reel(struct tape *t)
{
	return &t->rec->reel;
}

struct mono
tape_time(const struct tape *t, struct mono at)
{
	return reel_time(t, at);
}
