/* The console's end of the socket. Frames stay here until they are answered: a
 * child that was killed is replaced by another, which gets all of them again.
 * One that dies again and again is left alone for a while, and all that waits
 * fails. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "backends/journal_int.h"
#include "core/mem.h"

enum {
	DEATHS_MAX = 3,      /* in a row, of children younger than */
	YOUNG_MS = 10000,
	RETRY_MS = 15000,
	CHUNK = 64 * 1024,
};

int
journal_link_start(struct journal *j, struct mono now, struct err *err)
{
	struct journal_child c = {
		.conf = j->conf,
		.path = j->path,
		.key = j->key,
		.operator = j->operator,
		.began_ms = j->began_ms,
		.pid = (int32_t)getpid(),
		.adopts = j->sink.adopt != NULL,
		.has_lock = j->lock >= 0,
		.die_at = j->deaths == 0 ? j->faults.die_at : 0,
		.max_pages = j->faults.max_pages,
	};

	if (spawn_fork_talk(&j->child, journal_child_run, &c, j->lock,
		err) != 0) {
		err_prefix(err, "the journal has no process to write it");
		j->retry = mono_add_ms(now, RETRY_MS);
		return -1;
	}
	j->born = now;
	j->nsent = j->sent = 0;
	buf_clear(&j->in);
	return 0;
}

/* --- To the child ----------------------------------------------------------- */

uint64_t
journal_link_put(struct journal *j, struct frame *f,
    const struct ledger_job *job, const uint64_t *seq)
{
	struct journal_pending *p;
	struct buf b;

	buf_init(&b, FRAME_MAX + FRAME_HEAD);
	f->number = ++j->last;
	/* What does not fit is sent as nothing, which the child refuses. */
	if (frame_put(&b, f, job) != 0)
		frame_put(&b, &(struct frame){ .type = FRAME_TYPES - 1,
		    .number = f->number }, NULL);
	j->pending = x_grow(j->pending, j->npending, &j->pending_cap,
	    sizeof *j->pending);
	p = &j->pending[j->npending++];
	*p = (struct journal_pending){
		.number = f->number,
		.answer = f->type == FRAME_QUERY ? FRAME_ROWS_END :
		    f->type == FRAME_ASK_DEF ? FRAME_THE_DEF : FRAME_ACK,
		.record = seq != NULL,
		.seq = seq != NULL ? *seq : 0,
		.job = f->type == FRAME_JOB ? x_strdup(job->key) : NULL,
		.leave = f->type == FRAME_LEAVE ? x_strdup(f->text[0]) : NULL,
		.bytes = b.p,
		.n = b.len,
	};
	return f->number;
}

int
journal_link_answered(struct journal *j, uint64_t number,
    struct journal_pending *out)
{
	size_t i = 0;

	while (i < j->npending && j->pending[i].number != number)
		i++;
	if (i == j->npending)
		return -1;
	*out = j->pending[i];
	x_free(out->bytes);
	out->bytes = NULL;
	if (i == j->nsent)
		j->sent = 0; /* cannot be: answered before it was sent */
	else if (i < j->nsent)
		j->nsent--;
	j->npending--;
	memmove(&j->pending[i], &j->pending[i + 1],
	    (j->npending - i) * sizeof *j->pending);
	return 0;
}

static int
send_all(struct journal *j)
{
	while (j->nsent < j->npending) {
		const struct journal_pending *p = &j->pending[j->nsent];
		ssize_t n = send(j->child.out, p->bytes + j->sent,
		    p->n - j->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -1;
		j->sent += (size_t)n;
		if (j->sent == p->n) {
			j->nsent++;
			j->sent = 0;
		}
	}
	return 0;
}

/* --- From it ---------------------------------------------------------------- */

static void
keep_lock(struct journal *j, struct msghdr *m)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	int fd;

	if (c == NULL || c->cmsg_level != SOL_SOCKET ||
	    c->cmsg_type != SCM_RIGHTS)
		return;
	memcpy(&fd, CMSG_DATA(c), sizeof fd);
	spawn_close_fd(&j->lock);
	j->lock = fd;
}

