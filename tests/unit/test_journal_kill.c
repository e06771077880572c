/* Sudden ends: the child and the console are killed at every point where that
 * could make a difference. What was acknowledged is there, nothing is there
 * twice, and two consoles never have one VM. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/journal_child.h"
#include "backends/journal_frame.h"
#include "backends/spawn.h"
#include "core/mem.h"
#include "core/prng.h"
#include "tests/lib/drive.h"
#include "tests/lib/journalcase.h"

static struct conf conf;
static char *dir;

static int
set_up(void **state)
{
	(void)state;
	case_conf(&conf);
	dir = case_dir();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	case_remove_dir(dir);
	conf_free(&conf);
	return 0;
}

/* --- The child is killed ------------------------------------------------------ */

enum { RECORDS = 8 };

static const enum job_record life[] = { RECORD_JOB, RECORD_INTENT,
	RECORD_OUTCOME, RECORD_END };

/* What the database must say after the first n records of two jobs. */
static char *
expected(size_t n)
{
	static const char *const stages[] = { "", "open -/-/-\n",
		"open r-1/-/-\n", "open r-1/done/-\n", "done r-1/done/-\n" };
	size_t first = n < 4 ? n : 4, second = n - first;

	return x_asprintf("%s%s%s%s", first > 0 ? "aa-0 " : "", stages[first],
	    second > 0 ? "aa-1 " : "", stages[second]);
}

static void
advance(struct job *job, enum job_record record)
{
	struct job_step *s = &job->steps[0];

	if (record == RECORD_INTENT) {
		strcpy(s->run_id, "r-1");
	} else if (record == RECORD_OUTCOME) {
		s->state = STEP_ENDING;
		s->result = STEP_DONE;
		s->ended_ms = 3;
	} else if (record == RECORD_END) {
		job->state = JOB_DONE;
		job->ended_ms = 4;
	}
}

static void
make_jobs(struct job *jobs[2], size_t body)
{
	jobs[0] = case_job("aa-0", "web1", body);
	jobs[1] = case_job("aa-1", "web2", 0);
}

/* Writes until a record fails; how many were acknowledged. */
static size_t
live(struct journalcase *c, struct job *jobs[2])
{
	for (size_t i = 0; i < RECORDS; i++) {
		struct job *job = jobs[i / 4];

		advance(job, life[i % 4]);
		if (strcmp(case_write(c, life[i % 4], job), "ok") != 0)
			return i;
	}
	return RECORDS;
}

static size_t
kill_child_at(unsigned point, bool no_more)
{
	struct journal_faults faults = { .die_at = point,
		.no_more = no_more };
	char *path = x_asprintf("%s/%u-%d.db", dir, point, no_more);
	char *got, *least, *most;
	struct journalcase c;
	struct job *jobs[2];
	size_t n;

	/* Larger than what is read at once: some points are in its midst. */
	make_jobs(jobs, 700000);
	case_open(&c, &conf, path, "alice", &faults);
	n = live(&c, jobs);
	case_close(&c);
	got = case_dump(path);
	least = expected(n);
	most = expected(n < RECORDS ? n + 1 : n);
	if (strcmp(got, least) != 0 && strcmp(got, most) != 0)
		fail_msg("killed at %u, %zu acknowledged:\n%s", point, n, got);
	if (!no_more)
		assert_int_equal(n, RECORDS);
	x_free(got);
	x_free(least);
	x_free(most);
	x_free(path);
	job_free(jobs[0]);
	job_free(jobs[1]);
	return n;
}

static void
child_killed(void **state)
{
	unsigned point = 1, killed = 0;

	(void)state;
	for (; kill_child_at(point, true) < RECORDS || point < 12; point++) {
		assert_true(point < 200);
		killed++;
	}
	/* Five points for each record, and the reads of the large one. */
	assert_true(killed >= 5 * RECORDS - 1);
	for (unsigned p = 1; p <= point; p++)
		kill_child_at(p, false);
}

/* One that always dies is not started for ever; what waits fails. */
static void
child_dies_again(void **state)
{
	char *path = x_asprintf("%s/journal.db", dir);
	struct journalcase c;
	struct job *jobs[2];

	(void)state;
	make_jobs(jobs, 0);
	case_open(&c, &conf, path, "alice", &(struct journal_faults){
	    .die_at = 1, .no_more = true });
	assert_int_equal(live(&c, jobs), 0);
	assert_non_null(strstr(journal_failure(c.j), "was killed"));
	assert_non_null(strstr(c.told, "was killed"));
	assert_int_equal(live(&c, jobs), 0);
	case_close(&c);
	job_free(jobs[0]);
	job_free(jobs[1]);
	x_free(path);
}

/* --- The console is killed ---------------------------------------------------- */

static size_t
put_frame(struct buf *out, enum job_record record, const struct job *job)
{
	static const enum frame_type types[] = { FRAME_JOB, FRAME_INTENT,
		FRAME_OUTCOME, FRAME_END };
	struct frame f = { .type = types[record] };
	struct ledger_job l;

	ledger_from_job(&l, job, &conf);
	assert_int_equal(frame_put(out, &f, &l), 0);
	ledger_job_free(&l);
	return out->len;
}

/* A console that was killed after so many bytes. */
static void
give(const char *path, const char *bytes, size_t n)
{
	struct journal_child a = { .conf = &conf, .path = path, .key = "aa",
		.operator = "alice", .pid = 1 };
	struct spawn s;
	struct err err;
	int status;

	assert_int_equal(spawn_fork_talk(&s, journal_child_run, &a, -1, &err),
	    0);
	for (size_t at = 0; at < n;) {
		ssize_t wrote = send(s.in, bytes + at, n - at, MSG_NOSIGNAL);
		struct pollfd p = { .fd = s.in, .events = POLLOUT };

		if (wrote < 0) {
			assert_int_equal(errno, EAGAIN);
			poll(&p, 1, 1000);
			continue;
		}
		at += (size_t)wrote;
	}
	shutdown(s.in, SHUT_RDWR);
	assert_int_equal(waitpid(s.pid, &status, 0), s.pid);
	s.pid = 0;
	spawn_leave(&s);
	assert_int_equal(status, 0);
}

