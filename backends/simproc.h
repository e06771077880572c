#ifndef BACKENDS_SIMPROC_H
#define BACKENDS_SIMPROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backends/siminside.h"
#include "core/buf.h"
#include "core/runner.h"
#include "core/uuid.h"

/* What runs on the simulated hosts: commands, and the records that each host
 * keeps of them until it loses power. Consoles come and go; this stays with the
 * backend. */

enum simproc_state {
	SIMPROC_NEVER, /* was not begun and will not be */
	SIMPROC_RUNS,
	SIMPROC_OVER,
};

enum { SIMPROC_SIGTERM = 15 };

struct simproc;
/* Goes on with a command: prints, acts, and either ends it or sets when it goes
 * on next. */
typedef void simproc_step(struct simworld *w, struct simproc *p);

struct simproc {
	char *id;
	const struct simprocs *all;
	uint32_t host;    /* simulated */
	int64_t boot;     /* of the host, when it began */
	struct uuid uuid; /* of the VM that it is about, or nil */
	enum simproc_state state;
	struct buf out;   /* all that it printed */
	int status;       /* when it is over */
	/* --- While it runs --- */
	char **argv;      /* ends with NULL */
	char *input;      /* or NULL */
	size_t input_len;
	simproc_step *step;
	char **args;      /* in argv: what follows the command's name */
	bool dry;         /* xl -N */
	int64_t due;      /* virtual ms; INT64_MAX: never by itself */
	bool term;        /* SIGTERM came */
	bool hangs;       /* does nothing at all */
	bool mute;        /* nobody will hear that it ended, unless he asks */
	int phase;        /* these belong to the command */
	uint32_t domid, op;
	int64_t since;
	int told;
};

struct simprocs {
	struct sim_part base;
	struct backend *b;
	struct simworld *w;
	struct simproc **v;
	size_t n, cap;
	/* Who hears of them: the console's side, while there is one. */
	void (*changed)(void *arg, struct simproc *p);
	/* When that side wants a turn, and its turn. */
	int64_t (*next)(void *arg);
	void (*run)(void *arg);
	void (*gone)(void *arg); /* the backend is freed */
	void *arg;
};

/* The backend's; made at the first call. */
struct simprocs *simprocs_of(struct backend *sim);

struct simproc *simprocs_find(const struct simprocs *s, uint32_t host,
    const char *id);
/* Begins it, on a host whose power is on; run's host and boot_id are as a
 * console says them. NULL when the guard forbids it, and why; its id is used up
 * in any case. There is none of that id yet. */
struct simproc *simprocs_begin(struct simprocs *s, uint32_t host,
    const struct run *run, char *why, size_t size);
/* Nobody may begin that any more. */
void simprocs_bar(struct simprocs *s, uint32_t host, const char *id);
void simprocs_term(struct simprocs *s, struct simproc *p);
/* Only what is over. */
void simprocs_forget(struct simprocs *s, uint32_t host, const char *id);

/* --- For commands ----------------------------------------------------------- */

void simproc_print(struct simproc *p, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void simproc_end(struct simproc *p, int status);
/* The same with words. */
void simproc_fail(struct simproc *p, int status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* It goes on there, so many ms later. */
void simproc_wait(const struct simworld *w, struct simproc *p, int phase,
    int64_t ms);

#endif
