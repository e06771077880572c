#ifndef TUI_COMMAND_H
#define TUI_COMMAND_H

#include <stddef.h>
#include <stdint.h>

#include "core/model.h"
#include "tui/ui.h"
#include "tui/words.h"

/* The command line's commands, as one table. What is bound to keys can be
 * called by its name as well, without an entry here; and the name of a host or
 * VM alone goes there. */

struct app;

struct console_command {
	const char *name;
	const char *args; /* for help: "[NAME]"; "": it takes none */
	const char *help; /* one line */
	/* args: what follows the name, without blanks around it. Answers by
	 * app_say, and asks the outside through a->fx, as keys do. */
	void (*run)(struct app *a, const char *args);
	/* Offers what the n bytes at args, those before the cursor, may become
	 * from the returned byte on. NULL: nothing is completed. */
	size_t (*complete)(const struct app *a, const char *args, size_t n,
	    struct words *out);
};

extern const struct console_command command_table[];
extern const size_t command_count;

/* Carries out a line. */
void command_run(struct app *a, const char *line);

/* For the line editor; arg is the struct app. */
size_t command_complete(void *arg, const char *text, size_t at,
    struct words *out);

/* The entry that a line begins with, or NULL. */
const struct console_command *command_of(const char *line);

/* --- For commands ------------------------------------------------------------ */

/* The host, cluster or VM of that name (VMs: or UUID); upper and lower case
 * alike where nothing else fits. */
bool name_find(const struct model *m, const char *name, struct row_id *id);
/* Offers all names that begin so; VMs too, or not. */
void name_offer(const struct model *m, const char *prefix, size_t n, bool vms,
    struct words *out);
/* "; did you mean ..." */
const char *name_suggest(const struct app *a, const char *word, char *text,
    size_t size);

#endif
