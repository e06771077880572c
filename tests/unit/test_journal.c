/* The journal as its users see it: what is acknowledged is there, one VM is one
 * console's, what a console left is taken over once, and whatever is wrong with
 * the database is a sentence. */
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

#include "backends/journal_db.h"
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
	path = x_asprintf("%s/state/journal.db", dir);
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

static void
is(char *got, const char *want)
{
	assert_string_equal(got, want);
	x_free(got);
}

/* --- Records ------------------------------------------------------------------ */

static void
a_life(void **state)
{
	struct job *job = case_job("aa-1", "web1", 0);
	struct job_step *s = &job->steps[0];
	struct journalcase c;
	struct stat st;

	(void)state;
	case_open(&c, &conf, path, "alice", NULL);
	assert_string_equal(case_write(&c, RECORD_JOB, job), "ok");
	is(case_dump(path), "aa-1 open -/-/-\n");
	strcpy(s->run_id, "run-1");
	s->state = STEP_NOTING;
	assert_string_equal(case_write(&c, RECORD_INTENT, job), "ok");
	is(case_dump(path), "aa-1 open run-1/-/-\n");
	s->state = STEP_ENDING;
	s->result = STEP_UNKNOWN;
	s->words = x_strdup("no\nidea");
	s->ended_ms = 5;
	assert_string_equal(case_write(&c, RECORD_OUTCOME, job), "ok");
	job->state = JOB_UNKNOWN;
	job->ended_ms = 6;
	assert_string_equal(case_write(&c, RECORD_END, job), "ok");
	is(case_dump(path), "aa-1 unknown run-1/unknown/no\nidea\n");
	/* The truth is found later. */
	s->state = STEP_DONE;
	job->state = JOB_DONE;
	assert_string_equal(case_write(&c, RECORD_OUTCOME, job), "ok");
	assert_string_equal(case_write(&c, RECORD_END, job), "ok");
	/* All of it again, as after a child that was killed. */
	assert_string_equal(case_write(&c, RECORD_JOB, job), "ok");
	assert_string_equal(case_write(&c, RECORD_OUTCOME, job), "ok");
	assert_string_equal(case_write(&c, RECORD_END, job), "ok");
	is(case_dump(path), "aa-1 done run-1/done/no\nidea\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	case_close(&c);
	job_free(job);
}

static void
fill_request(struct request *r, enum request_op op, struct prng *rng)
{
	request_init(r, op);
	r->host = (uint32_t)op % 3;
	r->cluster = (uint32_t)op % 2;
	r->name = x_asprintf("Zoë's böx %d \"'\\", (int)op);
	for (size_t i = 0; i < sizeof r->uuid.b; i++)
		r->uuid.b[i] = (uint8_t)prng_below(rng, 256);
	r->domid = (uint32_t)op;
	r->boot_id = x_strdup("b00t");
	r->to = (uint32_t)(op + 1) % 3;
	r->value = -(int64_t)op * INT64_C(1000000000000);
	r->cap = INT64_MAX;
	r->flags = REQUEST_SWORN | REQUEST_PAUSED;
	r->arg = x_strdup("one\ntwo\t\xf0\x9f\x98\x80");
	r->arg2 = x_strdup("");
	r->body = x_strdup("name = 'x'\n\n# \xe5\x8c\x97\n");
}

/* Every field of every request comes back. */
static void
all_fields(void **state)
{
	struct journalcase c, d;
	struct prng rng;
	struct request r;
	struct job *job, *got;
	struct plan p;

	(void)state;
	prng_init(&rng, 1);
	plan_init(&p);
	p.title = x_strdup("everything");
	for (int op = REQ_NONE + 1; op < REQ_OPS; op++) {
		fill_request(&r, (enum request_op)op, &rng);
		plan_add(&p, &r, op % 2 ? "to make room" : NULL);
		if (op > 2)
			plan_after(&p, (uint32_t)op - 1, (uint32_t)op - 3);
		if (op > 5)
			plan_after(&p, (uint32_t)op - 1, (uint32_t)op - 2);
	}
	job = job_new("bb-1", &p, "alice (root)", 1700000000001);
	case_open(&c, &conf, path, "alice", NULL);
	assert_string_equal(case_write(&c, RECORD_JOB, job), "ok");
	case_close(&c);
	case_open(&d, &conf, path, "bob", NULL);
	case_ready(&d);
	assert_int_equal(d.nadopted, 1);
	got = d.adopted[0];
	assert_string_equal(got->title, "everything");
	assert_string_equal(got->operator, "alice (root)");
	assert_string_equal(got->key, "bb-1");
	assert_true(got->adopted);
	assert_int_equal(got->made_ms, 1700000000001);
	assert_int_equal(got->nsteps, p.n);
	for (size_t i = 0; i < p.n; i++) {
		const struct step *a = &got->steps[i].plan, *b = &p.steps[i];

		assert_true(request_equal(&a->req, &b->req));
		assert_int_equal(a->nafter, b->nafter);
		for (size_t k = 0; k < b->nafter; k++)
			assert_int_equal(a->after[k], b->after[k]);
		assert_int_equal(a->why == NULL, b->why == NULL);
	}
	case_close(&d);
	job_free(job);
	plan_free(&p);
}

/* --- Claims ------------------------------------------------------------------- */

static void
one_vm_one_console(void **state)
{
	struct job *a = case_job("aa-1", "web1", 0);
	struct job *b = case_job("bb-1", "web1", 0);
	struct job *other = case_job("bb-2", "web2", 0);
	struct request *r = &b->steps[0].plan.req;
	struct journalcase alice, bob;
	const char *said;

	(void)state;
	a->steps[0].plan.req.uuid.b[0] = 7;
	case_open(&alice, &conf, path, "alice", NULL);
	case_open(&bob, &conf, path, "bob", NULL);
	assert_string_equal(case_write(&alice, RECORD_JOB, a), "ok");
	said = case_write(&bob, RECORD_JOB, b);
	case_has(said, "web1 is being worked on by alice's xendeck (process ");
	case_has(said, ": start web1, since 2023-11-14 ");
	assert_null(journal_failure(bob.j));
	assert_string_equal(case_write(&bob, RECORD_JOB, other), "ok");
	/* Under another name it is the same by its UUID. */
	x_replace(&r->name, "renamed");
	r->uuid.b[0] = 7;
	case_has(case_write(&bob, RECORD_JOB, b), "web1 is being worked on");
	/* One that is to have its name. */
	r->uuid.b[0] = 8;
	r->op = REQ_RENAME;
	x_replace(&r->arg, "web1");
	case_has(case_write(&bob, RECORD_JOB, b), "web1 is being worked on");
	/* One of that name elsewhere is another. */
	r->cluster = 1;
	assert_string_equal(case_write(&bob, RECORD_JOB, b), "ok");
	a->state = JOB_DONE;
	assert_string_equal(case_write(&alice, RECORD_END, a), "ok");
	x_replace(&b->key, "bb-3");
	r->cluster = 0;
	assert_string_equal(case_write(&bob, RECORD_JOB, b), "ok");
	case_close(&alice);
	case_close(&bob);
	job_free(a);
	job_free(b);
	job_free(other);
}

/* --- Taking over -------------------------------------------------------------- */

static void
left_jobs(void **state)
{
	struct journalcase a, b, c;
	struct job *job = case_job("aa-1", "web1", 0);

	(void)state;
	for (int round = 0; round < 10; round++) {
		char *key = x_asprintf("aa-%d", round);

		x_replace(&job->key, key);
		case_open(&a, &conf, path, "alice", NULL);
		assert_string_equal(case_write(&a, RECORD_JOB, job), "ok");
		strcpy(job->steps[0].run_id, "run-1");
		assert_string_equal(case_write(&a, RECORD_INTENT, job), "ok");
		case_close(&a);
		case_open(&b, &conf, path, "bob", NULL);
		case_open(&c, &conf, path, "carol", NULL);
		case_ready(&b);
		case_ready(&c);
		assert_int_equal(b.nadopted + c.nadopted, 1);
		job->state = JOB_DONE;
		assert_string_equal((b.nadopted > 0 ? b.adopted : c.adopted)
		    [0]->key, key);
		assert_int_equal((b.nadopted > 0 ? b.adopted : c.adopted)[0]->
		    steps[0].state, STEP_UNHEARD);
		assert_string_equal(case_write(b.nadopted > 0 ? &b : &c,
		    RECORD_END, job), "ok");
		case_close(&b);
		case_close(&c);
		x_free(key);
	}
	job_free(job);
}

/* By one that runs already, soon. */
static void
left_while_another_runs(void **state)
{
	struct journalcase a, b;
	struct job *job = case_job("aa-1", "web1", 0);
	struct job *mine = case_job("bb-1", "web1", 0);

	(void)state;
	case_open(&a, &conf, path, "alice", NULL);
	case_open(&b, &conf, path, "bob", NULL);
	case_ready(&b);
	assert_string_equal(case_write(&a, RECORD_JOB, job), "ok");
	case_close(&a);
	case_has(case_write(&b, RECORD_JOB, mine), "web1 is not free yet");
	CASE_UNTIL(&b, b.nadopted == 1);
	case_close(&b);
	job_free(job);
	job_free(mine);
}

static void
left_for_another_configuration(void **state)
{
	struct job *job = case_job("aa-1", "web1", 0);
	struct job *mine = case_job("bb-1", "web1", 0);
	struct journalcase a, b;
	struct conf small;

	(void)state;
	case_open(&a, &conf, path, "alice", NULL);
	strcpy(job->steps[0].run_id, "run-1");
	assert_string_equal(case_write(&a, RECORD_JOB, job), "ok");
	case_close(&a);
	conf_init(&small);
	conf_add_cluster(&small)->name = x_strdup("prod");
	conf_add_host(&small)->name = x_strdup("beta");
	case_open(&b, &small, path, "bob", NULL);
	case_ready(&b);
	assert_int_equal(b.nadopted, 0);
	case_has(b.told, "its host alpha is not in this configuration");
	is(case_dump(path), "aa-1 open run-1/-/-\n");
	assert_string_equal(case_write(&b, RECORD_JOB, mine), "ok");
	is(case_dump(path), "aa-1 unknown run-1/unknown/-\n"
	    "bb-1 open -/-/-\n");
	case_close(&b);
	conf_free(&small);
	job_free(job);
	job_free(mine);
}

static void
left_for_another_cluster(void **state)
{
	struct job *job = case_job("aa-1", "web1", 0);
	struct journalcase a, b;
	struct conf other;

	(void)state;
	case_open(&a, &conf, path, "alice", NULL);
	assert_string_equal(case_write(&a, RECORD_JOB, job), "ok");
	case_close(&a);
	conf_init(&other);
	conf_add_cluster(&other)->name = x_strdup("production");
	conf_add_host(&other)->name = x_strdup("alpha");
	case_open(&b, &other, path, "bob", NULL);
	case_ready(&b);
	assert_int_equal(b.nadopted, 0);
	case_has(b.told, "its cluster prod is not in this configuration");
	case_close(&b);
	conf_free(&other);
	job_free(job);
}

/* --- The rest ----------------------------------------------------------------- */

static void
reading(void **state)
{
	struct ledger_filter f = { .word = x_strdup("web*"), .limit = 2 };
	struct journalcase c;

	(void)state;
	case_open(&c, &conf, path, "alice", NULL);
	for (int i = 0; i < 4; i++) {
		char *key = x_asprintf("aa-%d", i), *vm = x_asprintf(
		    i == 2 ? "db%d" : "web%d", i);
		struct job *job = case_job(key, vm, 0);

		assert_string_equal(case_write(&c, RECORD_JOB, job), "ok");
		job_free(job);
		x_free(key);
		x_free(vm);
	}
	for (int i = 0; i < 4; i++) {
		static const char *const want[] = { "aa-3 aa-1 ", "aa-2 ",
			"aa-3 aa-2 aa-1 aa-0 ", "" };
		uint32_t q;

		x_replace(&f.word, i == 0 ? "web*" : i == 1 ? "db2" :
		    i == 2 ? "alpha" : "beta");
		f.limit = i == 0 ? 2 : 0;
		q = journal_query(c.j, &f);
		CASE_UNTIL(&c, c.query == q);
		assert_string_equal(c.rows, want[i]);
	}
	case_close(&c);
	x_free(f.word);
}

static void
ask_definition(struct journalcase *c, const char *want)
{
	uint32_t q = journal_ask_definition(c->j, "prod", "web1");

	CASE_UNTIL(c, c->query == q);
	assert_string_equal(c->definition, want);
}

static void
definitions(void **state)
{
	struct journal_definition d = { .cluster = "prod", .host = "alpha",
		.path = "/w", .name = "web1", .text = "one", .mtime_s = 10,
		.seen_ms = 1000 };
	struct journalcase c;
	struct journal_known k;
	struct err err;

	(void)state;
	case_open(&c, &conf, path, "alice", NULL);
	ask_definition(&c, "none");
	journal_note_definition(c.j, &d);
	ask_definition(&c, "alpha:/w:one");
	journal_note_definition(c.j, &d);
	assert_int_equal(journal_pending(c.j), 0); /* it is known */
	d.host = "beta";
	d.mtime_s = 20;
	d.text = "two";
	journal_note_definition(c.j, &d);
	ask_definition(&c, "beta:/w:two"); /* the one changed last */
	for (int i = 0; i < 60; i++) {
		char version[16];

		snprintf(version, sizeof version, "v%d", i);
		d.text = version;
		journal_note_definition(c.j, &d);
	}
	ask_definition(&c, "beta:/w:v59");
	d.text = NULL; /* gone there */
	journal_note_definition(c.j, &d);
	ask_definition(&c, "alpha:/w:one");
	case_close(&c);
	assert_int_equal(journal_read_definition(path, "prod", "web1", &k,
	    &err), 1);
	assert_string_equal(k.text, "one");
	assert_string_equal(k.host, "alpha");
	assert_string_equal(k.path, d.path);
	journal_known_free(&k);
	assert_int_equal(journal_read_definition(path, "prod", "nobody", &k,
	    &err), 0);
	assert_null(k.text);
}

/* A file whose time is not known is not the one changed last. */
static void
definition_without_time(void **state)
{
	struct journal_definition d = { .cluster = "prod", .host = "alpha",
		.path = "/w", .name = "web1", .text = "one", .mtime_s = 10,
		.seen_ms = 1000 };
	struct journalcase c;

	(void)state;
	case_open(&c, &conf, path, "alice", NULL);
	journal_note_definition(c.j, &d);
	d.host = "beta";
	d.text = "two";
	d.mtime_s = -1;
	journal_note_definition(c.j, &d);
	ask_definition(&c, "alpha:/w:one");
	d.mtime_s = INT64_MAX; /* nor one with a time that cannot be */
	d.text = "three";
	journal_note_definition(c.j, &d);
	ask_definition(&c, "alpha:/w:one");
	case_close(&c);
}

static void
acknowledged_alarms(void **state)
{
	struct journalcase a, b;

	(void)state;
	case_open(&a, &conf, path, "alice", NULL);
	case_open(&b, &conf, path, "bob", NULL);
	journal_acknowledge(a.j, "host-down/beta", INT64_C(9000000000000),
	    "alice");
	CASE_UNTIL(&a, journal_pending(a.j) == 0);
	CASE_UNTIL(&b, b.ready != NULL);
	assert_string_equal(b.ready, "host-down/beta 9000000000000 alice");
	case_close(&a);
	case_close(&b);
}

static void
old_ones_go(void **state)
{
	struct journal_db d = { .path = path, .conf = &conf, .key = "aa",
		.operator = "alice" };
	const int64_t now = INT64_C(1800000000000);
	struct ledger_job l;
	struct err err;

	(void)state;
	assert_int_equal(journal_db_open(&d, &err), 0);
	for (int i = 0; i < 250; i++) {
		char *key = x_asprintf("aa-%d", i);
		struct job *job = case_job(key, "web1", 0);

		job->state = JOB_DONE;
		job->ended_ms = i < 240 ? 1000 + i : now - 1000;
		ledger_from_job(&l, job, &conf);
		assert_int_equal(journal_db_put_job(&d, &l, &err), 0);
		if (i != 7) /* is still open, however old */
			assert_int_equal(journal_db_put_end(&d, &l, &err), 0);
		ledger_job_free(&l);
		job_free(job);
		x_free(key);
	}
	for (int i = 0; i < 3; i++)
		assert_int_equal(journal_db_prune(&d, now, 1 << 30, &err), 1);
	assert_int_equal(journal_db_prune(&d, now, 1 << 30, &err), 0);
	for (int i = 240; i < 250; i++) {
		char *all = case_dump(path), key[16];

		snprintf(key, sizeof key, "aa-%d ", i);
		case_has(all, key);
		case_has(all, "aa-7 open");
		assert_null(strstr(all, "aa-8 "));
		x_free(all);
	}
	/* Too large: all that is over. */
	assert_int_equal(journal_db_prune(&d, now, 1, &err), 1);
	is(case_dump(path), "aa-7 open -/-/-\n");
	sqlite3_close_v2(d.db);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_life),
		TEST(all_fields),
		TEST(one_vm_one_console),
		TEST(left_jobs),
		TEST(left_while_another_runs),
		TEST(left_for_another_configuration),
		TEST(left_for_another_cluster),
		TEST(reading),
		TEST(definitions),
		TEST(definition_without_time),
		TEST(acknowledged_alarms),
		TEST(old_ones_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
