/* Reading recordings, from any moment. The file is read ahead by one line only
 * and in small portions, so that a long recording does not hold up a key. A
 * pass that has come from the very beginning notes on its way where others can
 * begin (recindex.c); these first read the scattered lines that tell what
 * silent hosts said last, then everything.
 *
 * Recordings come by mail and are edited by hand: a line may be anything, a
 * file may end anywhere and become shorter while it is read. */
#include "backends/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/wire.h"
#include "core/buf.h"
#include "core/history.h"
#include "core/mem.h"

enum {
	CHUNK = 64 * 1024,
	BAD_MAX = 100, /* lines; more and it is no recording */
	WARM_OBS = HISTORY_LEN + 10, /* to fill the graphs */
	WARM_MS = 180000, /* at least */
};

struct reel_pass {
	struct recording *rec;
	struct wire_reader *reader;
	struct buf text;    /* from the file's `base` on, used up to `at` */
	int64_t base;
	size_t at;
	size_t searched;    /* after `at` there is no newline in so many */
	bool straight;      /* from the beginning, nothing left out */
	int64_t home;       /* beginning of the piece that it began in */
	struct reckey key;  /* where to begin; its tracks are a copy or NULL */
	struct recrange *ranges; /* before the key, still to be read */
	size_t range, nranges;
	bool entered;       /* the key has been passed, or there is none */
	int64_t line;
	int bad;
	bool cut_off, ended;
	struct mono last;   /* of the last event */
	struct err note;    /* text of a note of our own */
};

static struct recording *
recording_of(struct reel *r)
{
	return (struct recording *)(void *)r;
}

/* --- Bytes ---------------------------------------------------------------- */

static int64_t
begin_of(const struct recording *r)
{
	return r->npieces > 0 && r->pieces[0].begin > r->begin ?
	    r->pieces[0].begin : r->begin;
}

static const struct recpiece *
piece_at(const struct recording *r, int64_t off)
{
	for (size_t i = 0; i < r->npieces; i++)
		if (off >= r->pieces[i].begin && off < r->pieces[i].end)
			return &r->pieces[i];
	return NULL;
}

/* 0 at the end. */
static ssize_t
read_at(const struct recording *r, int64_t off, char *p, size_t n)
{
	const struct recpiece *piece = piece_at(r, off);
	ssize_t got;

	if (piece == NULL)
		return 0;
	if ((int64_t)n > piece->end - off)
		n = (size_t)(piece->end - off);
	do
		got = pread(piece->fd, p, n, (off_t)(off - piece->begin));
	while (got < 0 && errno == EINTR);
	return got;
}

static int64_t
offset(const struct reel_pass *p)
{
	return p->base + (int64_t)p->at;
}

static void
go_to(struct reel_pass *p, int64_t off)
{
	int64_t have = p->base + (int64_t)p->text.len;

	if (off != offset(p))
		p->searched = 0;
	if (off >= p->base && off <= have) {
		p->at = (size_t)(off - p->base);
		return;
	}
	buf_clear(&p->text);
	p->at = 0;
	p->base = off;
}

/* --- Lines ---------------------------------------------------------------- */

enum got { GOT_LINE, GOT_LAST, GOT_MORE, GOT_LONG, GOT_END, GOT_ERROR };

static ssize_t
read_more(struct reel_pass *p)
{
	char chunk[CHUNK];
	ssize_t n;

	buf_drop(&p->text, p->at);
	p->base += (int64_t)p->at;
	p->at = 0;
	n = read_at(p->rec, p->base + (int64_t)p->text.len, chunk,
	    sizeof chunk);
	if (n > 0)
		buf_add(&p->text, chunk, (size_t)n);
	return n;
}

/* The next line, without its newline; it holds until the next call. GOT_LAST:
 * it has no newline, so the recording was cut off. GOT_MORE: some of it has
 * been read, and no more than that in one call. */
