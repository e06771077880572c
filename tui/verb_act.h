#ifndef TUI_VERB_ACT_H
#define TUI_VERB_ACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/action.h"
#include "core/jobs.h"
#include "core/plan.h"
#include "tui/session.h"

/* What the verbs that act share. */

struct verb_act_args {
	enum action_kind kind;
	char **names;       /* as typed, borrowed */
	size_t nnames;
	char text[1200];    /* the action's argument; "": none */
	const char *on, *to;  /* hosts, or NULL */
	const char *sworn;    /* or NULL */
	int64_t timeout_ms;   /* 0: as long as it takes */
	bool yes, dry_run, hard, paused;
};

/* Reads a verb's words. 0, or the exit code after having said what is wrong. */
struct verb;
int verb_act_parse(struct verb_act_args *a, const struct verb *v, enum action_kind kind,
    int argc, char **argv);

/* --- Asking (verb_act_ask.c) ------------------------------------------------------ */

/* What the plan is about: one action per VM, in the order of the plan. */
struct verb_act_plan {
	struct action *v;
	size_t n, cap;
	struct plan plan;
};

/* Shows what is lost and wants it typed: yes, in a production cluster the VM's
 * name, of several how many. 0, or the exit code after having said why not. */
int verb_act_confirm(const struct verb_act_plan *p, const struct session *s);

/* --- Looking first (verb_act_look.c) ---------------------------------------------- */

/* For actions that take VMs to another host: asks the hosts, gives the answers
 * to the actions, and to those that do not say where to the best host, told with
 * the reason. The answers belong to *asked, for the caller to close; only one
 * may be open at a time. 0, or the exit code after having said why. */
struct work;
int verb_act_look(struct work **asked, struct verb_act_plan *p,
    struct session *s);

/* --- Telling (verb_act_tell.c) ---------------------------------------------------- */

/* A job as it goes on, one line per change. */
struct verb_act_tell {
	enum step_state *told; /* per step */
	size_t n;
	int64_t progress_s;    /* when it was last shown */
	bool shown;            /* on the terminal's last line */
	const struct conf *conf;
};

void verb_act_tell_start(struct verb_act_tell *t, const struct conf *conf, size_t steps);
void verb_act_tell_end(struct verb_act_tell *t);
void verb_act_tell_turn(struct verb_act_tell *t, const struct job *job,
    struct mono now);
/* The exit code of a job that is over; says what is left to say. */
int verb_act_outcome(const struct job *job);

/* --- Seeing it through (verb_act_run.c) -------------------------------------------- */

/* What went wrong, for those who do more about it than tell. */
struct verb_act_end {
	enum request_op failed; /* REQ_NONE: nothing */
	char words[2048];       /* of the host, about that */
};

/* Carries the plan out and tells how it goes on; timeout_ms 0: as long as it
 * takes. keep: as work_open; end: initialised, or NULL. Returns the exit
 * code. */
int verb_act_carry_out(struct session *s, const struct plan *plan, bool keep,
    int64_t timeout_ms, struct verb_act_end *end);

/* Waits for one word of each host, and its definitions where they matter. Rates
 * need two; nobody acts on rates. */
void verb_act_gather(struct session *s, bool defs);

/* While somebody thinks about an answer, figures grow old: waits a moment for
 * what the hosts that are live say after that. */
void verb_act_refresh(struct session *s);

#endif
