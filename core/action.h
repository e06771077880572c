#ifndef CORE_ACTION_H
#define CORE_ACTION_H

#include "core/err.h"
#include "core/model.h"
#include "core/plan.h"

/* What operators ask for, and the plan that does it. Verbs and dialogs both
 * fill a struct action; what is refused, what it would do and what is lost by
 * it are decided here once for all of them. */

enum action_kind {
	ACTION_START, ACTION_SHUTDOWN, ACTION_REBOOT, ACTION_KILL,
	ACTION_PAUSE, ACTION_UNPAUSE, ACTION_SAVE, ACTION_RESTORE,
	ACTION_RENAME, ACTION_MEMORY, ACTION_VCPUS, ACTION_PIN, ACTION_SCHED,
	ACTION_DISK_ATTACH, ACTION_DISK_DETACH, ACTION_NIC_ATTACH,
	ACTION_NIC_DETACH, ACTION_CD_INSERT, ACTION_CD_EJECT,
	ACTION_TRIGGER, ACTION_SYSRQ, ACTION_DUMP_CORE,
	ACTION_MIGRATE, /* live where that can be, else it is refused */
	ACTION_MOVE,    /* cold: shut down, start there */
	ACTION_REPAIR,  /* what a broken migration left */
	ACTION_COUNT,
};

struct probes; /* core/probe.h */

struct action {
	enum action_kind kind;
	uint32_t vm;        /* of the model */
	uint32_t host;      /* where, when it matters (start); MODEL_NONE: the
	                     * action chooses; for a VM with several copies the
	                     * one that is meant */
	uint32_t to;        /* migrate, move; MODEL_NONE: chosen */
	int64_t value, cap; /* as in struct request */
	const char *arg, *arg2; /* borrowed */
	/* migrate, move: what the hosts said when they were asked; borrowed.
	 * NULL: they were not, the plan then asks what it must know. */
	const struct probes *probes;
	bool sworn;         /* typed: it runs nowhere else */
	bool hard;          /* shutdown: destroys what does not end in time */
	bool paused;        /* start, migrate: left paused */
};

/* One row per kind: its verb, its words, how dangerous it is. */
enum action_danger {
	DANGER_NONE,     /* unpause, memory, ...: does at once, says so */
	DANGER_ASK,      /* shutdown, reboot, migrate: yes or no */
	DANGER_TYPED,    /* kill, reset: what is lost is lost; typed in production */
};

enum action_arg { ARG_NONE, ARG_TEXT, ARG_MEMORY, ARG_NUMBER, ARG_HOST,
	ARG_PATH };

struct action_info {
	const char *verb;     /* "shutdown" */
	const char *doing;    /* "shut down": "shut down web1 on alpha?" */
	const char *args;     /* for the usage, after NAME: "SIZE" */
	const char *help;     /* one line */
	enum action_danger danger;
	enum action_arg arg;  /* what a dialog has to ask for */
	const char *arg_label;
};

extern const struct action_info action_infos[ACTION_COUNT];

void action_init(struct action *a, enum action_kind kind, uint32_t vm);

/* Whether it makes sense for a VM in that state: what a menu offers. */
bool action_fits(enum action_kind kind, const struct vm *vm);

/* Takes what was typed after the VM's name, as info.args has it; the text is
 * borrowed for as long as the action. -1 and what is wrong with it. */
int action_set_arg(struct action *a, const struct model *m, const char *text,
    struct err *err);

/* Appends what does it to the plan, and gives it a title if it has none; or -1
 * with why not, and the plan is as it was: ERR_REFUSED by a safety rule,
 * ERR_UNREACHABLE, ERR_USAGE, ERR_FAILED. */
int action_plan(struct plan *p, const struct action *a, const struct model *m,
    struct err *err);

/* What is lost or interrupted by it, one sentence naming VM and host: "Shuts
 * down web1 on alpha; its users are cut off." */
void action_loss(char *out, size_t size, const struct action *a,
    const struct model *m);

#endif
