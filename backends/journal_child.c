/* The writing end of the journal, a process of its own. It takes all the records
 * that have come, puts them into one transaction, and acknowledges each when
 * that is on the disk: a hundred intents wait for one fsync. A record that
 * cannot be, because its VM is another's, fails alone.
 *
 * It never gives up: when the database cannot be used it says so, answers
 * every record with the reason, and tries again. */
#define _GNU_SOURCE
#include "backends/journal_child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "backends/journal.h"
#include "backends/journal_db.h"
#include "backends/journal_frame.h"
#include "core/mem.h"

enum {
	CHUNK = 256 * 1024,
	CHORES_MS = 3000,
	PRUNE_MS = 3600 * 1000,
};

#define MAX_BYTES (INT64_C(500) * 1024 * 1024)

struct child {
	const struct journal_child *arg;
	struct journal_db d;
	int fd, lock;
	struct buf in;
	struct err failure; /* that the console knows of */
	bool settled;
	int64_t chores_ms, prune_ms; /* when they are next; monotonic */
	int64_t change;     /* of the alarms */
	char **told;        /* jobs that cannot be taken over */
	size_t ntold, told_cap;
	unsigned points;
};

struct result {
	struct frame f;
	struct err err;
};

static int64_t
mono_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Where a kill could make a difference; tests go through them one by one. */
static void
point(struct child *c)
{
	if (++c->points == c->arg->die_at)
		raise(SIGKILL);
}

/* --- To the console ------------------------------------------------------- */

/* When the console is gone nobody wants it. */
static void
send_bytes(struct child *c, const struct buf *b, int fd)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr head;
	} control = { .room = { 0 } };

	for (size_t at = 0; at < b->len;) {
		struct iovec iov = { b->p + at, b->len - at };
		struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
		ssize_t n;

		if (fd >= 0 && at == 0) {
			m.msg_control = control.room;
			m.msg_controllen = sizeof control.room;
			control.head.cmsg_level = SOL_SOCKET;
			control.head.cmsg_type = SCM_RIGHTS;
			control.head.cmsg_len = CMSG_LEN(sizeof fd);
			memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
		}
		n = sendmsg(c->fd, &m, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return;
		at += n > 0 ? (size_t)n : 0;
	}
}

static void
send_frame(struct child *c, const struct frame *f, const struct ledger_job *job,
    int fd)
{
	struct buf b;

	buf_init(&b, FRAME_MAX + FRAME_HEAD);
	if (frame_put(&b, f, job) == 0)
		send_bytes(c, &b, fd);
	buf_free(&b);
}

static const char *
msg(const struct err *e)
{
	return e->kind != ERR_NONE ? e->msg : NULL;
}

/* Tells the console when that is news. */
static void
set_failure(struct child *c, const struct err *e)
{
	if (e->kind == c->failure.kind &&
	    (e->kind == ERR_NONE || strcmp(e->msg, c->failure.msg) == 0))
		return;
	c->failure = *e;
	send_frame(c, &(struct frame){ .type = FRAME_STATE,
	    .text = { msg(e) } }, NULL, -1);
}

/* --- The database --------------------------------------------------------- */

static void
give_up(struct child *c, const struct err *e)
{
	if (c->d.db != NULL && !c->d.memory) {
		sqlite3_close_v2(c->d.db);
		c->d.db = NULL;
	}
	set_failure(c, e);
}

static int
get_lock(struct child *c, struct err *err)
{
	if (c->d.memory || c->lock >= 0)
		return 0;
	c->lock = journal_db_lock(&c->d, err);
	if (c->lock < 0)
		return -1;
	send_frame(c, &(struct frame){ .type = FRAME_LOCK }, NULL, c->lock);
	return 0;
}

/* 0 when it is open, else -1 and why. */
static int
be_open(struct child *c, struct err *err)
{
	if (c->d.db != NULL)
		return 0;
	if (journal_db_open(&c->d, err) == 0 && get_lock(c, err) == 0)
		return 0;
	give_up(c, err);
	return -1;
}

/* --- Jobs of consoles that are gone ----------------------------------------- */

