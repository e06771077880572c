/* The list of jobs, and the turn that moves all of them. What a state does is in
 * jobs_begin.c, jobs_run.c, jobs_settle.c and jobs_end.c.
 *
 * News and the journal's word only leave facts behind, or move a step whose
 * next state is certain; whatever needs the model waits for the next turn.
 * Older jobs come first: what two of them want at once, the older one gets. */
#include "core/jobs.h"

#include <stdio.h>
#include <string.h>

#include "core/jobs_priv.h"
#include "core/mem.h"

enum { KEY_MAX = 32 };

struct jobs *
jobs_new(const struct conf *conf, const char *key)
{
	struct jobs *j = x_calloc(1, sizeof *j);

	j->conf = conf;
	j->key = x_strndup(key, KEY_MAX);
	j->next_id = j->next_seq = 1;
	buf_init(&j->command, 64 * 1024);
	return j;
}

static void
free_node(struct jobs_node *n)
{
	for (size_t i = 0; i < n->job->nsteps; i++) {
		if (n->runs[i].has_cmd)
			command_free(&n->runs[i].cmd);
		x_free(n->runs[i].why);
	}
	x_free(n->runs);
	x_free(n->journal);
	job_free(n->job);
	x_free(n);
}

void
jobs_free(struct jobs *j)
{
	if (j == NULL)
		return;
	for (size_t i = 0; i < j->n; i++)
		free_node(j->v[i]);
	x_free(j->v);
	jobs_effects_free(j);
	buf_free(&j->command);
	x_free(j->key);
	x_free(j);
}

/* --- Steps ------------------------------------------------------------------ */

struct jobs_node *
jobs_node_find(const struct jobs *j, uint64_t id)
{
	for (size_t i = j->n; i-- > 0;)
		if (j->v[i]->job->id == id)
			return j->v[i];
	return NULL;
}

struct jobs_at
jobs_step_at(struct jobs *j, struct jobs_node *n, size_t i)
{
	return (struct jobs_at){ j, n, i, &n->job->steps[i], &n->runs[i] };
}

void
jobs_set_state(struct jobs_at *a, enum step_state s, struct mono now)
{
	if (a->s->state != s)
		a->s->since = now;
	a->s->state = s;
	a->s->deadline = MONO_NEVER;
	a->j->generation++;
}

bool
jobs_step_over(const struct job_step *s)
{
	return s->state >= STEP_DONE;
}

bool
jobs_step_active(const struct job_step *s)
{
	return s->state != STEP_WAITING && !jobs_step_over(s) &&
	    !(s->state == STEP_ENDING && s->result == STEP_SKIPPED);
}

bool
jobs_same_vm(const struct request *a, const struct request *b)
{
	if (a->name == NULL || b->name == NULL || a->cluster != b->cluster)
		return false;
	if (!uuid_is_nil(&a->uuid) && uuid_cmp(&a->uuid, &b->uuid) == 0)
		return true;
	/* A definition without a UUID gives the VM a new one at each start. */
	return strcmp(a->name, b->name) == 0;
}

const char *
jobs_host_name(const struct jobs *j, uint32_t host)
{
	return host < j->conf->nhosts ? j->conf->hosts[host].name :
	    "a host that is not configured any more";
}

/* --- Jobs come -------------------------------------------------------------- */

static struct jobs_node *
add(struct jobs *j, struct job *job, struct mono now)
{
	struct jobs_node *n = x_calloc(1, sizeof *n);

	n->job = job;
	n->write_at = MONO_NEVER;
	n->runs = x_calloc(job->nsteps, sizeof *n->runs);
	for (size_t i = 0; i < job->nsteps; i++) {
		struct jobs_run *r = &n->runs[i];

		r->vain = r->write_at = r->asked_at = MONO_NEVER;
		r->pause_ms = JOBS_PAUSE_MS;
		progress_init(&r->said);
		job->steps[i].since = now;
		job->steps[i].deadline = MONO_NEVER;
	}
	job->id = j->next_id++;
	j->v = x_grow(j->v, j->n, &j->cap, sizeof *j->v);
	j->v[j->n++] = n;
	j->generation++;
	return n;
}

uint64_t
jobs_add(struct jobs *j, const struct plan *p, const char *operator,
    struct mono now, int64_t wall_ms)
{
	char key[KEY_MAX + 24];
	struct jobs_node *n;

	snprintf(key, sizeof key, "%s-%llu", j->key,
	    (unsigned long long)j->next_id);
	n = add(j, job_new(key, p, operator, wall_ms), now);
	n->job->state = JOB_NOTING;
	jobs_write(j, n, 0, RECORD_JOB);
	return n->job->id;
}

