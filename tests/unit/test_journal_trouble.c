/* What can be wrong with the database: it is said in one sentence, nothing
 * counts as written, nobody dies, and what was acknowledged is still there. */
#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/mem.h"
#include "core/prng.h"
#include "tests/lib/drive.h"
#include "tests/lib/journalcase.h"

static struct conf conf;
static char *dir, *path;

static int
set_up(void **state)
{
	(void)state;
	case_conf(&conf);
	dir = case_dir();
	path = x_asprintf("%s/journal.db", dir);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	x_free(path);
	case_remove_dir(dir);
	conf_free(&conf);
	return 0;
}

static sqlite3 *
run_sql(const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	return db;
}

/* A journal with some jobs in it. */
static void
make_journal(int jobs)
{
	struct journalcase c;

	case_open(&c, &conf, path, "alice", NULL);
	for (int i = 0; i < jobs; i++) {
		char *key = x_asprintf("aa-%d", i);
		struct job *job = case_job(key, key, 500);

		assert_string_equal(case_write(&c, RECORD_JOB, job), "ok");
		job->state = JOB_DONE;
		assert_string_equal(case_write(&c, RECORD_END, job), "ok");
		job_free(job);
		x_free(key);
	}
	case_close(&c);
}

static void
refuses(const char *part)
{
	struct job *job = case_job("zz-1", "web1", 0);
	struct journalcase c;

	case_open(&c, &conf, path, "alice", NULL);
	case_has(case_write(&c, RECORD_JOB, job), part);
	case_has(journal_failure(c.j), part);
	case_has(c.told, part);
	case_close(&c);
	job_free(job);
}

static void
no_room(void **state)
{
	const struct journal_faults faults = { .max_pages = 60 };
	struct journalcase c;
	char *dump, *key;
	int fit = 0;

	(void)state;
	case_open(&c, &conf, path, "alice", &faults);
	for (bool full = false; !full; fit++) {
		struct job *job;
		const char *said;

		assert_true(fit < 200);
		key = x_asprintf("aa-%d", fit);
		job = case_job(key, key, 3000);
		said = case_write(&c, RECORD_JOB, job);
		full = strcmp(said, "ok") != 0;
		if (full)
			case_has(said, "there is no room left on its disk");
		job_free(job);
		x_free(key);
	}
	case_has(journal_failure(c.j), "no room");
	case_close(&c);
	/* All that was acknowledged is there, and nothing else. */
	dump = case_dump(path);
	assert_true(fit > 10);
	for (int i = 0; i < fit; i++) {
		key = x_asprintf("aa-%d open", i);
		assert_int_equal(strstr(dump, key) != NULL, i < fit - 1);
		x_free(key);
	}
	x_free(dump);
}

static void
a_newer_one(void **state)
{
	(void)state;
	make_journal(1);
	sqlite3_close(run_sql("PRAGMA user_version = 99"));
	refuses("was written by a newer xendeck");
}

static void
of_another_program(void **state)
{
	(void)state;
	sqlite3_close(run_sql("CREATE TABLE recipes (x)"));
	refuses("is another program's database");
	sqlite3_close(run_sql("INSERT INTO recipes VALUES (1)"));
}

static void
no_database(void **state)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(write(fd, "no database ", 12), 12);
	close(fd);
	refuses("is damaged, or not a journal");
	unlink(path);
	mkdir(path, 0700);
	refuses("cannot be used");
}

static void
no_directory(void **state)
{
	int fd;

	(void)state;
	x_free(path);
	path = x_asprintf("%s/file/journal.db", dir);
	x_free(path);
	path = x_asprintf("%s/file", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	close(fd);
	x_free(path);
	path = x_asprintf("%s/file/journal.db", dir);
	refuses("Not a directory");
}

/* Longer than it waits; and when it is free it goes on by itself. */
static void
locked(void **state)
{
	struct job *job = case_job("aa-1", "web1", 0);
	struct journalcase c;
	sqlite3 *db;

	(void)state;
	make_journal(1);
	case_open(&c, &conf, path, "alice", NULL);
	case_ready(&c);
	db = run_sql("BEGIN IMMEDIATE");
	case_has(case_write(&c, RECORD_JOB, job), "locked by another program");
	assert_non_null(journal_failure(c.j));
	sqlite3_close(db);
	CASE_UNTIL(&c, journal_failure(c.j) == NULL);
	assert_string_equal(c.told, "the journal can be written again");
	x_replace(&job->key, "aa-2");
	assert_string_equal(case_write(&c, RECORD_JOB, job), "ok");
	case_close(&c);
	job_free(job);
}

/* --- Damage ------------------------------------------------------------------ */

static void
damage(struct prng *rng, off_t size)
{
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	if (prng_below(rng, 3) == 0) {
		assert_int_equal(ftruncate(fd, (off_t)prng_below(rng,
		    (uint32_t)size)), 0);
	} else {
		for (uint32_t i = prng_below(rng, 40) + 1; i > 0; i--) {
			uint8_t b = (uint8_t)prng_below(rng, 256);

			assert_int_equal(pwrite(fd, &b, 1,
			    (off_t)prng_below(rng, (uint32_t)size)), 1);
		}
	}
	close(fd);
}

static void
copy_file(const char *from, const char *to)
{
	char *cmd = x_asprintf("cp '%s' '%s'", from, to);

	assert_int_equal(system(cmd), 0);
	x_free(cmd);
}

/* Whatever is in the file: each record has an answer, and the child lives. */
static void
damaged(void **state)
{
	struct ledger_filter f = { .limit = 0 };
	char *whole = x_asprintf("%s/whole", dir);
	char *lock = x_asprintf("%s-wal", path);
	struct prng rng;
	struct stat st;
	int said = 0;

	(void)state;
	prng_init(&rng, 4);
	make_journal(30);
	assert_int_equal(stat(path, &st), 0);
	copy_file(path, whole);
	for (int i = 0; i < 60; i++) {
		struct job *job = case_job("zz-1", "web1", 0);
		struct ledger_job *v = NULL;
		struct journalcase c;
		struct err err;
		size_t n = 0;

		copy_file(whole, path);
		unlink(lock);
		damage(&rng, st.st_size);
		journal_read(path, &f, &v, &n, &err);
		journal_read_free(v, n);
		case_open(&c, &conf, path, "alice", NULL);
		said += strcmp(case_write(&c, RECORD_JOB, job), "ok") != 0;
		if (journal_failure(c.j) != NULL &&
		    strstr(journal_failure(c.j), "killed") != NULL)
			fail_msg("round %d: %s", i, journal_failure(c.j));
		case_close(&c);
		job_free(job);
	}
	assert_in_range(said, 5, 59);
	x_free(whole);
	x_free(lock);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(no_room),
		TEST(a_newer_one),
		TEST(of_another_program),
		TEST(no_database),
		TEST(no_directory),
		TEST(locked),
		TEST(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
