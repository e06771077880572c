#ifndef CORE_ARGV_H
#define CORE_ARGV_H

#include <stddef.h>
#include <stdint.h>

#include "core/command.h"

/* The words of one command while they are put together. */

enum { ARGV_MAX = 64, ARGV_SPEC_MAX = 1024 };

struct argv {
	struct command *c;
	size_t n;
	const struct conf *conf;
	const struct request *r;
	struct err *err;
};

/* Copies the word; beyond ARGV_MAX they are dropped. */
void argv_add(struct argv *w, const char *word);
void argv_add_number(struct argv *w, int64_t v, const char *unit);
void argv_add_sudo(struct argv *w); /* where that host wants it */
void argv_add_xl(struct argv *w, const char *subcommand);
void argv_add_script(struct argv *w, const char *script);
void argv_add_domid(struct argv *w);

/* What may be a word: 0, or -1 and what is wrong with it. */
int argv_bad(const struct argv *w, const char *what, const char *why);
/* Clean text of at most max bytes that is no option. */
int argv_check_text(const struct argv *w, const char *what, const char *s,
    size_t max);
int argv_check_chars(const struct argv *w, const char *what, const char *s,
    const char *chars, size_t max);
int argv_check_path(const struct argv *w, const char *what, const char *s);
int argv_check_vdev(const struct argv *w);
int argv_check_range(const struct argv *w, const char *what, int64_t v,
    int64_t min, int64_t max);

#define ARGV_DIGITS "0123456789"
#define ARGV_LOWER "abcdefghijklmnopqrstuvwxyz"
#define ARGV_UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#endif
