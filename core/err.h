#ifndef CORE_ERR_H
#define CORE_ERR_H

#include <stdarg.h>

/* The kinds are the exit codes of every verb, so that a script can tell a
 * refusal from a failure. */
enum err_kind {
	ERR_NONE = 0,
	ERR_FAILED = 1,
	ERR_USAGE = 2,
	ERR_CONF = 3,
	ERR_REFUSED = 4,     /* by a safety rule */
	ERR_UNREACHABLE = 5, /* some host did not answer */
	ERR_ALARM = 6,       /* of the verb alarms: something is wrong */
	ERR_UNKNOWN = 7,     /* it may have been done: nobody can tell */
};

struct err {
	enum err_kind kind;
	char msg[512]; /* one sentence: what, where, why, what to do */
};

/* Fills *e and returns -1, so that a caller can `return err_set(...)`. A NULL
 * e is fine: the caller did not want to know. Longer texts are cut. */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "text: " in front of what *e says already; returns -1. */
int err_prefix(struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