/* What had begun is asked for; what nobody could tell then is looked at on. */
static void
adopt_step(struct jobs_at *a, struct mono now)
{
	struct jobs_run *r = a->r;

	r->began_at = r->ended_at = r->over_at = r->again = now;
	r->replay = true;
	if (a->s->state == STEP_UNKNOWN) {
		r->looking = true;
		r->ended = a->s->status >= 0;
		r->open = !r->ended;
	}
	if (jobs_step_over(a->s)) {
		a->s->result = a->s->state;
		return;
	}
	a->s->result = STEP_WAITING;
	if (a->s->run_id[0] == '\0') {
		a->s->state = STEP_WAITING;
		return;
	}
	jobs_unheard(a, now);
	r->again = now;
}

uint64_t
jobs_adopt(struct jobs *j, struct job *job, struct mono now)
{
	struct jobs_node *n = add(j, job, now);

	job->state = JOB_RUNNING;
	job->adopted = true;
	n->check_age = true;
	for (size_t i = 0; i < job->nsteps; i++) {
		struct jobs_at a = jobs_step_at(j, n, i);

		adopt_step(&a, now);
	}
	return job->id;
}

void
jobs_cancel(struct jobs *j, uint64_t id, struct mono now)
{
	struct jobs_node *n = jobs_node_find(j, id);

	(void)now;
	if (n == NULL || job_over(n->job) || n->job->cancelling)
		return;
	n->job->cancelling = true;
	j->generation++;
}

/* --- Time passes ------------------------------------------------------------ */

static void
turn_step(struct jobs_at *a, const struct jobs_turn *t)
{
	switch (a->s->state) {
	case STEP_NOTING:
		jobs_turn_noting(a, t);
		break;
	case STEP_RUNNING:
		jobs_turn_running(a, t);
		break;
	case STEP_UNHEARD:
		jobs_turn_unheard(a, t);
		break;
	case STEP_SETTLING:
		jobs_turn_settling(a, t);
		break;
	case STEP_UNKNOWN:
		jobs_turn_unknown(a, t);
		break;
	case STEP_WAITING:
	case STEP_ENDING:
	case STEP_DONE:
	case STEP_FAILED:
	case STEP_SKIPPED:
	case STEP_STATES:
		break;
	}
	jobs_turn_ending(a, t);
	mono_lower(t->deadline, a->s->deadline);
}

/* Jobs that are over and owe nobody a word any more, the oldest first. */
static void
prune(struct jobs *j)
{
	size_t over = j->n - jobs_running(j), kept = 0;

	for (size_t i = 0; i < j->n; i++) {
		if (over > JOBS_KEPT && job_over(j->v[i]->job)) {
			over--;
			free_node(j->v[i]);
			j->generation++;
		} else {
			j->v[kept++] = j->v[i];
		}
	}
	j->n = kept;
}

void
jobs_turn(struct jobs *j, const struct model *m, struct mono now,
    int64_t wall_ms, struct mono *deadline)
{
	const struct jobs_turn t = { m, now, wall_ms, deadline };

	/* What is under way first: it may make room for what waits. */
	for (int waiting = 0; waiting <= 1; waiting++)
		for (size_t k = 0; k < j->n; k++) {
			struct jobs_node *n = j->v[k];

			for (size_t i = 0; i < n->job->nsteps; i++) {
				struct jobs_at a = jobs_step_at(j, n, i);

				if (waiting == 0)
					turn_step(&a, &t);
				else if (a.s->state == STEP_WAITING &&
				    n->job->state == JOB_RUNNING)
					jobs_turn_waiting(&a, &t);
			}
		}
	for (size_t k = 0; k < j->n; k++)
		jobs_turn_end(j, j->v[k], &t);
	prune(j);
}

/* --- Looking ---------------------------------------------------------------- */

size_t
jobs_count(const struct jobs *j)
{
	return j->n;
}

const struct job *
jobs_at(const struct jobs *j, size_t i)
{
	return j->v[i]->job;
}

const struct job *
jobs_find(const struct jobs *j, uint64_t id)
{
	const struct jobs_node *n = jobs_node_find(j, id);

	return n != NULL ? n->job : NULL;
}

const struct job *
jobs_of_vm(const struct jobs *j, uint32_t cluster, const struct uuid *uuid,
    const char *name, size_t *step)
{
	const struct job *waiting = NULL;
	char *own = x_strdup(name);
	const struct request vm = { .cluster = cluster, .uuid = *uuid,
		.name = own };

	for (size_t k = 0; k < j->n; k++) {
		const struct job *job = j->v[k]->job;

		for (size_t i = 0; i < job->nsteps; i++) {
			const struct job_step *s = &job->steps[i];

			if (job_over(job) || jobs_step_over(s) ||
			    !jobs_same_vm(&s->plan.req, &vm))
				continue;
			if (waiting == NULL || jobs_step_active(s)) {
				waiting = job;
				*step = i;
			}
			if (jobs_step_active(s))
				goto out;
		}
	}
out:
	x_free(own);
	return waiting;
}

size_t
jobs_running(const struct jobs *j)
{
	size_t n = 0;

	for (size_t i = 0; i < j->n; i++)
		n += (size_t)!job_over(j->v[i]->job);
	return n;
}

uint64_t
jobs_generation(const struct jobs *j)
{
	return j->generation;
}