/* What is there, up to a chunk: 1, 0 nothing, -1 the end. */
static int
receive(struct journal *j)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	char chunk[CHUNK];
	struct iovec iov = { chunk, sizeof chunk };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof control.room };
	ssize_t n = recvmsg(j->child.out, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return -1;
	keep_lock(j, &m);
	return buf_add(&j->in, chunk, (size_t)n) == 0 ? 1 : -1;
}

static int
take(struct journal *j)
{
	size_t at = 0;
	int64_t len;

	while ((len = frame_length(j->in.p + at, j->in.len - at)) > 0) {
		struct frame f;

		if (frame_get(&f, j->in.p + at, (size_t)len) != 0)
			return -1;
		at += (size_t)len;
		journal_handle(j, &f);
		frame_free(&f);
	}
	buf_drop(&j->in, at);
	return len < 0 ? -1 : 0;
}

/* --- Its life ---------------------------------------------------------------- */

static bool
is_awaited(const struct journal_pending *p)
{
	return p->record || p->answer != FRAME_ACK;
}

bool
journal_link_awaited(const struct journal *j)
{
	for (size_t i = 0; i < j->npending; i++)
		if (is_awaited(&j->pending[i]))
			return true;
	return false;
}

static void
fail_all(struct journal *j)
{
	uint64_t last = j->last;
	size_t i = 0;

	/* What the sink adds meanwhile waits for the next turn, what nobody
	 * waits for until there is a child. */
	while (i < j->npending && j->pending[i].number <= last) {
		struct frame f = { .type = j->pending[i].answer,
			.number = j->pending[i].number };

		if (f.type != FRAME_THE_DEF)
			f.text[0] = j->failure;
		if (!is_awaited(&j->pending[i]))
			i++;
		else
			journal_handle(j, &f);
	}
}

static void
lost(struct journal *j, struct mono now)
{
	struct err err = { .kind = ERR_NONE };

	spawn_end(&j->child);
	j->deaths = mono_diff_ms(now, j->born) < YOUNG_MS ? j->deaths + 1 : 1;
	for (size_t i = 0; i < j->nrows; i++)
		ledger_job_free(&j->rows[i]);
	j->nrows = 0;
	if (j->deaths <= DEATHS_MAX && !j->faults.no_more &&
	    journal_link_start(j, now, &err) == 0)
		return;
	if (err.kind == ERR_NONE)
		err_set(&err, ERR_FAILED, "the process that writes the "
		    "journal %s was killed; nothing is done until another "
		    "one lasts", j->path);
	j->retry = mono_add_ms(now, RETRY_MS);
	journal_set_failure(j, err.msg);
	fail_all(j);
}

void
journal_link_turn(struct journal *j, bool readable, struct mono now)
{
	struct err err;
	int rc = 0;

	if (j->child.out < 0) {
		if (!j->faults.no_more && mono_reached(j->retry, now))
			journal_link_start(j, now, &err);
		if (j->child.out < 0) {
			fail_all(j);
			return;
		}
	}
	if (send_all(j) != 0)
		readable = true; /* what it said last is still to be read */
	/* A bounded share of a long answer per turn. */
	for (int i = 0; i < 8 && readable && (rc = receive(j)) > 0; i++)
		;
	if (take(j) != 0 || rc < 0) {
		lost(j, now);
		return;
	}
	send_all(j);
}

void
journal_link_free(struct journal *j)
{
	spawn_leave(&j->child);
	spawn_close_fd(&j->lock);
	for (size_t i = 0; i < j->npending; i++) {
		x_free(j->pending[i].bytes);
		x_free(j->pending[i].job);
		x_free(j->pending[i].leave);
	}
	x_free(j->pending);
	buf_free(&j->in);
}

struct mono
journal_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct mono){ (int64_t)t.tv_sec * 1000000000 + t.tv_nsec };
}
