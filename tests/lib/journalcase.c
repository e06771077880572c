/* See journalcase.h. */
#include "tests/lib/journalcase.h"

#include <dirent.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/mem.h"
#include "tests/lib/drive.h"

void
case_conf(struct conf *conf)
{
	conf_init(conf);
	conf_add_cluster(conf)->name = x_strdup("prod");
	conf_add_host(conf)->name = x_strdup("alpha");
	conf_add_host(conf)->name = x_strdup("beta");
	conf_add_cluster(conf)->name = x_strdup("lab");
	conf_add_host(conf)->name = x_strdup("gamma");
	for (uint32_t i = 0; i < conf->nhosts; i++)
		conf->hosts[i].cluster = i / 2;
}

/* In memory where there is such a place: a test is about order, not about how
 * slow a disk is. */
char *
case_dir(void)
{
	char *dir = x_strdup(access("/dev/shm", W_OK) == 0 ?
	    "/dev/shm/journal.XXXXXX" : "/tmp/journal.XXXXXX");

	assert_non_null(mkdtemp(dir));
	return dir;
}

static void
remove_all(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		char *path = x_asprintf("%s/%s", dir, e->d_name);

		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name,
		    "..") != 0 && unlink(path) != 0)
			remove_all(path);
		x_free(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}

void
case_remove_dir(char *dir)
{
	remove_all(dir);
	x_free(dir);
}

/* --- What it says ----------------------------------------------------------- */

static void
written(void *arg, uint64_t seq, const char *error)
{
	struct journalcase *c = arg;

	assert_true(seq < CASE_SEQS);
	assert_null(c->acks[seq]);
	c->acks[seq] = x_strdup(error != NULL ? error : "ok");
	c->nacks++;
}

static void
adopt(void *arg, struct job *job)
{
	struct journalcase *c = arg;

	assert_true(c->nadopted < CASE_JOBS);
	c->adopted[c->nadopted++] = job;
}

static void
tell(void *arg, enum note_level level, const char *text)
{
	struct journalcase *c = arg;

	(void)level;
	x_replace(&c->told, text);
}

static void
rows(void *arg, uint32_t query, const struct ledger_job *v, size_t n,
    const char *error)
{
	struct journalcase *c = arg;
	char *all = x_strdup(error != NULL ? error : "");

	for (size_t i = 0; i < n; i++) {
		char *more = x_asprintf("%s%s ", all, v[i].key);

		x_free(all);
		all = more;
	}
	x_free(c->rows);
	c->rows = all;
	c->query = query;
}

static void
definition(void *arg, uint32_t query, const struct journal_definition *d)
{
	struct journalcase *c = arg;

	c->query = query;
	x_free(c->definition);
	c->definition = d == NULL ? x_strdup("none") :
	    x_asprintf("%s:%s:%s", d->host, d->path, d->text);
}

static void
ready(void *arg, const char *alarm, int64_t until_ms, const char *by)
{
	struct journalcase *c = arg;

	x_free(c->ready);
	c->ready = x_asprintf("%s %lld %s", alarm, (long long)until_ms, by);
}

/* --- Its life ---------------------------------------------------------------- */

void
case_open(struct journalcase *c, struct conf *conf, const char *path,
    const char *operator, const struct journal_faults *faults)
{
	const struct journal_sink sink = { .written = written, .adopt = adopt,
		.tell = tell, .rows = rows, .definition = definition,
		.ready = ready, .arg = c };
	static const struct journal_faults none;
	struct err err;

	*c = (struct journalcase){ .conf = conf, .path = x_strdup(path) };
	c->j = journal_open_faulty(conf, path, operator, &sink,
	    faults != NULL ? faults : &none, &err);
	assert_non_null(c->j);
}

void
case_close(struct journalcase *c)
{
	journal_close(c->j, CASE_PATIENCE_MS);
	for (size_t i = 0; i < CASE_SEQS; i++)
		x_free(c->acks[i]);
	for (size_t i = 0; i < c->nadopted; i++)
		job_free(c->adopted[i]);
	x_free(c->told);
	x_free(c->rows);
	x_free(c->definition);
	x_free(c->ready);
	x_free(c->path);
	*c = (struct journalcase){ 0 };
}

void
case_turn(struct journalcase *c)
{
	struct backend *b = journal_backend(c->j);
	struct mono now = drive_now(), deadline = mono_add_ms(now, 20);
	struct pollset ps = { 0 };
	int64_t ms;

	b->ops->prepoll(b, &ps, now, &deadline);
	ms = mono_diff_ms(deadline, now);
	poll(ps.v, (nfds_t)ps.n, ms > 0 ? (int)ms + 1 : 0);
	b->ops->postpoll(b, &ps, drive_now(), 0);
	pollset_free(&ps);
}

void
case_ready(struct journalcase *c)
{
	struct err err = { .kind = ERR_NONE };

	if (journal_wait(c->j, CASE_PATIENCE_MS, &err) != 0)
		fail_msg("%s", err.msg);
}

/* --- Jobs --------------------------------------------------------------------- */

struct job *
case_job(const char *key, const char *vm, size_t body)
{
	struct request r;
	struct plan p;
	struct job *job;

	plan_init(&p);
	p.title = x_asprintf("start %s", vm);
	request_init(&r, REQ_START);
	r.host = 0;
	r.cluster = 0;
	r.name = x_strdup(vm);
	r.arg = x_strdup("/etc/xen/vm.cfg");
	if (body > 0) {
		r.body = x_calloc(body + 1, 1);
		memset(r.body, 'b', body);
	}
	plan_add(&p, &r, NULL);
	job = job_new(key, &p, "alice", 1700000000000);
	plan_free(&p);
	return job;
}

uint64_t
case_put(struct journalcase *c, enum job_record record, const struct job *job)
{
	const struct job_effect e = { .type = JOB_WRITE, .record = record,
		.seq = c->seq++, .job = job, .command = "xl create vm.cfg" };

	journal_write(c->j, &e);
	return e.seq;
}

const char *
case_write(struct journalcase *c, enum job_record record,
    const struct job *job)
{
	uint64_t seq = case_put(c, record, job);

	CASE_UNTIL(c, c->acks[seq] != NULL);
	return c->acks[seq];
}

char *
case_dump(const char *path)
{
	struct ledger_filter f = { .limit = 0 };
	struct ledger_job *v = NULL;
	struct buf out;
	struct err err;
	char *text;
	size_t n = 0;

	buf_init(&out, 1 << 20);
	if (journal_read(path, &f, &v, &n, &err) != 0)
		fail_msg("%s", err.msg);
	for (size_t i = n; i-- > 0;) {
		const struct ledger_job *l = &v[i];

		buf_printf(&out, "%s %s", l->key, l->ended_ms != 0 ?
		    job_state_name(l->state) : "open");
		for (size_t k = 0; k < l->nsteps; k++)
			buf_printf(&out, " %s/%s/%s",
			    l->steps[k].run_id != NULL ?
			    l->steps[k].run_id : "-",
			    l->steps[k].ended_ms != 0 ?
			    step_state_name(l->steps[k].state) : "-",
			    l->steps[k].words != NULL ? l->steps[k].words :
			    "-");
		buf_puts(&out, "\n");
	}
	journal_read_free(v, n);
	text = x_strdup(out.p != NULL ? out.p : "");
	buf_free(&out);
	return text;
}

void
case_has(const char *text, const char *part)
{
	if (text == NULL || strstr(text, part) == NULL)
		fail_msg("'%s' lacks '%s'", text != NULL ? text : "(none)",
		    part);
}