static enum got
get_line(struct reel_pass *p, const char **line, size_t *n)
{
	size_t left = p->text.len - p->at;
	const char *s = left != 0 ? p->text.p + p->at : "";
	const char *nl = memchr(s + p->searched, '\n', left - p->searched);
	ssize_t more;

	*line = s;
	*n = nl != NULL ? (size_t)(nl - s) : left;
	p->searched = 0;
	if (nl != NULL) {
		p->at += *n + 1;
		p->line++;
		return GOT_LINE;
	}
	if (left > WIRE_LINE_MAX)
		return GOT_LONG;
	more = read_more(p);
	if (more < 0)
		return GOT_ERROR;
	if (more > 0) {
		p->searched = left;
		return GOT_MORE;
	}
	if (left == 0)
		return GOT_END;
	*line = p->text.p;
	p->at = p->text.len;
	p->line++;
	return GOT_LAST;
}

/* --- Where to read --------------------------------------------------------- */

static bool
is_file(const struct reel_pass *p)
{
	return p->rec->path != NULL;
}

/* What lies before the key is read: all that comes now counts. */
static void
enter(struct reel_pass *p)
{
	for (size_t i = 0; i < p->rec->conf->nhosts; i++)
		wire_reader_mute(p->reader, i, false);
	p->entered = true;
	p->line = p->key.line;
	p->bad = p->key.bad;
	if (mono_before(p->last, p->key.at))
		p->last = p->key.at;
	go_to(p, p->key.off);
}

/* Moves to the next line that is to be read. */
static void
find_place(struct reel_pass *p)
{
	int64_t off = offset(p);

	if (off < begin_of(p->rec)) {
		/* A tape that has been cut off meanwhile; its first lines say
		 * all that is needed. */
		x_free(p->ranges);
		p->ranges = NULL;
		p->nranges = 0;
		p->straight = false;
		p->home = p->key.off = begin_of(p->rec);
		enter(p);
	}
	if (p->entered)
		return;
	while (p->range < p->nranges && off >= p->ranges[p->range].to)
		p->range++;
	if (p->range == p->nranges || p->ranges[p->range].from >= p->key.off) {
		enter(p);
		return;
	}
	if (off < p->ranges[p->range].from)
		go_to(p, p->ranges[p->range].from);
	off = offset(p);
	for (size_t i = 0; i < p->rec->conf->nhosts; i++)
		wire_reader_mute(p->reader, i, p->key.tracks[i].full < 0 ||
		    off < p->key.tracks[i].full);
}

/* What the piece says again to those who begin with it. */
static bool
is_repeated(const struct reel_pass *p, int64_t off)
{
	const struct recpiece *piece = piece_at(p->rec, off);

	return piece != NULL && off < piece->fresh &&
	    piece->begin != p->home;
}

/* --- Events --------------------------------------------------------------- */

static enum reel_got
say(struct reel_pass *p, enum note_level level, const char *text,
    struct event *e)
{
	*e = (struct event){
		.type = EVENT_NOTE,
		.host = EVENT_NO_HOST,
		.at = p->last,
		.wall_ms = p->rec->reel.wall_ms + p->last.ns / 1000000,
		.u.note = { level, text },
	};
	return REEL_EVENT;
}

static void
know_all(struct reel_pass *p)
{
	struct reel *r = &p->rec->reel;

	if (!is_file(p) || !p->straight)
		return;
	r->whole = true;
	r->known = r->size;
	r->last = p->last;
}

static enum reel_got
end(struct reel_pass *p, enum note_level level, const char *text,
    struct event *e)
{
	if (!is_file(p) || p->ended)
		return REEL_END;
	p->ended = true;
	know_all(p);
	return say(p, level, text, e);
}

static enum reel_got
break_off(struct reel_pass *p, const char *why, struct event *e)
{
	err_set(&p->note, ERR_FAILED, "%s: replay ends after line %" PRId64
	    ": %s", is_file(p) ? p->rec->path : "tape", p->line, why);
	return end(p, NOTE_WARNING, p->note.msg, e);
}

