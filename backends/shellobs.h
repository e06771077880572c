#ifndef BACKENDS_SHELLOBS_H
#define BACKENDS_SHELLOBS_H

#include "backends/observer.h"
#include "backends/shellfacts.h"
#include "backends/shellfollow.h"
#include "backends/shellrun.h"
#include "backends/xentop.h"
#include "core/arena.h"
#include "core/obs.h"

/* The agentless observer's inside, shared by shellobs*.c; everybody else uses
 * observer_shell. */

/* What is wrong without being fatal; each has at most one sentence. */
enum shell_trouble {
	TROUBLE_LIST, TROUBLE_WATCH, TROUBLE_TOP, TROUBLE_INFO,
	TROUBLE_TOPOLOGY, TROUBLE_CONFIG, TROUBLE_STORE, TROUBLE_SLOW, TROUBLE_SYSFS,
	TROUBLE_DEFS, TROUBLES,
};

/* The last complete `xl list -v`. */
struct shell_list {
	struct arena mem;
	struct obs_dom *doms;
	size_t n;
	int64_t mem_kb;  /* sum, to see memory move */
	bool valid;
	struct mono at;  /* when it was asked for */
};

/* What `stats` said with it. */
struct shell_stats {
	int64_t uptime_ns;
	int32_t load_pm;
	bool sysfs;      /* the counters are there */
};

/* `xl info`. */
struct shell_info {
	struct arena mem;
	struct obs_host h;
	bool known;
	struct mono asked;
	struct mono again;  /* memory has moved: ask then, at the latest */
	int64_t list_mem_kb; /* the list's, when it was asked */
};

/* `xl info -n` and the CPU pools: what of them is in h. */
struct shell_topology {
	struct arena mem;
	struct obs_host h;
	bool known;
	struct mono asked, due;
};

/* Everything that may take long, one after the other. */
struct shell_slow {
	struct shell *shell; /* NULL: none, or the fast one is used */
	bool shared;         /* no second shell was to be had */
	bool busy;
	int asking;          /* the id, while busy */
	bool worked;         /* it has answered once */
	struct mono retry;   /* not before */
	struct mono all_due; /* whole `xl list -l` */
	bool all_done;       /* it was tried once */
	struct facts_want want; /* what is being asked */
	bool dmesg;          /* somebody wants it */
};

/* Definitions. */
struct shell_defs {
	char sum[64];    /* what cksum said of the last ones; "": none yet */
	struct mono due;
};

struct shellobs {
	struct observer base;
	struct transport *t;
	const struct conf_host *host;
	struct observer_cb cb;
	void *arg;
	int refresh_ms;
	struct mono now;
	bool failed;

	struct shell *fast;
	bool ready;          /* hello was answered */
	bool listing;
	bool list_good;      /* the one being answered */
	bool list_again;     /* an event came */
	unsigned list_failures;
	struct mono list_due, list_asked, settle;
	struct mono list_rest; /* dom0 is left in peace till then */
	struct mono first_by;  /* the first observation waits no longer */
	char boot_id[64];
	int64_t boot_ms;     /* when dom0 booted, by its wall clock; -1 */

	struct shell_list list;
	struct shell_stats stats;
	struct shell_info info;
	struct shell_topology topology;
	struct shell_slow slow;
	struct shell_defs defs;
	struct facts *facts;

	struct follow watch, top;
	struct xentop *xentop;
	bool top_fresh;      /* rows came since the last whole block */
	bool top_garbage;
	uint64_t top_blocks;       /* xentop's count, as last seen */
	struct mono top_data;      /* when it last printed */
	struct mono top_block[2];  /* the last whole blocks, newest first */

	bool emitted;
	uint64_t seq;
	char *trouble[TROUBLES];
	char *note;          /* as last told */
};

/* shellobs.c: sets or (NULL) takes back a sentence. */
void shellobs_trouble(struct shellobs *o, enum shell_trouble which,
    const char *text);
void shellobs_fail(struct shellobs *o, enum observer_fault fault,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* "clock UPTIME WALL_S": its wall clock is asked for now and then only, and goes
 * by its uptime in between. */
void shellobs_clock(struct shellobs *o, const char *line, size_t n);
/* A list before the next refresh, for there is something new to tell. */
void shellobs_soon(struct shellobs *o);

/* shelltools.c: xenstore-watch and xentop. */
void shelltools_init(struct shellobs *o);
void shelltools_tick(struct shellobs *o);
void shelltools_deadline(const struct shellobs *o, struct mono *deadline);
void shelltools_free(struct shellobs *o);

/* shellslow.c: xl info, xl list -l and xenstore. */
void shellslow_tick(struct shellobs *o);
void shellslow_deadline(const struct shellobs *o, struct mono *deadline);
void shellslow_answer(struct shellobs *o, const struct shell_answer *a);
/* A new list was taken over. */
void shellslow_listed(struct shellobs *o, bool changed);
void shellslow_ask(struct shellobs *o, enum backend_ask what);
/* Everything that was to be asked at the start has been. */
bool shellslow_settled(const struct shellobs *o);
void shellslow_free(struct shellobs *o);

/* shelldefs.c: the command that asks for them, to be freed, and its answer. */
char *shelldefs_command(struct shellobs *o);
bool shelldefs_due(const struct shellobs *o);
void shelldefs_answer(struct shellobs *o, const struct shell_answer *a);

/* shellbuild.c: makes the observation of list, stats (its counters are the
 * text p, n) and all that is known besides, and hands it on. */
void shellbuild_emit(struct shellobs *o, const char *p, size_t n);

/* Ids of commands; those from SLOW on are shellslow.c's, and no observation
 * waits for those from LAZY on. */
enum {
	ASK_HELLO, ASK_LIST, ASK_STATS,
	ASK_SLOW, ASK_INFO = ASK_SLOW, ASK_ALL, ASK_CONFIG, ASK_STORE,
	ASK_DEFS, ASK_LAZY, ASK_TOPOLOGY = ASK_LAZY, ASK_XL_DMESG,
};

enum {
	SHELL_MIN_MS = 1000,    /* refresh is never faster */
	SHELL_POLL_MS = 1500,   /* without a watch it is never slower */
	SHELL_GAP_MS = 250,     /* between the starts of two lists */
	SHELL_SETTLE_MS = 6000, /* after a change the list comes faster */
	SHELL_FIRST_MS = 5000,  /* the first observation waits for all facts */
	SHELL_TOP_PAUSE_MS = 150, /* xentop writes a block in one go */
};

#endif
