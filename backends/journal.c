/* See journal.h. What the console does with its journal: jobs become records by
 * name, and what the child says becomes calls of the sink. */
#define _GNU_SOURCE
#include "backends/journal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "backends/journal_int.h"
#include "core/mem.h"

/* --- What the child says ---------------------------------------------------- */

void
journal_set_failure(struct journal *j, const char *why)
{
	bool was = j->failure != NULL;

	if (!x_replace(&j->failure, why) || j->sink.tell == NULL)
		return;
	if (why != NULL)
		j->sink.tell(j->sink.arg, NOTE_ALARM, why);
	else if (was)
		j->sink.tell(j->sink.arg, NOTE_INFO,
		    "the journal can be written again");
}

static void
acknowledged(struct journal *j, const struct frame *f)
{
	struct journal_pending p;

	if (journal_link_answered(j, f->number, &p) != 0)
		return;
	if (p.leave != NULL && f->text[0] == NULL)
		journal_left(j, p.leave);
	if (p.job != NULL && f->text[0] != NULL)
		journal_leave(j, p.job, "it was never begun: it could not be "
		    "noted in the journal");
	x_free(p.job);
	x_free(p.leave);
	if (p.record)
		j->sink.written(j->sink.arg, p.seq, f->text[0]);
}

/* The child looked whether the hosts are known; what else can be wrong with a
 * record is found here. */
static void
adopt(struct journal *j, const struct ledger_job *l)
{
	struct err err;
	struct job *job = ledger_to_job(l, j->conf, &err);
	char *text;

	if (job != NULL && j->sink.adopt != NULL) {
		j->sink.adopt(j->sink.arg, job);
		return;
	}
	job_free(job);
	if (l->key == NULL || j->sink.adopt == NULL)
		return;
	text = x_asprintf("%.200s, begun by %.60s's xendeck, cannot be taken "
	    "over: %.200s (xendeck history --job %s)", l->title != NULL ?
	    l->title : "a job", l->operator != NULL ? l->operator : "somebody",
	    err.msg, l->key);
	if (j->sink.tell != NULL)
		j->sink.tell(j->sink.arg, NOTE_WARNING, text);
	x_free(text);
	journal_leave(j, l->key, err.msg);
}

static void
add_row(struct journal *j, struct frame *f)
{
	j->rows = x_grow(j->rows, j->nrows, &j->rows_cap, sizeof *j->rows);
	j->rows[j->nrows++] = f->job;
	f->job = (struct ledger_job){ 0 };
}

static void
end_rows(struct journal *j, const struct frame *f)
{
	struct journal_pending p;

	if (journal_link_answered(j, f->number, &p) == 0 &&
	    j->sink.rows != NULL)
		j->sink.rows(j->sink.arg, (uint32_t)f->number, j->rows,
		    j->nrows, f->text[0]);
	for (size_t i = 0; i < j->nrows; i++)
		ledger_job_free(&j->rows[i]);
	j->nrows = 0;
}

static void
the_definition(struct journal *j, const struct frame *f)
{
	const struct journal_definition def = {
		.cluster = f->text[0],
		.host = f->text[1],
		.path = f->text[2],
		.name = f->text[3],
		.uuid = f->text[4],
		.text = f->text[5],
		.mtime_s = frame_mtime(f),
		.seen_ms = f->value,
	};
	struct journal_pending p;

	if (journal_link_answered(j, f->number, &p) == 0 &&
	    j->sink.definition != NULL)
		j->sink.definition(j->sink.arg, (uint32_t)f->number,
		    def.text != NULL ? &def : NULL);
}

static void
told(struct journal *j, const struct frame *f)
{
	if (j->sink.tell != NULL && f->text[0] != NULL)
		j->sink.tell(j->sink.arg, (enum note_level)f->value,
		    f->text[0]);
}

