#ifndef CORE_MIGRATE_H
#define CORE_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/action.h"
#include "core/probe.h"

/* Where a VM can go, why it cannot go elsewhere, and the plans that bring it
 * there: live, cold, or out of what a broken migration left. */

enum migrate_weight {
	MIGRATE_BLOCKS,   /* it cannot go there */
	MIGRATE_UNASKED,  /* not known yet: the host can be asked */
	MIGRATE_MENDED,   /* a step of the plan takes care of it */
	MIGRATE_WARNS,    /* it can go, and something will not be as it was */
};

struct migrate_reason {
	enum migrate_weight weight;
	const char *code; /* "memory": constant, for scripts */
	char *text;       /* one sentence */
};

struct migrate_target {
	uint32_t host;
	bool can;         /* nothing blocks */
	bool sure;        /* and nothing is unasked */
	struct migrate_reason *v; /* the weightiest first */
	size_t n, cap;
	int64_t score;    /* higher is better; only of those that can */
	char *merit;      /* why it is a good one: "its home; 12 GiB stay free" */
};

struct migrate_targets {
	/* What is in the way wherever it goes: "paused", "pv-live", ... */
	struct migrate_target here; /* host: where it is */
	struct migrate_target *v; /* all other hosts of its cluster, best first */
	size_t n;
};

/* a->kind says whether live (ACTION_MIGRATE) or cold (ACTION_MOVE). */
void migrate_targets(struct migrate_targets *t, const struct action *a,
    const struct model *m);
void migrate_targets_free(struct migrate_targets *t);

/* The lines that want to be asked of that host before it is known whether the
 * VM can go to `to`: none when out stays empty. */
int migrate_questions(struct buf *out, const struct action *a, uint32_t to,
    uint32_t host, const struct model *m, struct err *err);

/* As people read it: one paragraph per host, or only that of a->to. */
int migrate_text(struct buf *out, const struct migrate_targets *t,
    const struct action *a, const struct model *m);

/* As action_plan, for ACTION_MIGRATE, ACTION_MOVE and ACTION_REPAIR. */
int migrate_plan(struct plan *p, const struct action *a, const struct model *m,
    struct err *err);

/* What xl's words of a failed migration mean, with the fix: one sentence; false
 * when they are nothing special. */
bool migrate_explain(char *out, size_t size, const char *words,
    const char *from, const char *address);

#endif
