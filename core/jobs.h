#ifndef CORE_JOBS_H
#define CORE_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model.h"
#include "core/plan.h"
#include "core/runner.h"

/* Jobs: plans being carried out. A pure state machine: what happens is told to
 * it (the model, a runner's news, the journal's word), what is to be done is
 * taken from it as effects. It decides by what the hosts say: a command's exit
 * code is a hint, that the world is as the step wants it is the proof.
 *
 * Nothing runs before its intent is in the journal, and no step counts as over
 * before its outcome is. */

enum step_state {
	STEP_WAITING,  /* for earlier steps, or for a free place on its host */
	STEP_NOTING,   /* its intent is on its way into the journal */
	STEP_RUNNING,  /* the host has it */
	STEP_UNHEARD,  /* it may run: the link is down, it will be asked again */
	STEP_SETTLING, /* the command is over; the host must show the result */
	STEP_ENDING,   /* its outcome is on its way into the journal */
	STEP_DONE,
	STEP_FAILED,   /* by a positive answer: it did not happen */
	STEP_UNKNOWN,  /* nobody can tell: a result of its own */
	STEP_SKIPPED,  /* never begun: cancelled, or an earlier one failed */
	STEP_STATES,
};

enum job_state {
	JOB_NOTING,    /* on its way into the journal; nothing has happened */
	JOB_RUNNING,
	JOB_DONE,
	JOB_FAILED,
	JOB_UNKNOWN,   /* some step is, none failed */
	JOB_CANCELLED,
	JOB_REFUSED,   /* never begun: another job has the VM, no journal */
	JOB_STATES,
};

struct job_step {
	struct step plan;      /* its own copy */
	enum step_state state;
	/* From STEP_ENDING on: DONE, FAILED, UNKNOWN or SKIPPED; what a record
	 * of its outcome says. Till then STEP_WAITING. */
	enum step_state result;
	char run_id[RUN_ID_MAX + 1]; /* "" until its intent is made */
	unsigned tries;
	int status;            /* of the command; -1: none */
	char *words;           /* the end of what it printed, clean; or NULL */
	char *outcome;         /* one sentence when it is over; or NULL */
	int progress_pm;       /* -1: unknown */
	int round;             /* of a migration's copying; -1 */
	int64_t began_ms, ended_ms; /* wall clock; 0: not yet */
	struct mono since;     /* it has been in that state */
	struct mono deadline;  /* of that state */
};

struct job {
	uint64_t id;           /* of this console; the journal has its own */
	char *key;             /* unique for ever: "7f3a2c91-12" */
	char *title;
	char *operator;        /* who wanted it: "alice", "alice (root)" */
	enum job_state state;
	bool cancelling;
	bool adopted;          /* begun by another console, taken over */
	char *outcome;         /* one sentence when it is over; or NULL */
	int64_t made_ms, ended_ms;
	struct job_step *steps;
	size_t nsteps;
};

/* For who makes one out of a journal. They begin as jobs_add makes them: no
 * states, no numbers known. job_free takes NULL. */
struct job *job_new(const char *key, const struct plan *p,
    const char *operator, int64_t made_ms);
void job_free(struct job *job);

/* What jobs want done. Pointers are borrowed until the next call. */
enum job_effect_type {
	JOB_WRITE,   /* a record into the journal, to be acknowledged */
	JOB_START,   /* run */
	JOB_ATTACH,  /* run.id, run.host, run.boot_id */
	JOB_CANCEL,
	JOB_FORGET,
	JOB_TELL,    /* the operator: text */
};

enum job_record {
	RECORD_JOB,     /* the whole job, before anything; claims its VMs */
	RECORD_INTENT,  /* a step is about to run under its run_id, with the
	                 * guard that its request has now; a later try has
	                 * another */
	RECORD_OUTCOME, /* a step is over: result, status, words, outcome,
	                 * ended_ms. Another one when the truth about an
	                 * unknown one is found, even after RECORD_END. */
	RECORD_END,     /* the job is over; its claims end. Another one when
	                 * its state is a better one by then. */
};

struct job_effect {
	enum job_effect_type type;
	enum job_record record;     /* JOB_WRITE: of */
	uint64_t seq;               /* JOB_WRITE: to acknowledge */
	const struct job *job;
	size_t step;
	const char *command;        /* JOB_WRITE of an intent: as text */
	struct run run;             /* JOB_START, _ATTACH, _CANCEL, _FORGET */
	enum note_level level;      /* JOB_TELL */
	const char *text;
};

struct jobs;

/* key: what this console's jobs are called, unique for ever. */
struct jobs *jobs_new(const struct conf *conf, const char *key);
void jobs_free(struct jobs *j);

/* A new job; the plan is copied. Returns its id. */
uint64_t jobs_add(struct jobs *j, const struct plan *p, const char *operator,
    struct mono now, int64_t wall_ms);
/* One out of the journal, whose console is gone: it goes on from where that
 * was, after asking the hosts what became of what had begun. Takes it over (from
 * job_new). Of each step it needs what the records said: from an intent run_id,
 * tries, the request's guard and began_ms, from an outcome state, status,
 * words, outcome and ended_ms. A step with an intent and no outcome may be left
 * in any state: it has begun. */
uint64_t jobs_adopt(struct jobs *j, struct job *job, struct mono now);

/* No further step is begun; what runs is asked to end where that is safe, and
 * left to end where it is not (a migration's last moment). */
void jobs_cancel(struct jobs *j, uint64_t id, struct mono now);

/* --- What happens --- */

/* A record is safe; or it is not, and why: then nothing further is begun. */
void jobs_written(struct jobs *j, uint64_t seq, const char *error,
    struct mono now);
void jobs_news(struct jobs *j, const struct run_news *n, struct mono now,
    int64_t wall_ms);
/* What an effect wanted could not be begun: nothing has happened. */
void jobs_not_started(struct jobs *j, const struct job_effect *e,
    const char *why, struct mono now);
/* Time passes and the model may have changed; lowers *deadline. */
void jobs_turn(struct jobs *j, const struct model *m, struct mono now,
    int64_t wall_ms, struct mono *deadline);

/* --- What is to be done --- */

/* The next effect, in order; false: there is none. */
bool jobs_take(struct jobs *j, struct job_effect *e);

/* --- Looking --- */

size_t jobs_count(const struct jobs *j);
const struct job *jobs_at(const struct jobs *j, size_t i); /* oldest first */
const struct job *jobs_find(const struct jobs *j, uint64_t id); /* or NULL */
/* The one under way that is about that VM, and its step; or NULL. */
const struct job *jobs_of_vm(const struct jobs *j, uint32_t cluster,
    const struct uuid *uuid, const char *name, size_t *step);
size_t jobs_running(const struct jobs *j); /* that are not over */
uint64_t jobs_generation(const struct jobs *j); /* changes with all above */

bool job_over(const struct job *job);
const char *job_state_name(enum job_state s);
const char *step_state_name(enum step_state s);

#endif