void
journal_handle(struct journal *j, struct frame *f)
{
	switch (f->type) {
	case FRAME_ACK:
		acknowledged(j, f);
		break;
	case FRAME_STATE:
		journal_set_failure(j, f->text[0]);
		if (f->text[0] == NULL)
			journal_leave_again(j);
		break;
	case FRAME_SETTLED:
		j->settled = true;
		journal_set_failure(j, NULL);
		break;
	case FRAME_ADOPT:
		adopt(j, &f->job);
		break;
	case FRAME_TELL:
		told(j, f);
		break;
	case FRAME_ROW:
		add_row(j, f);
		break;
	case FRAME_ROWS_END:
		end_rows(j, f);
		break;
	case FRAME_THE_DEF:
		the_definition(j, f);
		break;
	case FRAME_ALARM:
		if (j->sink.ready != NULL && f->text[0] != NULL)
			j->sink.ready(j->sink.arg, f->text[0], f->value,
			    f->text[1] != NULL ? f->text[1] : "");
		break;
	case FRAME_JOB:
	case FRAME_INTENT:
	case FRAME_OUTCOME:
	case FRAME_END:
	case FRAME_LEAVE:
	case FRAME_DEF:
	case FRAME_READY:
	case FRAME_QUERY:
	case FRAME_ASK_DEF:
	case FRAME_LOCK:
	case FRAME_TYPES:
		break;
	}
}

/* --- As a backend ----------------------------------------------------------- */

static struct journal *
of(struct backend *b)
{
	return (struct journal *)(void *)b;
}

static void
prepoll(struct backend *b, struct pollset *ps, struct mono now,
    struct mono *deadline)
{
	struct journal *j = of(b);

	if (j->child.out < 0) {
		mono_lower(deadline, journal_link_awaited(j) ? now :
		    j->retry);
		return;
	}
	j->slot = pollset_add(ps, j->child.out, (short)(POLLIN |
	    (j->nsent < j->npending ? POLLOUT : 0)));
}

static void
postpoll(struct backend *b, const struct pollset *ps, struct mono now,
    int64_t wall_ms)
{
	struct journal *j = of(b);
	short got = j->child.out < 0 ? 0 :
	    pollset_revents(ps, j->slot, j->child.out);

	(void)wall_ms;
	journal_link_turn(j, (got & (POLLIN | POLLHUP | POLLERR)) != 0, now);
}

static int
control(struct backend *b, uint32_t host, enum backend_control what,
    struct mono now)
{
	(void)b;
	(void)host;
	(void)what;
	(void)now;
	return -1;
}

static int
ask(struct backend *b, uint32_t host, enum backend_ask what, struct mono now)
{
	(void)b;
	(void)host;
	(void)what;
	(void)now;
	return -1;
}

/* journal_close does. */
static void
keep(struct backend *b)
{
	(void)b;
}

static const struct backend_ops ops = {
	.name = "journal",
	.prepoll = prepoll,
	.postpoll = postpoll,
	.control = control,
	.ask = ask,
	.free = keep,
};

struct backend *
journal_backend(struct journal *j)
{
	return &j->backend;
}

/* --- Opening and closing ------------------------------------------------------ */

char *
journal_default_path(struct err *err)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (xdg != NULL && xdg[0] == '/')
		return x_asprintf("%s/xendeck/journal.db", xdg);
	if (geteuid() == 0)
		return x_strdup("/var/lib/xendeck/journal.db");
	if (home != NULL && home[0] == '/')
		return x_asprintf("%s/.local/state/xendeck/journal.db", home);
	err_set(err, ERR_FAILED, "there is no place for the journal: neither "
	    "XDG_STATE_HOME nor HOME is set; set \"journal\" in the "
	    "configuration");
	return NULL;
}

static int
make_key(char **key, struct err *err)
{
	uint32_t v;

	if (getrandom(&v, sizeof v, 0) != (ssize_t)sizeof v)
		return err_set(err, ERR_FAILED,
		    "there is no random number for the journal: %s",
		    strerror(errno));
	*key = x_asprintf("%08x", v);
	return 0;
}

