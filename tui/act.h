#ifndef TUI_ACT_H
#define TUI_ACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/action.h"
#include "core/err.h"
#include "core/migrate.h"
#include "core/plan.h"
#include "tui/canvas.h"
#include "tui/lineedit.h"

/* An action on its way from a key to a job: what it is to be done to, its
 * argument while it is typed, the plan that is agreed to. The box shows all of
 * it, and nothing happens that was not shown in it first. */

enum act_stage {
	ACT_NONE,
	ACT_TYPE,    /* its argument is typed */
	ACT_HOST,    /* the host is chosen */
	ACT_ASK,     /* y does it */
	ACT_CONFIRM, /* a word must be typed */
	ACT_REFUSED, /* nothing can be done: why */
};

struct act_target {
	uint32_t vm, host; /* host: of the row, or MODEL_NONE */
	bool planned;
};

struct act {
	enum act_stage stage;
	struct action action;       /* vm and host are each target's */
	struct act_target *v;
	size_t n;
	char arg[LINEEDIT_MAX];
	struct plan plan;           /* of all targets that it can be done to */
	size_t nplanned;            /* so many */
	char *commands;             /* what would run, as text */
	char *refusals;             /* a sentence a line; or NULL */
	char error[512];            /* what is wrong with what was typed */
	bool may_swear;             /* a typed name is all that is missing */
	char word[OBS_NAME_MAX + 1]; /* ACT_CONFIRM: that must be typed */
	int top;                    /* first line shown */
	uint32_t to;                /* ACT_HOST: the selected one */
};

struct frame;
struct ui;

/* Frees what it holds and closes the box. */
void act_close(struct act *x);

/* "Shut down web1", "Shut down 3 VMs". */
void act_title(char *out, size_t size, const struct act *x,
    const struct model *m);

/* Makes the plan anew from the model as it is; whether it can do anything. */
bool act_plan(struct act *x, const struct model *m,
    const struct probes *probes);

/* Forgets it again. */
void act_unplan(struct act *x);

/* The word that has to be typed before it is done; "": y is enough. */
void act_word(char *out, size_t size, const struct act *x,
    const struct model *m);

/* ACT_TYPE: what the argument is now, to begin with; what it may be, a
 * sentence. Empty where nothing is known. */
void act_present(char *out, size_t size, const struct act *x,
    const struct model *m);
void act_hint(char *out, size_t size, const struct act *x,
    const struct model *m);

/* ACT_HOST: where it can go, what is known of the probes' answers included. */
void act_targets(struct migrate_targets *t, const struct act *x,
    const struct model *m, const struct probes *probes);
/* Up and down among them; false: there is none. */
bool act_host_move(struct act *x, const struct model *m,
    const struct probes *probes, long by);
/* Whether the selected one can; why not. */
bool act_host_can(const struct act *x, const struct model *m,
    const struct probes *probes, char *why, size_t size);
/* As text; returns the line of the selected one. */
struct doc;
int act_host_build(struct doc *d, const struct frame *f);

void act_draw(struct canvas *c, struct rect r, const struct frame *f);
/* How many lines there are, and are seen, of what it shows there. */
int act_height(const struct frame *f, struct rect r, bool ascii, int *seen);

#endif
