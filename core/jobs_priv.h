#ifndef CORE_JOBS_PRIV_H
#define CORE_JOBS_PRIV_H

/* What the files of core/jobs*.c share; nobody else includes this. */

#include "core/command.h"
#include "core/err.h"
#include "core/jobs.h"
#include "core/progress.h"

enum {
	JOBS_KEPT = 200,          /* jobs that are over; older ones go */
	JOBS_PER_HOST = 2,        /* steps at once on one host */
	JOBS_RUN_AGAIN = 3,       /* tries of what never began */
	JOBS_WRITE_AGAIN = 3,     /* of a record */
	JOBS_CONNECT_MS = 60 * 1000,   /* a host that is not connected */
	JOBS_REFUSED_MS = 30 * 1000,   /* what a step before it should bring */
	JOBS_UNHEARD_MS = 15 * 60 * 1000,
	JOBS_ASK_MS = 30 * 1000,       /* for the answer to an attach */
	JOBS_CANCEL_MS = 30 * 1000,    /* for the end of what was cancelled */
	JOBS_PAUSE_MS = 1000,          /* the first; then twice as long, up to */
	JOBS_PAUSE_MAX_MS = 60 * 1000,
	JOBS_OLD_MS = 60 * 60 * 1000,  /* what nobody expects any more */
	/* Of a host whose clock nobody tells: an observation that comes so much
	 * later than the end of a command, and as long as an answer took
	 * besides, was made after it. */
	JOBS_SURE_MS = 1500,
	/* When a command that nobody can say a limit for should have ended. */
	JOBS_LIMIT_MS = 60 * 60 * 1000,
};

/* What is known of a step beside what everybody may see. */
struct jobs_run {
	struct command cmd;      /* when has_cmd */
	bool has_cmd;
	bool acked;              /* NOTING: its intent is safe */
	bool started;            /* heard of: the host has its record */
	bool ended;              /* so is its end */
	bool gone;               /* its host was rebooted: it ended with it */
	bool open;               /* over without its end having been heard */
	bool never;              /* it has turned out not to have begun */
	bool looking;            /* UNKNOWN: the truth may still be found */
	bool asked;              /* it was overdue and has been asked about */
	bool cancelled;          /* it was asked to end */
	bool replay;             /* its output will come from the beginning */
	unsigned absent;         /* how often it had never begun */
	struct mono vain;        /* WAITING in vain since; MONO_NEVER: not */
	struct mono again;       /* not before */
	int64_t pause_ms;        /* until it is tried once more */
	struct mono began_at;    /* its start was asked for */
	struct mono ended_at;    /* its end was heard of */
	int64_t ended_up_ns;     /* by its host's clock; 0: unknown */
	struct mono asked_at;    /* what has not been answered; MONO_NEVER */
	int64_t way_ms;          /* how long the last answer took */
	/* A migration that failed: its target's clock, asked for after that. */
	int64_t there_up_ns;     /* 0: unknown */
	struct mono there_again; /* not asked before */
	struct mono over_at;     /* its outcome was settled */
	char *why;               /* the last word of why it does not begin */
	struct progress said;
	unsigned writes;         /* of its outcome that failed */
	struct mono write_at;    /* when it is written again; MONO_NEVER */
};

struct jobs_node {
	struct job *job;
	struct jobs_run *runs;   /* one per step */
	bool broken;             /* the journal takes no more: begin nothing */
	char *journal;           /* its word */
	bool check_age;          /* adopted: is it still wanted? */
	unsigned writes;         /* of its end that failed */
	struct mono write_at;
};

struct jobs_item {
	enum job_effect_type type;
	enum job_record record;
	uint64_t seq, job;
	size_t step;
	bool there; /* it is for the target of a migration */
	char run_id[RUN_ID_MAX + 1];
	enum note_level level;
	char *text;
};

/* A record on its way. */
struct jobs_write {
	uint64_t seq, job;
	size_t step;
	enum job_record record;
};

struct jobs {
	const struct conf *conf;
	char *key;
	struct jobs_node **v; /* by id */
	size_t n, cap;
	uint64_t next_id, next_seq, generation;
	struct jobs_item *queue; /* from head on */
	size_t head, nqueue, queue_cap;
	struct jobs_item taken;
	struct buf command;      /* of the effect taken last */
	struct jobs_write *writes;
	size_t nwrites, writes_cap;
};

/* A step, and all that belongs to it. */
struct jobs_at {
	struct jobs *j;
	struct jobs_node *n;
	size_t i;
	struct job_step *s;
	struct jobs_run *r;
};

/* What every turn has. */
struct jobs_turn {
	const struct model *m;
	struct mono now;
	int64_t wall_ms;
	struct mono *deadline;
};

