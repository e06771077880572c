#ifndef BACKENDS_RUNSCRIPT_H
#define BACKENDS_RUNSCRIPT_H

#include "core/conf.h"
#include "core/runner.h"

/* The remote side of a run: constant text for a POSIX shell; all that varies is
 * an argument, or comes on its standard input. share/doc/run.md tells what it
 * keeps on the host and what it says. */

enum {
	RUNSCRIPT_ARGS = 18,      /* in front of what is to be run, at most */
	RUNSCRIPT_NUMBERS = 64,
};

/* Where things are on the host. Only tests have them elsewhere. */
struct runscript_places {
	const char *root_dir;  /* root's records */
	const char *user_dir;  /* others': followed by "-UID" */
	const char *boot_file; /* has the boot's id */
};
extern const struct runscript_places runscript_places;

/* Fill argv's beginning and return how many. The pointers stay good as long as
 * the arguments and numbers do. Each reads its token, a line of hexadecimal
 * digits, from its standard input first; start then reads run->input_len
 * bytes. who: a line for the others that want to do something to the VM. */
size_t runscript_start(const char *argv[RUNSCRIPT_ARGS],
    char numbers[RUNSCRIPT_NUMBERS], const struct runscript_places *at,
    enum tristate sudo, const struct run *run, const char *who);
size_t runscript_attach(const char *argv[RUNSCRIPT_ARGS],
    const struct runscript_places *at, enum tristate sudo, const char *id,
    const char *boot_id);
size_t runscript_cancel(const char *argv[RUNSCRIPT_ARGS],
    const struct runscript_places *at, enum tristate sudo, const char *id);
/* The ids follow as further arguments. */
size_t runscript_forget(const char *argv[RUNSCRIPT_ARGS],
    const struct runscript_places *at, enum tristate sudo);

#endif