struct journal *
journal_open_faulty(const struct conf *conf, const char *path,
    const char *operator, const struct journal_sink *sink,
    const struct journal_faults *faults, struct err *err)
{
	struct journal *j = x_calloc(1, sizeof *j);
	struct timespec wall;

	clock_gettime(CLOCK_REALTIME, &wall);
	*j = (struct journal){
		.backend = { .ops = &ops },
		.conf = conf,
		.operator = x_strdup(operator),
		.sink = *sink,
		.faults = *faults,
		.began_ms = (int64_t)wall.tv_sec * 1000 +
		    wall.tv_nsec / 1000000,
		.child = SPAWN_NONE,
		.lock = -1,
	};
	buf_init(&j->in, FRAME_MAX + (1 << 20));
	if (path == NULL)
		path = conf->journal;
	j->path = path != NULL ? x_strdup(path) : journal_default_path(err);
	if (j->path != NULL && make_key(&j->key, err) == 0 &&
	    journal_link_start(j, journal_now(), err) == 0)
		return j;
	journal_close(j, 0);
	return NULL;
}

struct journal *
journal_open(const struct conf *conf, const char *path, const char *operator,
    const struct journal_sink *sink, struct err *err)
{
	static const struct journal_faults none;

	return journal_open_faulty(conf, path, operator, sink, &none, err);
}

/* A turn without the console's loop, at most until the deadline. */
static void
turn(struct journal *j, struct mono end)
{
	struct mono now = journal_now(), deadline = end;
	struct pollset ps = { 0 };
	int64_t ms;

	j->backend.ops->prepoll(&j->backend, &ps, now, &deadline);
	ms = mono_diff_ms(deadline, now) + 1;
	poll(ps.v, (nfds_t)ps.n, ms > 0 ? (int)(ms < 60000 ? ms : 60000) : 0);
	postpoll(&j->backend, &ps, journal_now(), 0);
	pollset_free(&ps);
}

int
journal_wait(struct journal *j, int64_t ms, struct err *err)
{
	struct mono end = mono_add_ms(journal_now(), ms);

	while (!j->settled && j->failure == NULL &&
	    mono_before(journal_now(), end))
		turn(j, end);
	if (j->failure != NULL)
		return err_set(err, ERR_FAILED, "%s", j->failure);
	return j->settled ? 0 : err_set(err, ERR_FAILED,
	    "the journal %s is not ready in time: its disk is slow, or "
	    "another program has locked it; nothing is done without it",
	    j->path);
}

static void
wait_end(struct journal *j, struct mono end)
{
	char rest[4096];

	while (mono_before(journal_now(), end)) {
		struct pollfd p = { .fd = j->child.out, .events = POLLIN };
		ssize_t n;

		if (poll(&p, 1, (int)mono_diff_ms(end, journal_now()) + 1) <= 0)
			continue;
		n = read(j->child.out, rest, sizeof rest);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return;
	}
}

void
journal_close(struct journal *j, int64_t wait_ms)
{
	struct mono end;

	if (j == NULL)
		return;
	end = mono_add_ms(journal_now(), wait_ms);
	/* Nobody listens any more. */
	j->sink = (struct journal_sink){ 0 };
	for (size_t i = 0; i < j->npending; i++)
		j->pending[i].record = false;
	while (j->npending > 0 && j->child.out >= 0 &&
	    mono_before(journal_now(), end))
		turn(j, end);
	if (j->child.out >= 0) {
		shutdown(j->child.out, SHUT_WR);
		wait_end(j, end);
	}
	journal_link_free(j);
	for (size_t i = 0; i < j->nrows; i++)
		ledger_job_free(&j->rows[i]);
	for (size_t i = 0; i < j->nleaves; i++) {
		x_free(j->leaves[i].key);
		x_free(j->leaves[i].why);
	}
	x_free(j->leaves);
	x_free(j->rows);
	x_free(j->seen);
	x_free(j->failure);
	x_free(j->path);
	x_free(j->key);
	x_free(j->operator);
	x_free(j);
}

const char *
journal_key(const struct journal *j)
{
	return j->key;
}

const char *
journal_failure(const struct journal *j)
{
	return j->failure;
}

bool
journal_ready(const struct journal *j)
{
	return j->settled && j->failure == NULL;
}

size_t
journal_pending(const struct journal *j)
{
	return j->npending;
}
