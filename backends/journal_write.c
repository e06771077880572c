/* What the console gives to the journal, and asks of it. */
#include <assert.h>
#include <string.h>

#include "backends/journal_int.h"
#include "core/mem.h"

static void
write_job(struct journal *j, const struct job_effect *e)
{
	struct frame f = { .type = e->record == RECORD_JOB ? FRAME_JOB :
		FRAME_END };
	struct ledger_job l;

	ledger_from_job(&l, e->job, j->conf);
	if (e->record == RECORD_END) {
		struct ledger_job end = l;

		end.steps = NULL;
		end.nsteps = 0;
		journal_link_put(j, &f, &end, &e->seq);
	} else {
		journal_link_put(j, &f, &l, &e->seq);
	}
	ledger_job_free(&l);
}

static void
write_step(struct journal *j, const struct job_effect *e)
{
	const struct job_step *s = &e->job->steps[e->step];
	struct ledger_step step;
	struct ledger_job l = { .key = e->job->key, .steps = &step,
		.nsteps = 1 };
	struct frame f = {
		.type = e->record == RECORD_INTENT ? FRAME_INTENT :
		    FRAME_OUTCOME,
		.step = (uint32_t)e->step,
	};

	ledger_from_step(&step, s, j->conf);
	if (e->record == RECORD_INTENT) {
		x_free(step.command);
		step.command = x_strdup(e->command);
	}
	/* It is in the job's record already. */
	x_free(step.body);
	step.body = NULL;
	journal_link_put(j, &f, &l, &e->seq);
	ledger_step_free(&step);
}

void
journal_write(struct journal *j, const struct job_effect *e)
{
	assert(e->type == JOB_WRITE);
	if (e->record == RECORD_JOB || e->record == RECORD_END)
		write_job(j, e);
	else
		write_step(j, e);
}

/* --- Definitions ------------------------------------------------------------ */

static uint64_t
hash_text(uint64_t h, const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
	return (h ^ (s != NULL ? 0x100 : 0x101)) * UINT64_C(1099511628211);
}

static struct journal_seen *
seen_slot(struct journal_seen *v, size_t cap, uint64_t file)
{
	size_t i = (size_t)(file >> 7) & (cap - 1);

	while (v[i].file != 0 && v[i].file != file)
		i = (i + 1) & (cap - 1);
	return &v[i];
}

static void
grow_seen(struct journal *j)
{
	size_t cap = j->seen_cap > 0 ? j->seen_cap * 2 : 256;
	struct journal_seen *v = x_calloc(cap, sizeof *v);

	for (size_t i = 0; i < j->seen_cap; i++)
		if (j->seen[i].file != 0)
			*seen_slot(v, cap, j->seen[i].file) = j->seen[i];
	x_free(j->seen);
	j->seen = v;
	j->seen_cap = cap;
}

/* Whether that is what the file said last; from now on it is. */
static bool
is_known(struct journal *j, const struct journal_definition *d)
{
	const uint64_t start = UINT64_C(14695981039346656037);
	uint64_t file = hash_text(hash_text(hash_text(start, d->cluster),
	    d->host), d->path) | 1;
	uint64_t what = hash_text(hash_text(hash_text(start, d->name),
	    d->uuid), d->text);
	struct journal_seen *s;

	if (j->nseen * 2 >= j->seen_cap)
		grow_seen(j);
	s = seen_slot(j->seen, j->seen_cap, file);
	if (s->file == file && s->what == what)
		return true;
	j->nseen += s->file == 0;
	*s = (struct journal_seen){ file, what };
	return false;
}

void
journal_note_definition(struct journal *j, const struct journal_definition *d)
{
	struct frame f = {
		.type = FRAME_DEF,
		.step = frame_mtime_step(d->mtime_s),
		.value = d->seen_ms,
		.text = { d->cluster, d->host, d->path, d->name, d->uuid,
		    d->text },
	};

	if (!is_known(j, d))
		journal_link_put(j, &f, NULL, NULL);
}

uint32_t
journal_ask_definition(struct journal *j, const char *cluster,
    const char *name)
{
	struct frame f = { .type = FRAME_ASK_DEF, .text = { cluster, name } };

	return (uint32_t)journal_link_put(j, &f, NULL, NULL);
}

/* --- The rest --------------------------------------------------------------- */

void
journal_acknowledge(struct journal *j, const char *alarm, int64_t until_ms,
    const char *by)
{
	struct frame f = { .type = FRAME_READY, .value = until_ms,
		.text = { alarm, by } };

	journal_link_put(j, &f, NULL, NULL);
}

uint32_t
journal_query(struct journal *j, const struct ledger_filter *filter)
{
	struct frame f = { .type = FRAME_QUERY, .step = filter->limit,
		.value = filter->since_ms,
		.text = { filter->word, filter->key } };

	return (uint32_t)journal_link_put(j, &f, NULL, NULL);
}

/* --- Jobs that nobody carries out -------------------------------------------- */

static void
put_leave(struct journal *j, const struct journal_leaving *l)
{
	struct frame f = { .type = FRAME_LEAVE, .text = { l->key, l->why } };

	journal_link_put(j, &f, NULL, NULL);
}

void
journal_leave(struct journal *j, const char *key, const char *why)
{
	struct journal_leaving *l;

	j->leaves = x_grow(j->leaves, j->nleaves, &j->leaves_cap,
	    sizeof *j->leaves);
	l = &j->leaves[j->nleaves++];
	*l = (struct journal_leaving){ x_strdup(key), x_strdup(why) };
	put_leave(j, l);
}

void
journal_left(struct journal *j, const char *key)
{
	for (size_t i = j->nleaves; i-- > 0;) {
		if (strcmp(j->leaves[i].key, key) != 0)
			continue;
		x_free(j->leaves[i].key);
		x_free(j->leaves[i].why);
		j->leaves[i] = j->leaves[--j->nleaves];
	}
}

/* The database can be written again; some could not be said. */
void
journal_leave_again(struct journal *j)
{
	for (size_t i = 0; i < j->nleaves; i++)
		put_leave(j, &j->leaves[i]);
}
