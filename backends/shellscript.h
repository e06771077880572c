#ifndef BACKENDS_SHELLSCRIPT_H
#define BACKENDS_SHELLSCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/conf.h"

/* Everything that shellobs runs on a dom0, as text: POSIX sh, and of other
 * tools only those that Xen itself, Linux and coreutils or busybox bring. */

enum {
	SCRIPT_TOKEN = 33,     /* 32 hexadecimal digits and the NUL */
	SCRIPT_ARGS = 8,
	SCRIPT_NEVER = 77,     /* status of a script that will not run at all */
};

enum script_kind {
	SCRIPT_SHELL, /* reads commands from its standard input */
	SCRIPT_WATCH, /* a line for each domain that comes or goes */
	SCRIPT_TOP,   /* xentop, every so many seconds */
};

/* Fills argv, whose pointers stay good as long as number does. sudo: use it
 * where the login user is not root. seconds is for SCRIPT_TOP. */
void script_argv(const char *argv[SCRIPT_ARGS], enum script_kind kind,
    enum tristate sudo, int seconds, char number[16]);

/* What a SCRIPT_SHELL wants to read first. It defines the functions below, and
 * `run COMMAND...`, which answers
 *     TOKEN<  (newline)  what the command printed
 *     TOKEN>STATUS  (newline)  the start of what it said on stderr
 *     TOKEN.
 * and after limit_s ends a command with status 124 or 137.
 * The token must not be known to whoever can make a command print things.
 *
 *   x TOOL ARGS...        one of Xen's tools, with sudo and a time limit
 *   hello                 "clock UPTIME WALL_S", "boot_id UUID"
 *   info                  "clock UPTIME WALL_S", then xl info
 *   topology              xl info -n, xl cpupool-list, xl cpupool-list -c
 *   stats                 "UPTIME LOAD1", then "sysfs" and device counters
 *   store N UUID          what xenstore knows of a domain
 *   attrs N...            what these guests wrote about themselves */
int script_prelude(struct buf *out, const char *token, int limit_s);

#endif
