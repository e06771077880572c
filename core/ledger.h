#ifndef CORE_LEDGER_H
#define CORE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/conf.h"
#include "core/err.h"
#include "core/jobs.h"

/* Jobs as the journal has them: everything by name, nothing by an index that
 * only one configuration knows, so that they can be read years later and by a
 * console that has other hosts. */

enum {
	LEDGER_STEPS_MAX = 4096,          /* of one job */
	LEDGER_JOB_MAX = 64 * 1024 * 1024, /* bytes of one, packed */
};

struct ledger_step {
	char *op;           /* request_op_name */
	char *host, *to;    /* to: NULL without one */
	char *cluster, *vm; /* NULL: about none */
	struct uuid uuid;   /* nil: unknown */
	uint32_t domid;     /* REQUEST_NO_DOMID */
	char *boot_id;
	int64_t value, cap;
	uint32_t flags;     /* enum request_flag */
	char *arg, *arg2, *body, *why;
	uint32_t *after;
	size_t nafter;
	enum step_state state;
	char *run_id;       /* NULL until its intent */
	uint32_t tries;
	char *command;      /* as a shell would take it; NULL until its intent */
	int32_t status;     /* of the command; -1: none */
	char *words;        /* the host's own */
	char *outcome;
	int64_t began_ms, ended_ms; /* 0: not yet */
};

struct ledger_job {
	char *key, *title, *operator;
	char *console;      /* whose it is now; what made it is in the key */
	bool live;          /* that console is there */
	bool adopted;
	enum job_state state;
	char *outcome;
	int64_t made_ms, ended_ms; /* 0: not over */
	struct ledger_step *steps;
	size_t nsteps;
};

/* What to read of it. */
struct ledger_filter {
	char *word;         /* a VM's or host's name; NULL: whatever */
	char *key;          /* of one job; NULL */
	int64_t since_ms;   /* made then or later; 0 */
	uint32_t limit;     /* the newest so many; 0: all that there are, up to
	                     * a thousand */
};

/* Initialised by zeroes. */
void ledger_job_free(struct ledger_job *l);
void ledger_step_free(struct ledger_step *s);

/* A job as it is now, into an empty one. */
void ledger_from_job(struct ledger_job *l, const struct job *job,
    const struct conf *conf);
/* One step of it, into an empty one. */
void ledger_from_step(struct ledger_step *l, const struct job_step *s,
    const struct conf *conf);
/* The way back; NULL when the configuration has not the host or the cluster,
 * or the record is not one of this program's: one sentence. */
struct job *ledger_to_job(const struct ledger_job *l, const struct conf *conf,
    struct err *err);

/* As bytes, and back from bytes of anybody. -1: too large, or no such. */
int ledger_pack(struct buf *out, const struct ledger_job *l);
int ledger_unpack(struct ledger_job *l, const void *data, size_t n);

#endif
