#ifndef TUI_CONSOLE_H
#define TUI_CONSOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/backend.h"
#include "core/err.h"
#include "core/model.h"
#include "core/mono.h"
#include "core/player.h"
#include "tui/loop.h"
#include "tui/vmcon.h"
#include "tui/work.h"

/* The full-screen console: owns the terminal and the signals while it runs. */

struct console_opts {
	struct model *model; /* NULL: a recording, which */
	struct player *player; /* plays; borrowed */
	/* The backends; their events reach the model without the console's
	 * help. Borrowed. */
	const struct loop *loop;
	/* What the model has been fed with, to go back in time. NULL: the keys
	 * for that say why they cannot. */
	struct tape *tape;
	const char *no_tape;
	/* Passes an operator's wish to whichever backend has the host. 0, or
	 * -1 when it cannot. NULL: nothing can be asked. */
	int (*control)(void *arg, uint32_t host, enum backend_control what,
	    struct mono now);
	/* The same for a text that is wanted; the answer is an event. */
	int (*ask)(void *arg, uint32_t host, enum backend_ask what,
	    struct mono now);
	void *control_arg;
	/* Where consoles of VMs come from; open NULL: there are none. */
	struct vmcon_source consoles;
	uint32_t vm;       /* begin with the console of that VM, and leave the */
	bool vm_alone;     /* program with it; else vm does not count */
	bool vm_log;       /* only what its host has logged of it */
	struct work *work; /* to do things with; NULL: nothing can be done, */
	const char *no_work; /* because */
	const char *title; /* of the header; NULL: the clusters' names */
	bool demo;         /* the simulator's fault keys exist */
	bool read_only;
	bool ascii;        /* even if the locale could do better */
	bool reader;       /* words for a screen reader */
	int reader_refresh_ms; /* how often with new figures; 0: never */
	const struct conf *conf; /* for its themes; or NULL */
	const char *state_path; /* where what the user changed is kept, NULL:
	                         * nowhere; */
	const char *history_path; /* likewise the command line's history */
	bool state_writes;      /* else it is only read */
	const char *theme; /* of which name; NULL: auto */
	bool no_mouse;     /* even if the configuration wants it */
};

/* Returns the exit code. The locale is the caller's to set. *e is filled when
 * the terminal cannot be used; the terminal is as it was in any case. */
int console_run(const struct console_opts *o, struct err *e);

#endif