static enum reel_got
complain(struct reel_pass *p, const char *why, struct event *e)
{
	if (!is_file(p))
		return REEL_NOTHING; /* its beginning was cut off */
	if (++p->bad > BAD_MAX)
		return break_off(p, "too many lines make no sense", e);
	err_set(&p->note, ERR_FAILED, "%s, line %" PRId64 " skipped: %s",
	    p->rec->path, p->line, why);
	return say(p, NOTE_WARNING, p->note.msg, e);
}

/* The pass knows more of the recording than anybody before. */
static void
learn(struct reel_pass *p, int64_t off, const struct event *e)
{
	struct reel *r = &p->rec->reel;

	if (!is_file(p) || !p->straight || off < r->known)
		return;
	r->known = offset(p);
	if (e == NULL)
		return;
	recindex_note(&p->rec->index, off, e, e->type == EVENT_OBS &&
	    wire_reader_full(p->reader));
	r->last = p->last;
}

static enum reel_got
take(struct reel_pass *p, const char *line, size_t n, bool whole,
    struct event *e)
{
	int64_t off = offset(p) - (int64_t)n - (whole ? 1 : 0);
	struct recording *r = p->rec;
	struct err err;
	int rc;

	if (is_file(p) && p->straight && off >= r->reel.known)
		recindex_mark(&r->index, off, p->last, p->line - 1, p->bad);
	rc = wire_read_event(p->reader, line, n, e, &err);
	p->cut_off = !whole;
	if (rc == 1 && is_repeated(p, off))
		return REEL_NOTHING;
	if (rc == 1) {
		if (mono_before(p->last, e->at))
			p->last = e->at;
		else if (is_file(p))
			e->at = p->last; /* its own times may go back */
	}
	learn(p, off, rc == 1 ? e : NULL);
	if (rc < 0 && whole)
		return complain(p, err.msg, e);
	return rc == 1 ? REEL_EVENT : REEL_NOTHING;
}

/* --- The reel ------------------------------------------------------------- */

static struct reel_pass *
pass_begin(struct reel *reel, struct mono at)
{
	struct recording *r = recording_of(reel);
	const struct reckey *k = recindex_find(&r->index, at, r->warm_ms);
	struct reel_pass *p = x_calloc(1, sizeof *p);

	p->rec = r;
	buf_init(&p->text, WIRE_LINE_MAX + 2 * CHUNK);
	p->reader = wire_reader_new();
	wire_reader_begin(p->reader, r->conf, reel->wall_ms);
	p->straight = p->entered = k == NULL;
	p->base = begin_of(r);
	p->line = is_file(p);
	p->home = p->key.off = p->base;
	if (k == NULL)
		return p;
	p->key = *k;
	p->key.tracks = x_calloc(r->conf->nhosts + 1, sizeof *k->tracks);
	memcpy(p->key.tracks, k->tracks, r->conf->nhosts * sizeof *k->tracks);
	p->ranges = recindex_ranges(&r->index, k, &p->nranges);
	for (size_t i = 0; i < r->npieces; i++)
		if (r->pieces[i].begin <= k->off)
			p->home = r->pieces[i].begin;
	return p;
}

static enum reel_got
pass_next(struct reel_pass *p, struct event *e, size_t *cost)
{
	const char *line;
	size_t n = 0;

	*cost = 1;
	if (p->ended)
		return REEL_END;
	find_place(p);
	switch (get_line(p, &line, &n)) {
	case GOT_LINE:
		*cost = n + 1;
		return take(p, line, n, true, e);
	case GOT_LAST:
		*cost = n + 1;
		return take(p, line, n, false, e);
	case GOT_MORE:
		*cost = CHUNK / 4; /* to read is cheaper than to parse */
		return REEL_NOTHING;
	case GOT_LONG:
		return break_off(p, "the next line is endless", e);
	case GOT_END:
		return end(p, NOTE_INFO, p->cut_off ? "end of recording, which "
		    "was cut off in its last line" : "end of recording", e);
	case GOT_ERROR:
		break;
	}
	return break_off(p, strerror(errno), e);
}

static void
pass_end(struct reel_pass *p)
{
	wire_reader_free(p->reader);
	buf_free(&p->text);
	x_free(p->key.tracks);
	x_free(p->ranges);
	x_free(p);
}