/* jobs.c */
struct jobs_node *jobs_node_find(const struct jobs *j, uint64_t id);
struct jobs_at jobs_step_at(struct jobs *j, struct jobs_node *n, size_t i);
void jobs_set_state(struct jobs_at *a, enum step_state s, struct mono now);
bool jobs_step_over(const struct job_step *s);
bool jobs_step_active(const struct job_step *s);
bool jobs_same_vm(const struct request *a, const struct request *b);
const char *jobs_host_name(const struct jobs *j, uint32_t host);

/* jobs_effects.c */
void jobs_effects_free(struct jobs *j);
void jobs_write(struct jobs *j, const struct jobs_node *n, size_t step,
    enum job_record record);
void jobs_do(struct jobs_at *a, enum job_effect_type type);
/* Asks a migration's target about a run that it never had: its answer tells
 * what its clock says. */
void jobs_ask_there(struct jobs_at *a);
void jobs_tell(struct jobs *j, const struct jobs_node *n, size_t step,
    enum note_level level, const char *text);

/* jobs_begin.c: from WAITING to RUNNING. */
void jobs_turn_waiting(struct jobs_at *a, const struct jobs_turn *t);
void jobs_turn_noting(struct jobs_at *a, const struct jobs_turn *t);
int64_t jobs_limit_ms(struct jobs_at *a); /* of its command */

/* jobs_run.c: RUNNING and UNHEARD. */
void jobs_turn_running(struct jobs_at *a, const struct jobs_turn *t);
void jobs_turn_unheard(struct jobs_at *a, const struct jobs_turn *t);
/* Of an UNKNOWN one whose end was not heard. */
void jobs_turn_open(struct jobs_at *a, const struct jobs_turn *t);
void jobs_unheard(struct jobs_at *a, struct mono now);
void jobs_ended(struct jobs_at *a, struct mono now);

/* jobs_settle.c: SETTLING, and UNKNOWN. */
enum jobs_verdict { VERDICT_NOT_YET, VERDICT_DONE, VERDICT_FAILED,
	VERDICT_NEVER, /* nothing will ever tell */
	VERDICT_ASK /* failed, unless the target's word is an old one */ };
enum jobs_verdict jobs_judge(const struct jobs_at *a, const struct model *m);
int64_t jobs_settle_limit_ms(enum request_op op);
void jobs_turn_settling(struct jobs_at *a, const struct jobs_turn *t);
void jobs_turn_unknown(struct jobs_at *a, const struct jobs_turn *t);
/* Whether a command may be asked to end without doing harm. */
bool jobs_may_cancel(const struct jobs_at *a);

/* jobs_sight.c: what the hosts show. */
enum jobs_sight { SIGHT_NOT_YET, SIGHT_YES, SIGHT_NO };
enum jobs_sight jobs_see(const struct model *m, const struct request *r,
    struct mono began);
bool jobs_sees(enum request_op op); /* whether it has a look at all */
bool jobs_host_live(const struct model *m, uint32_t host);
/* The VM's only plain domain on that host, or NULL. */
const struct vm_copy *jobs_copy_on(const struct model *m,
    const struct request *r, uint32_t host, struct uuid *uuid);
/* "alpha shows it running (domain 12)"; for people. */
void jobs_sight_text(char *out, size_t size, const struct model *m,
    const struct request *r);
/* A stopped domain that nobody clears away. */
bool jobs_sight_left(const struct model *m, const struct request *r);

/* jobs_end.c: outcomes. */
void jobs_end_step(struct jobs_at *a, enum step_state result,
    const char *outcome, struct mono now, int64_t wall_ms);
void jobs_skip(struct jobs_at *a, const struct jobs_turn *t, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));
/* Nothing has happened, and why. */
void jobs_fail(struct jobs_at *a, struct mono now, int64_t wall_ms,
    const char *why);
/* An unknown step's truth is known. */
void jobs_amend(struct jobs_at *a, enum step_state result,
    const char *outcome, const struct jobs_turn *t);
void jobs_turn_ending(struct jobs_at *a, const struct jobs_turn *t);
void jobs_turn_end(struct jobs *j, struct jobs_node *n,
    const struct jobs_turn *t);
void jobs_outcome_written(struct jobs_at *a, const char *error,
    struct mono now);
void jobs_end_written(struct jobs *j, struct jobs_node *n, const char *error,
    struct mono now);

/* jobs_text.c: outcomes in words. */
enum { JOBS_TEXT = 512 };
void jobs_text_done(char *out, const struct jobs_at *a,
    const struct model *m);
void jobs_text_failed(char *out, const struct jobs_at *a);
void jobs_text_unknown(char *out, const struct jobs_at *a,
    const struct model *m);

#endif