static void
adopted(void *arg, struct ledger_job *l)
{
	send_frame(arg, &(struct frame){ .type = FRAME_ADOPT }, l, -1);
}

static void
not_adopted(void *arg, const char *key, const char *sentence)
{
	struct child *c = arg;

	for (size_t i = 0; i < c->ntold; i++)
		if (strcmp(c->told[i], key) == 0)
			return;
	c->told = x_grow(c->told, c->ntold, &c->told_cap, sizeof *c->told);
	c->told[c->ntold++] = x_strdup(key);
	send_frame(c, &(struct frame){ .type = FRAME_TELL,
	    .value = NOTE_WARNING, .text = { sentence } }, NULL, -1);
}

static void
alarm_seen(void *arg, const char *alarm, int64_t until_ms, const char *by)
{
	send_frame(arg, &(struct frame){ .type = FRAME_ALARM,
	    .value = until_ms, .text = { alarm, by } }, NULL, -1);
}

static void
look_around(struct child *c)
{
	struct err err = { .kind = ERR_NONE };

	if (be_open(c, &err) != 0)
		return;
	if ((c->arg->adopts && journal_db_adopt(&c->d, adopted, not_adopted, c,
		&err) != 0) ||
	    journal_db_get_ready(&c->d, &c->change, alarm_seen, c, &err) != 0) {
		give_up(c, &err);
		return;
	}
	if (!c->settled)
		send_frame(c, &(struct frame){ .type = FRAME_SETTLED }, NULL,
		    -1);
	c->settled = true;
}

/* Whether it can be written again, once it could not. */
static void
try_again(struct child *c)
{
	struct err err = { .kind = ERR_NONE };

	if (c->failure.kind == ERR_NONE || be_open(c, &err) != 0)
		return;
	if (journal_db_exec(&c->d, "BEGIN IMMEDIATE", &err) != 0 ||
	    journal_db_enter(&c->d, &err) != 0 ||
	    journal_db_exec(&c->d, "UPDATE console SET pid = pid", &err) != 0 ||
	    journal_db_exec(&c->d, "COMMIT", &err) != 0) {
		journal_db_exec(&c->d, "ROLLBACK", NULL);
		give_up(c, &err);
		return;
	}
	set_failure(c, &err);
}

static void
chores(struct child *c, bool idle)
{
	struct err err = { .kind = ERR_NONE };
	int more;

	if (mono_ms() < c->chores_ms)
		return;
	try_again(c);
	look_around(c);
	c->chores_ms = mono_ms() + CHORES_MS;
	if (!idle || c->d.db == NULL || mono_ms() < c->prune_ms)
		return;
	more = journal_db_prune(&c->d, (int64_t)time(NULL) * 1000, MAX_BYTES,
	    &err);
	if (more < 0)
		give_up(c, &err);
	if (more <= 0)
		c->prune_ms = mono_ms() + PRUNE_MS;
}

/* --- Records -------------------------------------------------------------- */

static int
put_def(struct child *c, const struct frame *f, struct err *err)
{
	const struct journal_definition def = {
		.cluster = f->text[0] != NULL ? f->text[0] : "",
		.host = f->text[1] != NULL ? f->text[1] : "",
		.path = f->text[2] != NULL ? f->text[2] : "",
		.name = f->text[3] != NULL ? f->text[3] : "",
		.uuid = f->text[4],
		.text = f->text[5],
		.mtime_s = frame_mtime(f),
		.seen_ms = f->value,
	};

	return journal_db_put_def(&c->d, &def, err);
}

static int
apply(struct child *c, const struct frame *f, struct err *err)
{
	const struct ledger_job *l = &f->job;
	bool one = l->nsteps == 1 && l->key != NULL;
	const char *by = f->text[1] != NULL ? f->text[1] : "";

	if (f->type == FRAME_JOB)
		return journal_db_put_job(&c->d, l, err);
	if (f->type == FRAME_INTENT && one)
		return journal_db_put_intent(&c->d, l->key, f->step,
		    l->steps, err);
	if (f->type == FRAME_OUTCOME && one)
		return journal_db_put_outcome(&c->d, l->key, f->step,
		    l->steps, err);
	if (f->type == FRAME_END)
		return journal_db_put_end(&c->d, l, err);
	if (f->type == FRAME_LEAVE && f->text[0] != NULL)
		return journal_db_put_unknown(&c->d, f->text[0], f->text[1],
		    err);
	if (f->type == FRAME_DEF)
		return put_def(c, f, err);
	if (f->type == FRAME_READY && f->text[0] != NULL)
		return journal_db_put_ready(&c->d, f->text[0], f->value, by,
		    err);
	return err_set(err, ERR_USAGE, "a record that the journal does not "
	    "know, or that is too large for it");
}

