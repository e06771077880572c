/* A ledger's job as bytes, between the console and the child that writes, and
 * between the child and the console that reads. */
#include "core/ledger.h"

#include <string.h>

#include "core/bytes.h"
#include "core/mem.h"

enum { STEP_LEAST = 4 * 24 }; /* a step without a text takes more */

/* The texts of a step in the order of the bytes. */
enum { STEP_TEXTS = 14 };

static void
step_texts(struct ledger_step *s, char ***texts)
{
	char **const all[STEP_TEXTS] = { &s->op, &s->host, &s->to, &s->cluster,
		&s->vm, &s->boot_id, &s->arg, &s->arg2, &s->body, &s->why,
		&s->run_id, &s->command, &s->words, &s->outcome };

	memcpy(texts, all, sizeof all);
}

static int
pack_step(struct buf *out, const struct ledger_step *step)
{
	struct ledger_step s = *step; /* its pointers; nothing is changed */
	char **texts[STEP_TEXTS];
	int rc = 0;

	step_texts(&s, texts);
	for (size_t i = 0; i < STEP_TEXTS; i++)
		rc |= bytes_put_text(out, *texts[i]);
	rc |= bytes_put_uuid(out, &s.uuid);
	rc |= bytes_put_u32(out, s.domid);
	rc |= bytes_put_i64(out, s.value);
	rc |= bytes_put_i64(out, s.cap);
	rc |= bytes_put_u32(out, s.flags);
	rc |= bytes_put_u32(out, (uint32_t)s.state);
	rc |= bytes_put_u32(out, s.tries);
	rc |= bytes_put_u32(out, (uint32_t)s.status);
	rc |= bytes_put_i64(out, s.began_ms);
	rc |= bytes_put_i64(out, s.ended_ms);
	rc |= bytes_put_u32(out, (uint32_t)s.nafter);
	for (size_t i = 0; i < s.nafter; i++)
		rc |= bytes_put_u32(out, s.after[i]);
	return rc;
}

int
ledger_pack(struct buf *out, const struct ledger_job *l)
{
	const char *const texts[] = { l->key, l->title, l->operator, l->console,
		l->outcome };
	int rc = 0;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		rc |= bytes_put_text(out, texts[i]);
	rc |= bytes_put_u32(out, (uint32_t)l->live);
	rc |= bytes_put_u32(out, (uint32_t)l->adopted);
	rc |= bytes_put_u32(out, (uint32_t)l->state);
	rc |= bytes_put_i64(out, l->made_ms);
	rc |= bytes_put_i64(out, l->ended_ms);
	rc |= l->nsteps <= LEDGER_STEPS_MAX ? 0 : -1;
	rc |= bytes_put_u32(out, (uint32_t)l->nsteps);
	for (size_t i = 0; i < l->nsteps && rc == 0; i++)
		rc |= pack_step(out, &l->steps[i]);
	return rc;
}

static void
unpack_step(struct ledger_step *s, struct bytes_in *in)
{
	char **texts[STEP_TEXTS];
	uint32_t state;

	step_texts(s, texts);
	for (size_t i = 0; i < STEP_TEXTS; i++)
		*texts[i] = bytes_text(in);
	s->uuid = bytes_uuid(in);
	s->domid = bytes_u32(in);
	s->value = bytes_i64(in);
	s->cap = bytes_i64(in);
	s->flags = bytes_u32(in);
	state = bytes_u32(in);
	in->bad |= state >= STEP_STATES;
	s->state = in->bad ? STEP_WAITING : (enum step_state)state;
	s->tries = bytes_u32(in);
	s->status = (int32_t)bytes_u32(in);
	s->began_ms = bytes_i64(in);
	s->ended_ms = bytes_i64(in);
	s->nafter = bytes_count(in, 4, LEDGER_STEPS_MAX);
	s->after = s->nafter > 0 ?
	    x_calloc(s->nafter, sizeof *s->after) : NULL;
	for (size_t i = 0; i < s->nafter; i++)
		s->after[i] = bytes_u32(in);
}

int
ledger_unpack(struct ledger_job *l, const void *data, size_t n)
{
	struct bytes_in in = { .p = data, .n = n };
	char **const texts[] = { &l->key, &l->title, &l->operator, &l->console,
		&l->outcome };
	uint32_t state;

	*l = (struct ledger_job){ 0 };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		*texts[i] = bytes_text(&in);
	l->live = bytes_u32(&in) != 0;
	l->adopted = bytes_u32(&in) != 0;
	state = bytes_u32(&in);
	in.bad |= state >= JOB_STATES;
	l->state = in.bad ? JOB_NOTING : (enum job_state)state;
	l->made_ms = bytes_i64(&in);
	l->ended_ms = bytes_i64(&in);
	l->nsteps = bytes_count(&in, STEP_LEAST, LEDGER_STEPS_MAX);
	l->steps = l->nsteps > 0 ?
	    x_calloc(l->nsteps, sizeof *l->steps) : NULL;
	for (size_t i = 0; i < l->nsteps && !in.bad; i++)
		unpack_step(&l->steps[i], &in);
	if (!in.bad && in.n == 0)
		return 0;
	ledger_job_free(l);
	return -1;
}
