#ifndef CORE_RUNNER_H
#define CORE_RUNNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mono.h"
#include "core/uuid.h"

/* The second waist: carries argv to hosts and brings back what became of it,
 * and knows nothing else. A runner is made beside the backends that observe
 * (backends/runremote.c on their links, backends/simrun.c on the simulator) and
 * never linked into what only watches.
 *
 * A run has an id that never comes again. The host keeps a record under it
 * before the command starts, and the command runs apart from the connection: a
 * link that breaks, or a console that dies, takes nothing with it, and whoever
 * knows the id can ask later. The same id is never run twice on a host. */

enum { RUN_ID_MAX = 64, RUN_OUTPUT_MAX = 64 * 1024 };

struct run {
	const char *id;          /* [a-z0-9-]{1,RUN_ID_MAX} */
	uint32_t host;           /* index in conf->hosts */
	const char *const *argv; /* ends with NULL */
	const char *input;       /* or NULL */
	size_t input_len;
	/* Checked there, right before: else the run ends as RUN_GUARDED. */
	uint32_t domid;          /* has that UUID; REQUEST_NO_DOMID: no domain */
	struct uuid uuid;        /* of the VM; nil: of none. No two runs about
	                          * the same VM at once on one host. */
	const char *boot_id;     /* NULL: any */
};

enum run_what {
	RUN_STARTED, /* the host has its record; from now on it may have acted */
	RUN_OUTPUT,  /* text: some of what it printed on either stream, raw */
	RUN_ENDED,   /* status: as waitpid's, by the shell's rule 128 + signal */
	RUN_GUARDED, /* why: nothing was run, nothing will be */
	RUN_ABSENT,  /* to attach: the host has no such record and has not been
	              * rebooted since boot_id: it never began */
	RUN_GONE,    /* to attach: no record, but it was rebooted since: nobody
	              * knows any more, but no command of that time still runs */
	RUN_UNHEARD, /* why: the link broke. What becomes of it is not known
	              * until it is attached again. */
};

struct run_news {
	enum run_what what;
	const char *id;   /* borrowed, all of it */
	uint32_t host;
	int status;       /* RUN_ENDED */
	/* What the host's own clock said, ns since it was booted, as obs.t_ns:
	 * when the command had ended (ENDED), or when it was asked about
	 * (ABSENT, GONE). 0: unknown. */
	int64_t up_ns;
	const char *text; /* RUN_OUTPUT */
	size_t n;
	const char *why;  /* one sentence, or NULL */
};

struct run_sink {
	void (*news)(void *arg, const struct run_news *n);
	void *arg;
};

struct runner;

struct runner_ops {
	const char *name; /* "remote", "sim" */
	/* 0: accepted, news will come: STARTED or GUARDED, or UNHEARD, after
	 * which it may have run. -1: that host is not connected, or not of
	 * this runner; nothing has happened there. */
	int (*start)(struct runner *r, const struct run *run, struct mono now);
	/* Wants all that is known of a run, from its first byte of output:
	 * STARTED, OUTPUT and ENDED, or ABSENT or GONE. -1: not now. */
	int (*attach)(struct runner *r, uint32_t host, const char *id,
	    const char *boot_id, struct mono now);
	/* Asks the command to end (SIGTERM to its process group); that it has
	 * is told by ENDED. -1: not now. */
	int (*cancel)(struct runner *r, uint32_t host, const char *id);
	/* Its outcome is in the journal: the host's record is not needed any
	 * more. Silently nothing when the host cannot be reached. */
	void (*forget)(struct runner *r, uint32_t host, const char *id);
	/* Called every turn after the backends' postpoll; lowers *deadline to
	 * when it wants to be called at the latest. The sink is called from
	 * here and from the backends' postpoll, never from start or attach. */
	void (*tick)(struct runner *r, struct mono now, struct mono *deadline);
	void (*free)(struct runner *r); /* leaves what runs running */
};

struct runner {
	const struct runner_ops *ops;
};

const char *run_what_name(enum run_what w);

/* Several runners as one: whichever has the host is asked. As runner_ops. */
enum { RUNNERS_MAX = 2 };
struct runners {
	struct runner *v[RUNNERS_MAX];
	size_t n;
};

int runners_start(const struct runners *rs, const struct run *run,
    struct mono now);
int runners_attach(const struct runners *rs, const struct run *run,
    struct mono now); /* its id, host and boot_id */
int runners_cancel(const struct runners *rs, const struct run *run);
void runners_forget(const struct runners *rs, const struct run *run);
void runners_tick(const struct runners *rs, struct mono now,
    struct mono *deadline);
void runners_free(struct runners *rs);

#endif