static bool
is_question(const struct frame *f)
{
	return f->type == FRAME_QUERY || f->type == FRAME_ASK_DEF;
}

/* Each for itself; -1 when the whole transaction is lost. */
static int
apply_all(struct child *c, struct result *v, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		if (is_question(&v[i].f))
			continue;
		if (journal_db_exec(&c->d, "SAVEPOINT record", err) != 0)
			return -1;
		if (apply(c, &v[i].f, &v[i].err) != 0) {
			/* A full disk may end all of it. */
			if (sqlite3_get_autocommit(c->d.db) != 0 ||
			    journal_db_exec(&c->d, "ROLLBACK TO record",
				NULL) != 0) {
				*err = v[i].err;
				return -1;
			}
		}
		if (journal_db_exec(&c->d, "RELEASE record", err) != 0)
			return -1;
		point(c);
	}
	return 0;
}

static int
commit_all(struct child *c, struct result *v, size_t n, struct err *err)
{
	if (be_open(c, err) != 0 ||
	    journal_db_exec(&c->d, "BEGIN IMMEDIATE", err) != 0)
		return -1;
	if (apply_all(c, v, n, err) == 0) {
		point(c);
		if (journal_db_exec(&c->d, "COMMIT", err) == 0) {
			point(c);
			return 0;
		}
	}
	journal_db_exec(&c->d, "ROLLBACK", NULL);
	return -1;
}

/* Returns whether another console's job stood in the way. */
static bool
write_all(struct child *c, struct result *v, size_t n)
{
	struct err err = { .kind = ERR_NONE }, first = { .kind = ERR_NONE };
	bool refused = false;

	if (commit_all(c, v, n, &err) != 0) {
		for (size_t i = 0; i < n; i++)
			v[i].err = err;
		first = err;
	}
	for (size_t i = 0; i < n; i++) {
		if (is_question(&v[i].f))
			continue;
		refused |= v[i].err.kind == ERR_REFUSED;
		if (v[i].err.kind == ERR_FAILED && first.kind == ERR_NONE)
			first = v[i].err;
	}
	/* Who hears of a record that it failed may ask whether others would. */
	if (first.kind != ERR_NONE)
		give_up(c, &first);
	for (size_t i = 0; i < n; i++) {
		if (is_question(&v[i].f))
			continue;
		send_frame(c, &(struct frame){ .type = FRAME_ACK,
		    .number = v[i].f.number, .text = { msg(&v[i].err) } },
		    NULL, -1);
		point(c);
	}
	if (first.kind == ERR_NONE)
		set_failure(c, &first);
	return refused;
}

/* --- Questions ------------------------------------------------------------- */

struct asking {
	struct child *c;
	uint64_t number;
};

static int
put_row(void *arg, struct ledger_job *l)
{
	struct asking *a = arg;

	send_frame(a->c, &(struct frame){ .type = FRAME_ROW,
	    .number = a->number }, l, -1);
	return 0;
}

static void
answer_query(struct child *c, const struct frame *f)
{
	const struct ledger_filter filter = {
		.word = f->owned[0],
		.key = f->owned[1],
		.since_ms = f->value,
		.limit = f->step,
	};
	struct asking a = { c, f->number };
	struct err err = { .kind = ERR_NONE };

	if (be_open(c, &err) == 0)
		journal_db_read(&c->d, &filter, put_row, &a, &err);
	send_frame(c, &(struct frame){ .type = FRAME_ROWS_END,
	    .number = f->number, .text = { msg(&err) } }, NULL, -1);
}

