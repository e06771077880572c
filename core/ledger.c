/* See ledger.h. Between a job of this console, whose hosts are indexes, and what
 * is kept of it. What comes back from the disk is another program's word: it is
 * taken only when all of it makes sense here. */
#include "core/ledger.h"

#include <string.h>

#include "core/mem.h"

void
ledger_step_free(struct ledger_step *s)
{
	char **const texts[] = { &s->op, &s->host, &s->to, &s->cluster, &s->vm,
		&s->boot_id, &s->arg, &s->arg2, &s->body, &s->why, &s->run_id,
		&s->command, &s->words, &s->outcome };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		x_free(*texts[i]);
	x_free(s->after);
	*s = (struct ledger_step){ 0 };
}

void
ledger_job_free(struct ledger_job *l)
{
	char **const texts[] = { &l->key, &l->title, &l->operator, &l->console,
		&l->outcome };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		x_free(*texts[i]);
	for (size_t i = 0; i < l->nsteps; i++)
		ledger_step_free(&l->steps[i]);
	x_free(l->steps);
	*l = (struct ledger_job){ 0 };
}

/* --- From a job ------------------------------------------------------------ */

static uint32_t *
copy_after(const uint32_t *after, size_t n)
{
	uint32_t *v = n > 0 ? x_reallocarray(NULL, n, sizeof *v) : NULL;

	if (n > 0)
		memcpy(v, after, n * sizeof *v);
	return v;
}

static char *
host_name(const struct conf *conf, uint32_t host)
{
	return host < conf->nhosts ? x_strdup(conf->hosts[host].name) : NULL;
}

void
ledger_from_step(struct ledger_step *l, const struct job_step *s,
    const struct conf *conf)
{
	const struct request *r = &s->plan.req;

	*l = (struct ledger_step){
		.op = x_strdup(request_op_name(r->op)),
		.host = host_name(conf, r->host),
		.to = host_name(conf, r->to),
		.vm = x_strdup(r->name),
		.uuid = r->uuid,
		.domid = r->domid,
		.boot_id = x_strdup(r->boot_id),
		.value = r->value,
		.cap = r->cap,
		.flags = r->flags,
		.arg = x_strdup(r->arg),
		.arg2 = x_strdup(r->arg2),
		.body = x_strdup(r->body),
		.why = x_strdup(s->plan.why),
		.after = copy_after(s->plan.after, s->plan.nafter),
		.nafter = s->plan.nafter,
		.state = s->state == STEP_ENDING ? s->result : s->state,
		.run_id = s->run_id[0] != '\0' ? x_strdup(s->run_id) : NULL,
		.tries = s->tries,
		.status = s->status,
		.words = x_strdup(s->words),
		.outcome = x_strdup(s->outcome),
		.began_ms = s->began_ms,
		.ended_ms = s->ended_ms,
	};
	if (r->name != NULL && r->cluster < conf->nclusters)
		l->cluster = x_strdup(conf->clusters[r->cluster].name);
}

void
ledger_from_job(struct ledger_job *l, const struct job *job,
    const struct conf *conf)
{
	*l = (struct ledger_job){
		.key = x_strdup(job->key),
		.title = x_strdup(job->title),
		.operator = x_strdup(job->operator),
		.adopted = job->adopted,
		.state = job->state,
		.outcome = x_strdup(job->outcome),
		.made_ms = job->made_ms,
		.ended_ms = job->ended_ms,
		.steps = x_calloc(job->nsteps, sizeof *l->steps),
		.nsteps = job->nsteps,
	};
	for (size_t i = 0; i < job->nsteps; i++)
		ledger_from_step(&l->steps[i], &job->steps[i], conf);
}

/* --- Back ------------------------------------------------------------------ */

static int
find_host(const struct conf *conf, const char *name, uint32_t *host,
    struct err *err)
{
	if (name == NULL)
		return 0;
	*host = conf_find_host(conf, name);
	if (*host != CONF_NO_HOST)
		return 0;
	return err_set(err, ERR_FAILED,
	    "its host %s is not in this configuration", name);
}