static void
give_and_check(const struct buf *b, const size_t *ends, size_t n)
{
	char *path = x_asprintf("%s/%zu.db", dir, n), *got, *want;
	size_t whole = 0;

	while (whole < RECORDS && ends[whole] <= n)
		whole++;
	give(path, b->p, n);
	got = case_dump(path);
	want = expected(whole);
	if (strcmp(got, want) != 0)
		fail_msg("after %zu bytes, %zu records:\n%s", n, whole, got);
	x_free(got);
	x_free(want);
	x_free(path);
}

static void
console_killed(void **state)
{
	struct buf b;
	struct job *jobs[2];
	size_t ends[RECORDS];

	(void)state;
	make_jobs(jobs, 1000);
	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < RECORDS; i++) {
		advance(jobs[i / 4], life[i % 4]);
		ends[i] = put_frame(&b, life[i % 4], jobs[i / 4]);
	}
	give_and_check(&b, ends, 0);
	for (size_t i = 0; i < RECORDS; i++) {
		size_t begin = i > 0 ? ends[i - 1] : 0;

		give_and_check(&b, ends, begin + 2);
		give_and_check(&b, ends, (begin + ends[i]) / 2);
		give_and_check(&b, ends, ends[i] - 1);
		give_and_check(&b, ends, ends[i]);
	}
	buf_free(&b);
	job_free(jobs[0]);
	job_free(jobs[1]);
}

/* A real one, in the midst of work: what it had heard of is there. */
_Noreturn static void
work_until_killed(const char *path, atomic_int *heard)
{
	struct journalcase c;

	case_open(&c, &conf, path, "alice", NULL);
	for (int i = 0; i < CASE_SEQS; i++) {
		char *key = x_asprintf("aa-%d", i);
		struct job *job = case_job(key, key, 0);

		if (strcmp(case_write(&c, RECORD_JOB, job), "ok") != 0)
			_exit(1);
		job_free(job);
		x_free(key);
		atomic_store(heard, i + 1);
	}
	_exit(2);
}

static void
console_killed_at_work(void **state)
{
	atomic_int *heard = mmap(NULL, sizeof *heard, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true(heard != MAP_FAILED);
	for (int round = 0; round < 8; round++) {
		char *path = x_asprintf("%s/%d.db", dir, round), *dump;
		struct mono end = mono_add_ms(drive_now(), CASE_PATIENCE_MS);
		struct journalcase next;
		int status, wanted = 1 + round * 3;
		pid_t pid;

		atomic_store(heard, 0);
		pid = fork();
		if (pid == 0)
			work_until_killed(path, heard);
		while (atomic_load(heard) < wanted) {
			assert_true(mono_before(drive_now(), end));
			poll(NULL, 0, 1);
		}
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		/* All of it is taken over, once its child has ended. */
		case_open(&next, &conf, path, "bob", NULL);
		CASE_UNTIL(&next, next.nadopted >= (size_t)wanted);
		case_close(&next);
		dump = case_dump(path);
		for (int i = 0; i < atomic_load(heard); i++) {
			char *line = x_asprintf("aa-%d open", i);

			assert_non_null(strstr(dump, line));
			x_free(line);
		}
		x_free(dump);
		x_free(path);
	}
	munmap(heard, sizeof *heard);
}

/* --- Two consoles -------------------------------------------------------------- */

struct ring {
	atomic_int inside, both, won, lost;
};

enum { ROUNDS = 1500 };

_Noreturn static void
fight(const char *path, const char *who, struct ring *ring)
{
	struct journalcase c;

	case_open(&c, &conf, path, who, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		char *key = x_asprintf("%s-%d", who, i);
		struct job *job = case_job(key, "web1", 0);

		if (strcmp(case_write(&c, RECORD_JOB, job), "ok") == 0) {
			if (atomic_fetch_add(&ring->inside, 1) != 0)
				atomic_fetch_add(&ring->both, 1);
			atomic_fetch_add(&ring->won, 1);
			job->state = JOB_DONE;
			atomic_fetch_sub(&ring->inside, 1);
			if (strcmp(case_write(&c, RECORD_END, job), "ok") != 0)
				_exit(1);
		} else {
			atomic_fetch_add(&ring->lost, 1);
		}
		job_free(job);
		x_free(key);
	}
	/* Not by exit: the leaks of a fork are nobody's. */
	case_close(&c);
	_exit(0);
}

static void
two_fight(void **state)
{
	char *path = x_asprintf("%s/journal.db", dir);
	struct ring *ring = mmap(NULL, sizeof *ring, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pids[2];

	(void)state;
	assert_true(ring != MAP_FAILED);
	for (int i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			fight(path, i == 0 ? "aa" : "bb", ring);
	}
	for (int i = 0; i < 2; i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(atomic_load(&ring->both), 0);
	assert_int_equal(atomic_load(&ring->won) + atomic_load(&ring->lost),
	    2 * ROUNDS);
	/* They did meet. */
	assert_true(atomic_load(&ring->lost) > 0);
	print_message("%d won, %d lost\n", atomic_load(&ring->won),
	    atomic_load(&ring->lost));
	munmap(ring, sizeof *ring);
	x_free(path);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(child_killed),
		TEST(child_dies_again),
		TEST(console_killed),
		TEST(console_killed_at_work),
		TEST(two_fight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
