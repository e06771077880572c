/* What jobs want done, in the order in which they came to want it, and the
 * journal's acknowledgements. An effect names its job and step; what it says of
 * them is read when it is taken, so that nothing in the queue grows old. */
#include <stdio.h>
#include <string.h>

#include "core/jobs_priv.h"
#include "core/mem.h"

void
jobs_effects_free(struct jobs *j)
{
	for (size_t i = j->head; i < j->nqueue; i++)
		x_free(j->queue[i].text);
	x_free(j->queue);
	x_free(j->taken.text);
	x_free(j->writes);
}

static struct jobs_item *
push(struct jobs *j, enum job_effect_type type, const struct jobs_node *n,
    size_t step)
{
	struct jobs_item *e;

	j->queue = x_grow(j->queue, j->nqueue, &j->queue_cap,
	    sizeof *j->queue);
	e = &j->queue[j->nqueue++];
	*e = (struct jobs_item){
		.type = type, .job = n->job->id, .step = step,
	};
	return e;
}

void
jobs_write(struct jobs *j, const struct jobs_node *n, size_t step,
    enum job_record record)
{
	struct jobs_item *e = push(j, JOB_WRITE, n, step);

	e->record = record;
	e->seq = j->next_seq++;
	j->writes = x_grow(j->writes, j->nwrites, &j->writes_cap,
	    sizeof *j->writes);
	j->writes[j->nwrites++] = (struct jobs_write){
		e->seq, n->job->id, step, record
	};
}

void
jobs_do(struct jobs_at *a, enum job_effect_type type)
{
	struct jobs_item *e = push(a->j, type, a->n, a->i);

	snprintf(e->run_id, sizeof e->run_id, "%s", a->s->run_id);
}

void
jobs_ask_there(struct jobs_at *a)
{
	jobs_do(a, JOB_ATTACH);
	a->j->queue[a->j->nqueue - 1].there = true;
}

void
jobs_tell(struct jobs *j, const struct jobs_node *n, size_t step,
    enum note_level level, const char *text)
{
	struct jobs_item *e = push(j, JOB_TELL, n, step);

	e->level = level;
	e->text = x_strdup(text);
}

/* --- Taking ----------------------------------------------------------------- */

static void
fill_run(struct run *run, const struct jobs_item *item, struct jobs_at *a)
{
	const struct request *req = &a->s->plan.req;

	*run = (struct run){
		.id = item->run_id,
		.host = req->host,
		.domid = req->domid,
		.uuid = req->uuid,
		.boot_id = req->boot_id,
	};
	if (item->there) {
		run->host = req->to;
		run->domid = REQUEST_NO_DOMID;
		run->uuid = (struct uuid){ { 0 } };
		run->boot_id = NULL;
	}
	if (item->type != JOB_START)
		return;
	run->argv = (const char *const *)a->r->cmd.argv;
	run->input = a->r->cmd.input;
	run->input_len = run->input != NULL ? strlen(run->input) : 0;
}

/* Whether it still is what its job wants. */
static bool
is_wanted(const struct jobs_item *item, const struct jobs_at *a)
{
	return item->type != JOB_START || (a->r->has_cmd &&
	    a->s->state == STEP_RUNNING &&
	    strcmp(a->s->run_id, item->run_id) == 0);
}

static bool
fill(struct jobs *j, struct job_effect *e, const struct jobs_item *item)
{
	struct jobs_node *n = jobs_node_find(j, item->job);
	struct jobs_at a;

	*e = (struct job_effect){
		.type = item->type,
		.record = item->record,
		.seq = item->seq,
		.step = item->step,
		.level = item->level,
		.text = item->text,
	};
	if (n == NULL)
		return false;
	e->job = n->job;
	if (item->step >= n->job->nsteps)
		return true; /* a plan of no steps */
	a = jobs_step_at(j, n, item->step);
	if (!is_wanted(item, &a))
		return false;
	if (item->type == JOB_WRITE && item->record == RECORD_INTENT) {
		buf_clear(&j->command);
		if (command_text(&j->command, &a.r->cmd) == 0)
			e->command = j->command.p;
	}
	if (item->type != JOB_WRITE && item->type != JOB_TELL)
		fill_run(&e->run, item, &a);
	return true;
}

bool
jobs_take(struct jobs *j, struct job_effect *e)
{
	while (j->head < j->nqueue) {
		x_free(j->taken.text);
		j->taken = j->queue[j->head++];
		if (j->head == j->nqueue)
			j->head = j->nqueue = 0;
		if (fill(j, e, &j->taken))
			return true;
	}
	return false;
}

/* --- The journal's word ----------------------------------------------------- */

/* Nothing has happened, and nothing will. */
static void
refuse(struct jobs *j, struct jobs_node *n, const char *error,
    struct mono now)
{
	char text[JOBS_TEXT];

	for (size_t i = 0; i < n->job->nsteps; i++) {
		struct jobs_at a = jobs_step_at(j, n, i);

		a.s->result = STEP_SKIPPED;
		jobs_set_state(&a, STEP_SKIPPED, now);
	}
	n->job->state = JOB_REFUSED;
	n->job->ended_ms = n->job->made_ms;
	x_replace(&n->job->outcome, error);
	snprintf(text, sizeof text, "%s: %s",
	    n->job->title != NULL ? n->job->title : "job", error);
	jobs_tell(j, n, 0, NOTE_WARNING, text);
}

static void
written(struct jobs *j, struct jobs_node *n, const struct jobs_write *w,
    const char *error, struct mono now)
{
	struct jobs_at a;

	j->generation++;
	if (w->record == RECORD_JOB && n->job->state == JOB_NOTING) {
		n->job->state = JOB_RUNNING;
		if (error != NULL)
			refuse(j, n, error, now);
	} else if (w->record == RECORD_END) {
		jobs_end_written(j, n, error, now);
	} else if (w->step < n->job->nsteps) {
		a = jobs_step_at(j, n, w->step);
		if (w->record == RECORD_OUTCOME) {
			jobs_outcome_written(&a, error, now);
		} else if (a.s->state == STEP_NOTING) {
			a.r->acked = true;
			if (error != NULL) {
				n->broken = true;
				x_replace(&n->journal, error);
			}
		}
	}
}

void
jobs_written(struct jobs *j, uint64_t seq, const char *error, struct mono now)
{
	for (size_t i = 0; i < j->nwrites; i++) {
		struct jobs_write w = j->writes[i];
		struct jobs_node *n;

		if (w.seq != seq)
			continue;
		j->writes[i] = j->writes[--j->nwrites];
		n = jobs_node_find(j, w.job);
		if (n != NULL)
			written(j, n, &w, error, now);
		return;
	}
}