static int
find_cluster(const struct conf *conf, const char *name, uint32_t *cluster,
    struct err *err)
{
	for (size_t i = 0; i < conf->nclusters; i++)
		if (strcmp(conf->clusters[i].name, name) == 0) {
			*cluster = (uint32_t)i;
			return 0;
		}
	return err_set(err, ERR_FAILED,
	    "its cluster %s is not in this configuration", name);
}

static int
request_to(struct request *r, const struct ledger_step *l,
    const struct conf *conf, struct err *err)
{
	request_init(r, request_op_find(l->op != NULL ? l->op : ""));
	if (r->op == REQ_NONE)
		return err_set(err, ERR_FAILED,
		    "its step '%s' is nothing that this xendeck does", l->op);
	if (find_host(conf, l->host, &r->host, err) != 0 ||
	    find_host(conf, l->to, &r->to, err) != 0)
		return -1;
	if (l->cluster != NULL &&
	    find_cluster(conf, l->cluster, &r->cluster, err) != 0)
		return -1;
	r->name = x_strdup(l->vm);
	r->uuid = l->uuid;
	r->domid = l->domid;
	r->boot_id = x_strdup(l->boot_id);
	r->value = l->value;
	r->cap = l->cap;
	r->flags = l->flags;
	r->arg = x_strdup(l->arg);
	r->arg2 = x_strdup(l->arg2);
	r->body = x_strdup(l->body);
	return 0;
}

static bool
is_run_id(const char *id)
{
	size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n <= RUN_ID_MAX && id[n] == '\0';
}

/* The request and what it waits for; -1 when it is nothing for here. */
static int
add_step(struct plan *p, const struct ledger_step *l, const struct conf *conf,
    struct err *err)
{
	struct request r;
	uint32_t step;

	if (l->run_id != NULL && !is_run_id(l->run_id))
		return err_set(err, ERR_FAILED, "its step %zu has an "
		    "impossible run id", p->n + 1);
	for (size_t k = 0; k < l->nafter; k++)
		if (l->after[k] >= p->n)
			return err_set(err, ERR_FAILED, "its step %zu waits "
			    "for one that is not before it", p->n + 1);
	if (request_to(&r, l, conf, err) != 0) {
		request_free(&r);
		return -1;
	}
	step = plan_add(p, &r, l->why);
	for (size_t k = 0; k < l->nafter; k++)
		plan_after(p, step, l->after[k]);
	return 0;
}

static void
fill_step(struct job_step *s, const struct ledger_step *l)
{
	bool over = l->state == STEP_DONE || l->state == STEP_FAILED ||
	    l->state == STEP_UNKNOWN || l->state == STEP_SKIPPED;

	/* An intent without an outcome: whether it runs, the host knows. */
	s->state = over ? l->state :
	    l->run_id != NULL ? STEP_UNHEARD : STEP_WAITING;
	if (over)
		s->result = l->state;
	if (l->run_id != NULL)
		strcpy(s->run_id, l->run_id);
	s->tries = l->tries;
	s->status = l->status;
	s->words = x_strdup(l->words);
	s->outcome = x_strdup(l->outcome);
	s->began_ms = l->began_ms;
	s->ended_ms = l->ended_ms;
}

struct job *
ledger_to_job(const struct ledger_job *l, const struct conf *conf,
    struct err *err)
{
	struct job *job = NULL;
	struct plan p;

	plan_init(&p);
	if (l->key == NULL || l->nsteps == 0) {
		err_set(err, ERR_FAILED, "there is nothing in it");
		return NULL;
	}
	p.title = x_strdup(l->title != NULL ? l->title : "");
	for (size_t i = 0; i < l->nsteps; i++)
		if (add_step(&p, &l->steps[i], conf, err) != 0)
			goto out;
	job = job_new(l->key, &p, l->operator != NULL ? l->operator : "",
	    l->made_ms);
	job->adopted = true;
	job->state = l->state;
	job->ended_ms = l->ended_ms;
	job->outcome = x_strdup(l->outcome);
	for (size_t i = 0; i < l->nsteps; i++)
		fill_step(&job->steps[i], &l->steps[i]);
out:
	plan_free(&p);
	return job;
}