static void
answer_def(struct child *c, const struct frame *f)
{
	const char *cluster = f->text[0] != NULL ? f->text[0] : "";
	const char *name = f->text[1] != NULL ? f->text[1] : "";
	struct journal_db_def def = { 0 };
	struct err err;

	if (be_open(c, &err) == 0)
		journal_db_get_def(&c->d, cluster, name, &def, &err);
	send_frame(c, &(struct frame){
	    .type = FRAME_THE_DEF,
	    .number = f->number,
	    .step = frame_mtime_step(def.mtime_s),
	    .value = def.seen_ms,
	    .text = { cluster, def.host, def.path, name, def.uuid, def.text },
	}, NULL, -1);
	journal_db_def_free(&def);
}

/* --- What comes ------------------------------------------------------------- */

static void
handle(struct child *c, struct result *v, size_t n)
{
	size_t writes = 0;
	bool refused = false;

	for (size_t i = 0; i < n; i++)
		writes += !is_question(&v[i].f);
	if (writes > 0)
		refused = write_all(c, v, n);
	for (size_t i = 0; i < n; i++) {
		if (v[i].f.type == FRAME_QUERY)
			answer_query(c, &v[i].f);
		else if (v[i].f.type == FRAME_ASK_DEF)
			answer_def(c, &v[i].f);
		frame_free(&v[i].f);
	}
	if (refused)
		c->chores_ms = 0;
}

/* All that has come whole; -1: nobody of ours sends that. */
static int
take(struct child *c)
{
	struct result *v = NULL;
	size_t n = 0, cap = 0, at = 0;
	int64_t len = 0;

	while ((len = frame_length(c->in.p + at, c->in.len - at)) > 0) {
		v = x_grow(v, n, &cap, sizeof *v);
		v[n].err = (struct err){ .kind = ERR_NONE };
		if (frame_get(&v[n].f, c->in.p + at, (size_t)len) != 0) {
			len = -1;
			break;
		}
		n++;
		at += (size_t)len;
	}
	buf_drop(&c->in, at);
	if (n > 0)
		handle(c, v, n);
	x_free(v);
	return len < 0 ? -1 : 0;
}

/* 1: the console is gone, or closed its side. */
static int
read_some(struct child *c, char *chunk)
{
	ssize_t n = read(c->fd, chunk, CHUNK);

	if (n == 0 || (n < 0 && errno == ECONNRESET))
		return 1;
	if (n < 0)
		return errno == EINTR ? 0 : -1;
	if (buf_add(&c->in, chunk, (size_t)n) != 0)
		return -1;
	point(c);
	return take(c);
}

static int
serve(struct child *c)
{
	char *chunk = x_malloc(CHUNK);
	int rc = 0;

	while (rc == 0) {
		struct pollfd p = { .fd = c->fd, .events = POLLIN };
		int ready = poll(&p, 1, CHORES_MS);

		if (ready > 0)
			rc = read_some(c, chunk);
		if (rc == 0)
			chores(c, ready == 0);
	}
	x_free(chunk);
	return rc;
}

void
journal_child_run(void *arg, int fd)
{
	const struct journal_child *a = arg;
	const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE,
		SIGTSTP };
	struct child c = { .arg = a, .fd = fd,
		.lock = a->has_lock ? fd + 1 : -1 };

	for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
		signal(ignored[i], SIG_IGN);
	/* What the console gave before it died is still to be written. */
	prctl(PR_SET_PDEATHSIG, 0);
	c.d = (struct journal_db){
		.path = x_strdup(a->path),
		.conf = a->conf,
		.key = a->key,
		.operator = a->operator,
		.began_ms = a->began_ms,
		.pid = a->pid,
		.max_pages = a->max_pages,
	};
	buf_init(&c.in, FRAME_MAX + CHUNK);
	c.prune_ms = mono_ms() + CHORES_MS;
	look_around(&c);
	c.chores_ms = mono_ms() + CHORES_MS;
	if (serve(&c) == 1 && c.lock >= 0) {
		char *path = journal_db_lock_path(&c.d, a->key);

		unlink(path);
		x_free(path);
	}
	journal_db_close(&c.d);
}
