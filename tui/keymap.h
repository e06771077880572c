#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf;
struct conf_errors;

/* Which key does what, as one table: keys are looked up in it, and the help
 * and the key bar are made from it, so that none of them can lie. */

enum command {
	CMD_NONE,
	CMD_UP, CMD_DOWN, CMD_LEFT, CMD_RIGHT,
	CMD_SIDE_LEFT, CMD_SIDE_RIGHT,
	CMD_PAGE_UP, CMD_PAGE_DOWN, CMD_FIRST, CMD_LAST,
	CMD_OPEN, CMD_BACK, CMD_CLOSE, CMD_QUIT,
	CMD_FOLD, CMD_UNFOLD, CMD_FOLD_ALL, CMD_UNFOLD_ALL,
	CMD_FILTER, CMD_COMMAND, CMD_ACCEPT,
	CMD_EDIT_LEFT, CMD_EDIT_RIGHT, CMD_EDIT_HOME, CMD_EDIT_END,
	CMD_EDIT_ERASE, CMD_EDIT_DELETE, CMD_EDIT_ERASE_WORD,
	CMD_EDIT_ERASE_BEFORE, CMD_EDIT_ERASE_AFTER,
	CMD_EDIT_OLDER, CMD_EDIT_NEWER,
	CMD_EDIT_COMPLETE, CMD_EDIT_COMPLETE_BACK,
	CMD_COLUMNS, CMD_MORE_COLUMNS, CMD_COLUMNS_RESET,
	CMD_COLUMN_TOGGLE, CMD_COLUMN_LEFT, CMD_COLUMN_RIGHT,
	CMD_COLUMN_WIDER, CMD_COLUMN_NARROWER,
	CMD_DORMANT, CMD_DETAILS_PANE, CMD_EVENTS_PANE,
	CMD_ALARMS, CMD_ALARM_ACK, CMD_ALARM_ACK_ALL, CMD_ALARM_SILENCE,
	CMD_ALARM_GO,
	CMD_FILTERS, CMD_HIT_NEXT, CMD_HIT_PREV,
	CMD_MARK, CMD_MARK_INVERT, CMD_UNMARK_ALL,
	CMD_TREE, CMD_SORT_MENU, CMD_SORT_PREV, CMD_SORT_NEXT, CMD_INVERT,
	CMD_TROUBLE_NEXT, CMD_TROUBLE_PREV,
	CMD_HELP, CMD_LOG, CMD_XENLOG, CMD_RECONNECT, CMD_FAULTS,
	CMD_COPY, CMD_COPY_MENU,
	CMD_PAUSE, CMD_NOW, CMD_STEP_BACK, CMD_STEP_ON, CMD_EVENT_BACK,
	CMD_EVENT_ON, CMD_SLOWER, CMD_FASTER, CMD_GOTO,
	CMD_VMCONSOLE, CMD_VMCONSOLE_LEAVE, CMD_VMCONSOLE_BACK,
	CMD_VMCONSOLE_ON, CMD_VMCONSOLE_SIZE, CMD_VMCONSOLE_RETRY,
	CMD_VMCONSOLE_LOG,
	CMD_VM_START, CMD_VM_SHUTDOWN, CMD_VM_KILL, CMD_VM_REBOOT,
	CMD_VM_PAUSE, CMD_VM_MIGRATE, CMD_VM_ACTIONS,
	CMD_DEF, CMD_EDIT_DEF,
	CMD_ACT_YES, CMD_ACT_CHOOSE, CMD_ACT_DRY, CMD_ACT_SWEAR,
	CMD_HISTORY, CMD_JOBS, CMD_JOB_OPEN, CMD_JOB_CANCEL,
	CMD_REDRAW, CMD_SUSPEND,
	CMD_COUNT
};

/* Where keys go. */
enum context {
	CTX_HOME = 1 << 0,
	CTX_DETAIL = 1 << 1,
	CTX_LOG = 1 << 2,
	CTX_HELP = 1 << 3,
	CTX_MENU = 1 << 4,
	CTX_INPUT = 1 << 5, /* a filter is being typed */
	CTX_COMMAND = 1 << 6, /* a command is */
	CTX_OUTPUT = 1 << 7, /* what a command told */
	CTX_ALARMS = 1 << 8,
	CTX_XENLOG = 1 << 9,
	CTX_COLUMNS = 1 << 10, /* they are being chosen */
	CTX_VMCONSOLE = 1 << 11, /* keys are a VM's */
	CTX_VMCONSOLE_IDLE = 1 << 12, /* its console is not open now */
	CTX_ACT = 1 << 13,  /* an action's plan is looked at */
	CTX_ACT_LINE = 1 << 14, /* a word of an action's is typed */
	CTX_JOBS = 1 << 15,
	CTX_JOB = 1 << 16,
	CTX_END = 1 << 17,

	CTX_TEXT = CTX_DETAIL | CTX_LOG | CTX_HELP | CTX_OUTPUT | CTX_XENLOG |
	    CTX_JOB,
	CTX_LIST = CTX_ALARMS | CTX_JOBS,
	CTX_VIEW = CTX_HOME | CTX_TEXT | CTX_LIST,
	CTX_LINE = CTX_INPUT | CTX_COMMAND | CTX_ACT_LINE,
	CTX_BOX = CTX_MENU | CTX_COLUMNS | CTX_ACT,
	CTX_ANY = CTX_VIEW | CTX_BOX | CTX_LINE,
};

/* Those that people read of, in the order in which they do. */
struct keymap_context {
	enum context ctx;
	const char *title; /* "Details" */
};

extern const struct keymap_context keymap_contexts[];
extern const size_t keymap_ncontexts;

enum { BINDING_KEYS = 4, KEYMAP_NAME = 48 };

struct binding {
	uint32_t key[BINDING_KEYS]; /* 0: none; from there on */
	enum command cmd;
	unsigned contexts;
	const char *name;   /* unique; for the configuration and commands */
	const char *help;   /* what it does; NULL: not worth a line */
	const char *label;  /* in the key bar; NULL: not there */
	bool demo;          /* only with the simulator */
};

extern const struct binding keymap_defaults[];
extern const size_t keymap_ndefaults;

/* The bindings as they are now: the defaults, with other keys where the
 * configuration wants them. */
struct keymap {
	struct binding *v;
	size_t n;
};

/* conf may be NULL. What is wrong with its keys is left out. */
void keymap_init(struct keymap *m, const struct conf *conf);
void keymap_free(struct keymap *m);

/* The binding of a key there, or NULL. */
const struct binding *keymap_find(const struct keymap *m, enum context ctx,
    uint32_t key, bool demo);

/* The binding of that name, or NULL. */
const struct binding *keymap_named(const struct keymap *m, const char *name);

/* The name of the first key, for sentences: "Z"; ":name" when it has none. */
const char *keymap_first(char out[KEYMAP_NAME], const struct keymap *m,
    const char *name);

/* Says all that is wrong with the keys of a configuration. */
void keymap_check(const struct conf *conf, struct conf_errors *errs);

/* All keys of a binding: "Up k". */
void keymap_keys(char *out, size_t size, const struct binding *b);

#endif
