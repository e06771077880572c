/* Who works on which VM. A claim is a row of an open job; it holds for as long
 * as the console that has the job is there, and nobody but SQLite's one writer
 * at a time looks at it and adds to it. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "backends/journal_db.h"
#include "core/mem.h"

struct claimant {
	char *job, *title, *console, *operator, *name;
	int64_t pid, made_ms;
};

static void
claimant_free(struct claimant *c)
{
	x_free(c->job);
	x_free(c->title);
	x_free(c->console);
	x_free(c->operator);
	x_free(c->name);
	*c = (struct claimant){ 0 };
}

/* The first open job of another console on that VM: 1; 0, -1. */
static int
find_claimant(struct journal_db *d, const char *cluster, const char *name,
    const struct uuid *u, struct claimant *c, struct err *err)
{
	char uuid[UUID_STR] = "-"; /* none has that */
	sqlite3_stmt *st;
	int rc;

	*c = (struct claimant){ 0 };
	if (!uuid_is_nil(u))
		uuid_format(uuid, u);
	st = journal_db_prepare(d, err,
	    "SELECT job.key, job.title, job.console, job.operator,"
	    " console.pid, job.made_ms, claim.name"
	    " FROM claim JOIN job ON job.key = claim.job"
	    " LEFT JOIN console ON console.key = job.console"
	    " WHERE claim.cluster = ? AND (claim.name = ? OR claim.uuid = ?)"
	    " AND job.console <> ? AND job.ended_ms = 0 LIMIT 1", "ssss",
	    cluster, name, uuid, d->key);
	rc = st != NULL ? journal_db_step(d, st, err) : -1;
	if (rc == 1)
		*c = (struct claimant){
			.job = journal_db_text(st, 0),
			.title = journal_db_text(st, 1),
			.console = journal_db_text(st, 2),
			.operator = journal_db_text(st, 3),
			.pid = sqlite3_column_int64(st, 4),
			.made_ms = sqlite3_column_int64(st, 5),
			.name = journal_db_text(st, 6),
		};
	sqlite3_finalize(st);
	return rc;
}

static void
clock_text(char *out, size_t size, int64_t ms)
{
	time_t t = (time_t)(ms / 1000), now = time(NULL);
	struct tm tm, today;

	localtime_r(&t, &tm);
	localtime_r(&now, &today);
	strftime(out, size, tm.tm_year == today.tm_year &&
	    tm.tm_yday == today.tm_yday ? "%H:%M" : "%Y-%m-%d %H:%M", &tm);
}

/* 0 when it stood in the way no more, else -1 and the sentence. */
static int
meet(struct journal_db *d, const struct claimant *c, struct err *err)
{
	char since[32];
	struct err why;

	clock_text(since, sizeof since, c->made_ms);
	if (journal_db_alive(d, c->console))
		return err_set(err, ERR_REFUSED, "%.100s is being worked on "
		    "by %.60s's xendeck (process %lld): %.200s, since %s",
		    c->name, c->operator, (long long)c->pid, c->title, since);
	if (journal_db_adoptable(d, c->job, &why) == 0)
		return err_set(err, ERR_REFUSED, "%.100s is not free yet: "
		    "%.60s's xendeck, which is gone, has left a job on it "
		    "(%.200s, since %s); it is taken over by the next console "
		    "or action, then try again", c->name, c->operator,
		    c->title, since);
	return journal_db_put_unknown(d, c->job, why.msg, err);
}

static int
claim(struct journal_db *d, const struct ledger_step *s, const char *name,
    struct err *err)
{
	for (;;) {
		struct claimant c;
		int rc = find_claimant(d, s->cluster != NULL ? s->cluster : "",
		    name, &s->uuid, &c, err);

		if (rc == 1)
			rc = meet(d, &c, err) == 0 ? 1 : -1;
		claimant_free(&c);
		if (rc <= 0)
			return rc;
	}
}

int
journal_db_claim(struct journal_db *d, const struct ledger_job *l,
    struct err *err)
{
	for (size_t i = 0; i < l->nsteps; i++) {
		const struct ledger_step *s = &l->steps[i];

		if (s->vm == NULL)
			continue;
		if (claim(d, s, s->vm, err) != 0)
			return -1;
		if (s->op != NULL && request_op_find(s->op) == REQ_RENAME &&
		    s->arg != NULL && claim(d, s, s->arg, err) != 0)
			return -1;
	}
	return 0;
}

/* --- What consoles that are gone have left -------------------------------- */

static int
need_host(const struct conf *conf, const char *host, struct err *err)
{
	if (host == NULL || conf_find_host(conf, host) != CONF_NO_HOST)
		return 0;
	return err_set(err, ERR_FAILED, "nobody can tell what became of it: "
	    "its host %s is not in this configuration", host);
}

static int
need_cluster(const struct conf *conf, const char *cluster, struct err *err)
{
	for (size_t i = 0; cluster != NULL && i < conf->nclusters; i++)
		if (strcmp(conf->clusters[i].name, cluster) == 0)
			return 0;
	return cluster == NULL ? 0 : err_set(err, ERR_FAILED, "nobody can "
	    "tell what became of it: its cluster %s is not in this "
	    "configuration", cluster);
}

