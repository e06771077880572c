/* Plays a recording as if it happened now. The file is read ahead by one event
 * only, and in small portions, so that a long recording at full speed does not
 * hold up a key. Where the play is follows from one anchor (this moment now is
 * that moment of the recording) and the speed: to pause, step or seek is to
 * move the anchor. */
#include "backends/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/wire.h"
#include "core/buf.h"
#include "core/mem.h"

enum {
	CHUNK = 64 * 1024,
	TURN_BYTES = 64 * 1024, /* of lines read in one turn of the loop */
	TURN_LINES = 200,
	BAD_MAX = 100,          /* lines; more and it is no recording */
	SPEED_MAX = 100000,
};

struct replay {
	struct backend backend;
	int fd;
	char *path;
	struct event_sink sink;
	struct wire_reader *reader;
	struct buf text;    /* read, from `at` on not yet used */
	size_t at;
	bool eof, ended;
	bool cut_off;       /* the last line has no end */
	int64_t line;       /* number of the last one taken */
	int bad;
	int speed;
	bool anchored;
	struct mono anchor_now, anchor_at;
	bool loaded;
	struct event next;  /* borrowed from the reader; times as recorded */
	struct mono last;   /* when the last event was due */
	int64_t wall_ms;    /* of the last event */
};

static struct replay *
replay_of(struct backend *b)
{
	return (struct replay *)(void *)b;
}

/* --- Lines ---------------------------------------------------------------- */

enum got { GOT_LINE, GOT_LAST, GOT_LONG, GOT_END, GOT_ERROR };

static int
read_more(struct replay *r)
{
	char chunk[CHUNK];
	ssize_t n;

	buf_drop(&r->text, r->at);
	r->at = 0;
	do
		n = read(r->fd, chunk, sizeof chunk);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -1;
	r->eof = n == 0;
	return buf_add(&r->text, chunk, (size_t)n);
}

/* The next line, without its newline; it holds until the next call. GOT_LAST:
 * it has no newline, so the recording was cut off. */
static enum got
get_line(struct replay *r, const char **line, size_t *n)
{
	for (;;) {
		size_t left = r->text.len - r->at;
		const char *p = left != 0 ? r->text.p + r->at : "";
		const char *nl = memchr(p, '\n', left);

		*line = p;
		*n = nl != NULL ? (size_t)(nl - p) : left;
		if (nl != NULL) {
			r->at += *n + 1;
			r->line++;
			return GOT_LINE;
		}
		if (left > WIRE_LINE_MAX)
			return GOT_LONG;
		if (r->eof) {
			r->at = r->text.len;
			r->line += left != 0;
			return left != 0 ? GOT_LAST : GOT_END;
		}
		if (read_more(r) != 0)
			return GOT_ERROR;
	}
}

/* --- Events --------------------------------------------------------------- */

static struct mono
due(const struct replay *r, struct mono at, struct mono now)
{
	if (r->speed == 0)
		return now;
	if (!r->anchored)
		return now;
	return (struct mono){ r->anchor_now.ns +
	    (at.ns - r->anchor_at.ns) / r->speed * 100 };
}

static void
say(struct replay *r, enum note_level level, const char *text, struct mono now)
{
	struct event e = {
		.type = EVENT_NOTE,
		.host = EVENT_NO_HOST,
		.at = now,
		.wall_ms = r->wall_ms,
		.u.note = { level, text },
	};

	r->sink.emit(r->sink.arg, &e);
}

static void
end(struct replay *r, enum note_level level, const char *text, struct mono now)
{
	r->ended = true;
	say(r, level, text, now);
}

static void
break_off(struct replay *r, const char *why, struct mono now)
{
	struct err text;

	err_set(&text, ERR_FAILED, "%s: replay ends after line %" PRId64
	    ": %s", r->path, r->line, why);
	end(r, NOTE_WARNING, text.msg, now);
}

static void
complain(struct replay *r, const char *why, struct mono now)
{
	struct err text;

	if (++r->bad > BAD_MAX) {
		break_off(r, "too many lines make no sense", now);
		return;
	}
	err_set(&text, ERR_FAILED, "%s, line %" PRId64 " skipped: %s", r->path,
	    r->line, why);
	say(r, NOTE_WARNING, text.msg, now);
}

static void
take(struct replay *r, const char *line, size_t n, bool whole, struct mono now)
{
	struct err err;
	int rc = wire_read_event(r->reader, line, n, &r->next, &err);

	if (rc == 1)
		r->loaded = true;
	else if (rc != 0 && whole)
		complain(r, err.msg, now);
	r->cut_off = !whole;
}

/* Takes one line; afterwards an event may be loaded. Returns its length. */
static size_t
load(struct replay *r, struct mono now)
{
	const char *line;
	size_t n;

	switch (get_line(r, &line, &n)) {
	case GOT_LINE:
		take(r, line, n, true, now);
		break;
	case GOT_LAST:
		take(r, line, n, false, now);
		break;
	case GOT_LONG:
		break_off(r, "the next line is endless", now);
		break;
	case GOT_END:
		end(r, NOTE_INFO, r->cut_off ? "end of recording, which was "
		    "cut off in its last line" : "end of recording", now);
		break;
	case GOT_ERROR:
		break_off(r, strerror(errno), now);
		break;
	}
	return n;
}

