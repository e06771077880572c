/* See deskjournal.h. A record is kept as a copy of what jobs said at the time:
 * whoever adopts a job has nothing else. */
#include "tests/lib/deskjournal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

struct note {
	bool intent, outcome;
	char run_id[RUN_ID_MAX + 1];
	unsigned tries;
	struct request req; /* with its guard */
	int64_t began_ms, ended_ms;
	enum step_state result;
	int status;
	char *words, *text;
};

struct entry {
	char *key, *operator;
	struct plan plan;
	int64_t made_ms;
	bool over;
	struct note *notes; /* one per step */
};

struct record {
	enum job_record type;
	uint64_t seq;
	struct mono due;
	char *key;
	size_t step;
	struct entry *entry; /* RECORD_JOB */
	struct note note;    /* RECORD_INTENT, RECORD_OUTCOME */
};

struct deskjournal {
	struct entry **v;
	size_t n, cap;
	struct record **pending;
	size_t npending, pending_cap;
};

static void
free_note(struct note *n)
{
	if (n->intent)
		request_free(&n->req);
	x_free(n->words);
	x_free(n->text);
	*n = (struct note){ 0 };
}

static void
free_entry(struct entry *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < e->plan.n; i++)
		free_note(&e->notes[i]);
	x_free(e->notes);
	x_free(e->key);
	x_free(e->operator);
	plan_free(&e->plan);
	x_free(e);
}

static void
free_record(struct record *r)
{
	free_entry(r->entry);
	free_note(&r->note);
	x_free(r->key);
	x_free(r);
}

struct deskjournal *
deskjournal_new(void)
{
	return x_calloc(1, sizeof(struct deskjournal));
}

void
deskjournal_free(struct deskjournal *d)
{
	for (size_t i = 0; i < d->n; i++)
		free_entry(d->v[i]);
	for (size_t i = 0; i < d->npending; i++)
		free_record(d->pending[i]);
	x_free(d->v);
	x_free(d->pending);
	x_free(d);
}

static struct entry *
find(const struct deskjournal *d, const char *key)
{
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->v[i]->key, key) == 0)
			return d->v[i];
	return NULL;
}

/* --- Taking ------------------------------------------------------------------ */

static struct entry *
copy_job(const struct job *job)
{
	struct entry *e = x_calloc(1, sizeof *e);

	e->key = x_strdup(job->key);
	e->operator = x_strdup(job->operator);
	e->made_ms = job->made_ms;
	e->notes = x_calloc(job->nsteps, sizeof *e->notes);
	plan_init(&e->plan);
	e->plan.title = x_strdup(job->title);
	for (size_t i = 0; i < job->nsteps; i++) {
		const struct step *s = &job->steps[i].plan;
		struct request r;
		uint32_t at;

		request_copy(&r, &s->req);
		at = plan_add(&e->plan, &r, s->why);
		for (size_t k = 0; k < s->nafter; k++)
			plan_after(&e->plan, at, s->after[k]);
	}
	return e;
}

static struct note
copy_step(const struct job_step *s)
{
	struct note n = {
		.intent = true,
		.tries = s->tries,
		.began_ms = s->began_ms,
		.ended_ms = s->ended_ms,
		.result = s->result,
		.status = s->status,
		.words = x_strdup(s->words),
		.text = x_strdup(s->outcome),
	};

	snprintf(n.run_id, sizeof n.run_id, "%s", s->run_id);
	request_copy(&n.req, &s->plan.req);
	return n;
}

void
deskjournal_take(struct deskjournal *d, const struct job_effect *e,
    struct mono due)
{
	struct record *r = x_calloc(1, sizeof *r);

	r->type = e->record;
	r->seq = e->seq;
	r->due = due;
	if (d->npending > 0 && mono_before(due,
	    d->pending[d->npending - 1]->due))
		r->due = d->pending[d->npending - 1]->due; /* in order */
	r->key = x_strdup(e->job->key);
	r->step = e->step;
	if (e->record == RECORD_JOB)
		r->entry = copy_job(e->job);
	else if (e->record != RECORD_END)
		r->note = copy_step(&e->job->steps[e->step]);
	d->pending = x_grow(d->pending, d->npending, &d->pending_cap,
	    sizeof *d->pending);
	d->pending[d->npending++] = r;
}

/* --- Writing ----------------------------------------------------------------- */

static void
write_down(struct deskjournal *d, struct record *r)
{
	struct entry *e = find(d, r->key);

	if (r->type == RECORD_JOB) {
		d->v = x_grow(d->v, d->n, &d->cap, sizeof *d->v);
		d->v[d->n++] = r->entry;
		r->entry = NULL;
		return;
	}
	if (e == NULL)
		return;
	if (r->type == RECORD_END) {
		e->over = true;
		return;
	}
	if (r->type == RECORD_OUTCOME)
		r->note.outcome = true;
	free_note(&e->notes[r->step]);
	e->notes[r->step] = r->note;
	r->note = (struct note){ 0 };
}

static struct record *
take_first(struct deskjournal *d)
{
	struct record *r = d->pending[0];

	d->npending--;
	memmove(d->pending, d->pending + 1,
	    d->npending * sizeof *d->pending);
	return r;
}

void
deskjournal_turn(struct deskjournal *d, struct jobs *jobs, struct mono now,
    const char *why)
{
	while (d->npending > 0 && mono_reached(d->pending[0]->due, now)) {
		struct record *r = take_first(d);

		if (why == NULL)
			write_down(d, r);
		jobs_written(jobs, r->seq, why, now);
		free_record(r);
	}
}

size_t
deskjournal_pending(const struct deskjournal *d)
{
	return d->npending;
}

void
deskjournal_crash(struct deskjournal *d, size_t keep)
{
	while (d->npending > 0) {
		struct record *r = take_first(d);

		if (keep > 0) {
			write_down(d, r);
			keep--;
		}
		free_record(r);
	}
}

/* --- Taking over -------------------------------------------------------------- */

static void
put_step(struct job_step *s, const struct note *n)
{
	snprintf(s->run_id, sizeof s->run_id, "%s", n->run_id);
	s->tries = n->tries;
	s->began_ms = n->began_ms;
	request_free(&s->plan.req);
	request_copy(&s->plan.req, &n->req);
	if (!n->outcome)
		return;
	s->state = s->result = n->result;
	s->status = n->status;
	s->ended_ms = n->ended_ms;
	x_replace(&s->words, n->words);
	x_replace(&s->outcome, n->text);
}

void
deskjournal_adopt(struct deskjournal *d, struct jobs *jobs, struct mono now)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct entry *e = d->v[i];
		struct job *job;

		if (e->over)
			continue;
		job = job_new(e->key, &e->plan, e->operator, e->made_ms);
		for (size_t k = 0; k < job->nsteps; k++)
			if (e->notes[k].intent)
				put_step(&job->steps[k], &e->notes[k]);
		jobs_adopt(jobs, job, now);
	}
}