static void
recording_free(struct reel *reel)
{
	struct recording *r = recording_of(reel);

	for (size_t i = 0; i < r->npieces; i++)
		close(r->pieces[i].fd);
	recindex_free(&r->index);
	x_free(r->pieces);
	x_free(r->path);
	x_free(r);
}

static const struct reel_ops recording_ops = {
	.begin = pass_begin,
	.next = pass_next,
	.end = pass_end,
	.free = recording_free,
};

struct recording *
recording_new(const struct conf *conf, int64_t interval_ms, int64_t wall_ms)
{
	struct recording *r = x_calloc(1, sizeof *r);

	r->reel.ops = &recording_ops;
	r->reel.wall_ms = wall_ms;
	r->conf = conf;
	r->warm_ms = interval_ms * WARM_OBS;
	if (r->warm_ms < WARM_MS)
		r->warm_ms = WARM_MS;
	recindex_init(&r->index, conf->nhosts);
	return r;
}

void
recording_add_piece(struct recording *r, int fd)
{
	int64_t at = r->npieces > 0 ? r->pieces[r->npieces - 1].end : 0;

	r->pieces = x_grow(r->pieces, r->npieces, &r->cap, sizeof *r->pieces);
	r->pieces[r->npieces++] = (struct recpiece){ fd, at, at, at };
}

void
recording_drop_piece(struct recording *r)
{
	close(r->pieces[0].fd);
	r->npieces--;
	memmove(r->pieces, r->pieces + 1, r->npieces * sizeof *r->pieces);
	recindex_drop(&r->index, begin_of(r));
	if (r->index.nkeys > 0)
		r->reel.first = r->index.keys[0].at;
}

/* --- Files ---------------------------------------------------------------- */

/* Only a regular file: anything else may block the loop. */
static int
open_file(const char *path, int64_t *size, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		err_set(err, ERR_FAILED, "cannot read the recording %s: %s",
		    path, strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		err_set(err, ERR_FAILED,
		    "cannot replay %s: not a regular file", path);
	} else {
		*size = st.st_size;
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

static int
read_head(struct recording *r, struct conf *conf, struct err *err)
{
	struct reel_pass p = { .rec = r, .reader = wire_reader_new() };
	const char *line, *why = NULL;
	enum got got;
	size_t n;
	int rc = -1;

	buf_init(&p.text, WIRE_LINE_MAX + 2 * CHUNK);
	do
		got = get_line(&p, &line, &n);
	while (got == GOT_MORE);
	switch (got) {
	case GOT_LINE:
	case GOT_LAST:
		rc = wire_read_head(p.reader, line, n, conf, &r->reel.wall_ms,
		    err);
		if (rc != 0)
			err_prefix(err, "cannot replay %s", r->path);
		r->begin = r->reel.known = offset(&p);
		break;
	case GOT_LONG:
		why = "its first line is endless";
		break;
	case GOT_MORE:
	case GOT_END:
		why = "it is empty";
		break;
	case GOT_ERROR:
		why = strerror(errno);
		break;
	}
	if (why != NULL)
		err_set(err, ERR_FAILED, "cannot replay %s: %s", r->path, why);
	wire_reader_free(p.reader);
	buf_free(&p.text);
	return rc;
}

struct reel *
recording_open(const char *path, struct conf *conf, struct err *err)
{
	struct recording *r;
	int64_t size = 0;
	int fd = open_file(path, &size, err);

	if (fd < 0)
		return NULL;
	r = recording_new(conf, 0, 0);
	r->path = x_strdup(path);
	r->reel.size = size;
	recording_add_piece(r, fd);
	r->pieces[0].end = size;
	if (read_head(r, conf, err) != 0) {
		recording_free(&r->reel);
		return NULL;
	}
	recindex_free(&r->index);
	recindex_init(&r->index, conf->nhosts);
	if (conf->refresh_ms * (int64_t)WARM_OBS > r->warm_ms)
		r->warm_ms = conf->refresh_ms * (int64_t)WARM_OBS;
	return &r->reel;
}