static void
play(struct replay *r, struct mono now)
{
	struct event e = r->next;

	r->loaded = false;
	/* As fast as possible, time is the recording's own: what takes the
	 * model a while to believe must not be cut short by our hurry. */
	e.at = r->speed == 0 ? (struct mono){ r->anchor_now.ns +
	    r->next.at.ns - r->anchor_at.ns } : due(r, r->next.at, now);
	if (mono_before(e.at, r->last))
		e.at = r->last; /* the recording's own times may go back */
	r->last = e.at;
	if (e.type == EVENT_LINK && e.u.link.retry.ns != MONO_NEVER.ns)
		e.u.link.retry = due(r, e.u.link.retry, now);
	r->wall_ms = e.wall_ms;
	r->sink.emit(r->sink.arg, &e);
}

/* --- The backend ---------------------------------------------------------- */

static void
replay_prepoll(struct backend *b, struct pollset *ps, struct mono now,
    struct mono *deadline)
{
	struct replay *r = replay_of(b);

	(void)ps;
	if (!r->ended)
		mono_lower(deadline, r->loaded ? due(r, r->next.at, now) : now);
}

static void
replay_postpoll(struct backend *b, const struct pollset *ps, struct mono now,
    int64_t wall_ms)
{
	struct replay *r = replay_of(b);
	size_t bytes = 0;

	(void)ps;
	(void)wall_ms;
	if (!r->anchored) {
		r->anchored = true;
		r->anchor_now = now;
	}
	for (int i = 0; i < TURN_LINES && bytes < TURN_BYTES; i++) {
		if (!r->loaded && !r->ended)
			bytes += load(r, now);
		if (r->ended)
			break;
		if (!r->loaded)
			continue;
		if (!mono_reached(due(r, r->next.at, now), now))
			break;
		play(r, now);
	}
}

static int
replay_control(struct backend *b, uint32_t host, enum backend_control what,
    struct mono now)
{
	(void)b;
	(void)host;
	(void)what;
	(void)now;
	return -1;
}

/* What was asked then is all there is. */
static int
replay_ask(struct backend *b, uint32_t host, enum backend_ask what,
    struct mono now)
{
	(void)b;
	(void)host;
	(void)what;
	(void)now;
	return -1;
}

static void
replay_free(struct backend *b)
{
	struct replay *r = replay_of(b);

	if (r->fd >= 0)
		close(r->fd);
	wire_reader_free(r->reader);
	buf_free(&r->text);
	x_free(r->path);
	x_free(r);
}

static const struct backend_ops replay_ops = {
	.name = "replay",
	.prepoll = replay_prepoll,
	.postpoll = replay_postpoll,
	.control = replay_control,
	.ask = replay_ask,
	.free = replay_free,
};

/* Only a regular file: anything else may block the loop. */
static int
open_file(struct replay *r, struct err *err)
{
	struct stat st;

	r->fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (r->fd < 0 || fstat(r->fd, &st) != 0)
		return err_set(err, ERR_FAILED, "cannot read the recording %s: "
		    "%s", r->path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_FAILED,
		    "cannot replay %s: not a regular file", r->path);
	return 0;
}

static int
read_head(struct replay *r, struct conf *conf, struct err *err)
{
	const char *line, *why = NULL;
	size_t n;

	switch (get_line(r, &line, &n)) {
	case GOT_LINE:
	case GOT_LAST:
		if (wire_read_head(r->reader, line, n, conf, &r->wall_ms,
		    err) == 0)
			return 0;
		return err_prefix(err, "cannot replay %s", r->path);
	case GOT_LONG:
		why = "its first line is endless";
		break;
	case GOT_END:
		why = "it is empty";
		break;
	case GOT_ERROR:
		why = strerror(errno);
		break;
	}
	return err_set(err, ERR_FAILED, "cannot replay %s: %s", r->path, why);
}

struct backend *
replay_new(const char *path, int speed_percent, struct conf *conf,
    const struct event_sink *sink, struct err *err)
{
	struct replay *r = x_calloc(1, sizeof *r);

	r->backend.ops = &replay_ops;
	r->path = x_strdup(path);
	r->sink = *sink;
	r->reader = wire_reader_new();
	r->speed = speed_percent < 0 ? 0 :
	    speed_percent > SPEED_MAX ? SPEED_MAX : speed_percent;
	buf_init(&r->text, WIRE_LINE_MAX + CHUNK);
	if (open_file(r, err) != 0 || read_head(r, conf, err) != 0) {
		replay_free(&r->backend);
		return NULL;
	}
	return &r->backend;
}

bool
replay_at_end(const struct backend *b)
{
	return ((const struct replay *)(const void *)b)->ended;
}