int
journal_db_adoptable(struct journal_db *d, const char *key, struct err *err)
{
	sqlite3_stmt *st = journal_db_prepare(d, err,
	    "SELECT host, host_to, cluster FROM step WHERE job = ?", "s", key);
	bool any = false;
	int rc = 1;

	while (st != NULL && (rc = journal_db_step(d, st, err)) == 1) {
		const char *host = (const char *)sqlite3_column_text(st, 0);
		const char *to = (const char *)sqlite3_column_text(st, 1);
		const char *cluster = (const char *)sqlite3_column_text(st, 2);

		any = true;
		if (need_host(d->conf, host, err) != 0 ||
		    need_host(d->conf, to, err) != 0 ||
		    need_cluster(d->conf, cluster, err) != 0) {
			rc = -1;
			break;
		}
	}
	sqlite3_finalize(st);
	if (rc == 0 && !any)
		return err_set(err, ERR_FAILED,
		    "there is nothing in it that could be done");
	return st == NULL || rc != 0 ? -1 : 0;
}

/* Open jobs that are not this console's. */
struct left {
	struct { char *key, *console, *title, *operator; } *v;
	size_t n, cap;
};

static void
left_free(struct left *l)
{
	for (size_t i = 0; i < l->n; i++) {
		x_free(l->v[i].key);
		x_free(l->v[i].console);
		x_free(l->v[i].title);
		x_free(l->v[i].operator);
	}
	x_free(l->v);
}

static int
find_left(struct journal_db *d, struct left *l, struct err *err)
{
	sqlite3_stmt *st = journal_db_prepare(d, err,
	    "SELECT key, console, title, operator FROM job WHERE ended_ms = 0"
	    " AND console <> ? ORDER BY id", "s", d->key);
	int rc = -1;

	while (st != NULL && (rc = journal_db_step(d, st, err)) == 1) {
		l->v = x_grow(l->v, l->n, &l->cap, sizeof *l->v);
		l->v[l->n].key = journal_db_text(st, 0);
		l->v[l->n].console = journal_db_text(st, 1);
		l->v[l->n].title = journal_db_text(st, 2);
		l->v[l->n++].operator = journal_db_text(st, 3);
	}
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

/* Within the transaction: what is this console's now stays in l, the rest is
 * told about or belongs to somebody. */
static int
take_left(struct journal_db *d, struct left *l,
    void (*cannot)(void *arg, const char *key, const char *sentence),
    void *arg, struct err *err)
{
	int rc = l->n > 0 ? journal_db_enter(d, err) : 0;

	for (size_t i = 0; i < l->n && rc == 0; i++) {
		struct err why = { .kind = ERR_NONE };
		char *key = l->v[i].key;
		bool mine = !journal_db_alive(d, l->v[i].console);

		if (mine && journal_db_adoptable(d, key, &why) != 0) {
			char *text = x_asprintf("%.200s, begun by %.60s's "
			    "xendeck, which is gone: %.200s (xendeck history "
			    "--job %s)", l->v[i].title, l->v[i].operator,
			    why.msg, key);

			cannot(arg, key, text);
			x_free(text);
			mine = false;
		}
		if (mine)
			rc = journal_db_run(d, journal_db_prepare(d, err,
			    "UPDATE job SET console = ?, adopted = 1"
			    " WHERE key = ?", "ss", d->key, key), err);
		if (!mine) {
			x_free(l->v[i].key);
			l->v[i].key = NULL;
		}
	}
	return rc;
}

struct hand {
	void (*fn)(void *arg, struct ledger_job *l);
	void *arg;
};

static int
hand_over(void *arg, struct ledger_job *l)
{
	struct hand *h = arg;

	h->fn(h->arg, l);
	return 0;
}

int
journal_db_adopt(struct journal_db *d,
    void (*fn)(void *arg, struct ledger_job *l),
    void (*cannot)(void *arg, const char *key, const char *sentence),
    void *arg, struct err *err)
{
	struct hand hand = { fn, arg };
	struct left left = { 0 };
	int rc = find_left(d, &left, err);

	if (rc == 0 && left.n > 0) {
		/* Again, now that nobody else can take any. */
		left_free(&left);
		left = (struct left){ 0 };
		rc = journal_db_exec(d, "BEGIN IMMEDIATE", err);
		if (rc == 0 && (rc = find_left(d, &left, err)) == 0)
			rc = take_left(d, &left, cannot, arg, err);
		if (rc == 0)
			rc = journal_db_exec(d, "COMMIT", err);
		if (rc != 0)
			journal_db_exec(d, "ROLLBACK", NULL);
	}
	for (size_t i = 0; i < left.n && rc == 0; i++) {
		const struct ledger_filter f = { .key = left.v[i].key };

		if (f.key != NULL)
			rc = journal_db_read(d, &f, hand_over, &hand, err);
	}
	left_free(&left);
	return rc;
}
