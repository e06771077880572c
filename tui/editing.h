#ifndef TUI_EDITING_H
#define TUI_EDITING_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/defs.h"
#include "core/jobs.h"
#include "core/model.h"
#include "core/plan.h"
#include "tui/editor.h"

/* A definition in the editor, for the full screen: one at a time, kept until
 * the job that writes it has ended well. */

struct editing {
	bool open;
	struct editor editor;
	uint32_t cluster, host;
	struct uuid uuid;
	char name[OBS_NAME_MAX + 1];
	const struct defs *defs; /* of the host as they were read */
	const struct def *was;   /* among them */
	uint64_t job;            /* that writes it; 0: none */
};

/* Lets the operator edit the VM's definition, or go on with what was not taken
 * the last time; turn as editor_run. 0 and the plan that writes it; 1: there is
 * nothing to write, -1: nor can it be; both with a sentence that says so. */
int editing_run(struct editing *e, struct plan *p, const struct model *m,
    uint32_t vm, void (*turn)(void *arg), void *arg, struct err *say);

/* What has become of the job; false: nothing new. *level of the sentence. */
bool editing_turn(struct editing *e, const struct jobs *jobs,
    const struct model *m, enum err_kind *kind, char *text, size_t size);

/* A text that was not taken stays; the file's name, to be freed, or NULL. */
char *editing_close(struct editing *e);

#endif
