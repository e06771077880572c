#ifndef TESTS_LIB_SIMRIG_H
#define TESTS_LIB_SIMRIG_H

#include "backends/simworld.h"
#include "core/backend.h"
#include "core/buf.h"
#include "core/obs.h"
#include "core/runner.h"

/* A simulator, its runner, and all that both say, for tests in virtual time. */

enum { SIMRIG_HOSTS = 8, SIMRIG_RUNS = 64 };

struct simrig_run {
	char id[RUN_ID_MAX + 1];
	struct buf news; /* "started ended 0", a word or two each */
	struct buf out;
	bool over;       /* ended, guarded, absent, gone or unheard */
	int status;
};

struct simrig {
	struct conf conf;
	struct backend *b;
	struct runner *r;
	struct simworld *w;
	struct mono now;
	struct obs obs[SIMRIG_HOSTS]; /* the last of each */
	struct simrig_run runs[SIMRIG_RUNS];
	size_t nruns;
	bool in_turn; /* where the sinks may be called */
};

void simrig_open(struct simrig *g, const char *conf); /* and 3 s pass */
void simrig_close(struct simrig *g);
void simrig_pass(struct simrig *g, int64_t ms);
/* A new console: the runner is freed and made again. */
void simrig_new_console(struct simrig *g);

/* Begins a command ("xl shutdown web") on a host about a VM of the simulator's
 * ("": none). An argument "$VM" becomes the domid of its plain domain there, as
 * it is now. Its news are kept under id. Returns what start did. */
int simrig_start(struct simrig *g, uint32_t host, const char *id,
    const char *vm, const char *command);
int simrig_attach(struct simrig *g, uint32_t host, const char *id,
    const char *boot_id);
/* Begins it and waits until it is over, for so long; "0: what it printed". */
const char *simrig_do(struct simrig *g, uint32_t host, const char *vm,
    const char *command, int64_t ms);

struct simrig_run *simrig_run(struct simrig *g, const char *id);
const char *simrig_news(struct simrig *g, const char *id);
/* The domain's, NULL: none. */
struct simdom *simrig_dom(struct simrig *g, uint32_t host, const char *name);

#endif
