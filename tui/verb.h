#ifndef TUI_VERB_H
#define TUI_VERB_H

#include <stdbool.h>

#include "core/conf.h"
#include "core/err.h"
#include "core/query.h"

/* One verb, one file, one entry in verbs.c. A verb returns its exit code, which
 * is an enum err_kind; the last is for hosts that could not be reached. */

enum show { SHOW_NOTHING, SHOW_VERSION, SHOW_HELP };

/* The options on the command line that are no verb's. */
struct verb_ctx {
	const char *conf_path; /* -c, or NULL */
	bool demo;
	bool read_only;
	bool ascii, reader, no_mouse;
	const char *theme; /* or NULL */
	enum show show;        /* instead of doing anything */
};

struct verb {
	const char *name;
	const char *args; /* for the usage */
	const char *help; /* one line; NULL: not for people */
	int (*run)(const struct verb_ctx *ctx, int argc, char **argv);
	bool raw;   /* its arguments are passed on as they are */
	bool exact; /* what it prints is for programs, UTF-8 in any locale */
};

/* Those that act on VMs, by enum action_kind. */
extern const struct verb verb_acts[];
extern const struct verb verb_alarms;
extern const struct verb verb_carry_on;
extern const struct verb verb_check_config;
extern const struct verb verb_complete;
extern const struct verb verb_console;
extern const struct verb verb_def;
extern const struct verb verb_dmesg;
extern const struct verb verb_edit;
extern const struct verb verb_history;
extern const struct verb verb_info;
extern const struct verb verb_list;
extern const struct verb verb_preflight;
extern const struct verb verb_record;
extern const struct verb verb_replay;
extern const struct verb verb_top;
extern const struct verb verb_run;
extern const struct verb verb_trust;
extern const struct verb verb_watch;

/* All of them, ended by NULL. */
extern const struct verb *const verbs[];

const struct verb *verb_find(const char *name); /* or NULL */

/* "xendeck: list: what is wrong; try 'xendeck --help'" on stderr. Returns
 * ERR_USAGE. */
int verb_usage(const struct verb *v, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The sentence on stderr; returns its kind. */
int verb_fail(const struct err *e);

/* Reads the configuration that the context asks for into an initialised conf.
 * 0, or the exit code after having said all that is wrong. */
int verb_conf(const struct verb_ctx *ctx, struct conf *conf);

/* The same of a recording's: hosts are its own, keys, looks, filters and limits
 * those of the configuration, if there is one. */
int verb_conf_console(const struct verb_ctx *ctx, struct conf *conf);

/* How the console is to look: the command line, else NO_COLOR (no-color.org),
 * else the configuration. 0, or the exit code after saying what is wrong. */
struct console_opts;
int verb_looks(const struct verb_ctx *ctx, const struct conf *conf,
    struct console_opts *o);

/* Reads the configuration and opens a session on it. Figures come faster than on
 * the screen: a verb that waits for a rate should not wait long. acts: a read-only
 * one is refused before any host is asked. 0, or the exit code after having said
 * what is wrong: then there is no session. */
struct session;
int verb_session(const struct verb_ctx *ctx, struct session *s, bool acts);

/* Opens one, lets body work with it, and returns
 * what that returned. Figures come faster than on the screen: a verb that
 * waits for a rate should not wait long. */
struct session;
int session_verb(const struct verb_ctx *ctx, int argc, char **argv,
    int (*body)(struct session *s, int argc, char **argv));

/* Adds a word of the command line to a query's text. 0, or ERR_USAGE. */
int verb_query_word(const struct verb *v, char text[QUERY_TEXT_MAX + 1],
    const char *word);
/* Reads it; one that is not understood to its end would find too much. *q is
 * the caller's to free in any case. 0, or the exit code after saying why. */
int verb_query(const struct verb *v, const char *text,
    const struct conf *conf, struct query **q);

/* The bodies of the verbs that work on a recording as well. */
int list_session(struct session *s, int argc, char **argv);
int def_session(struct session *s, int argc, char **argv);
int info_session(struct session *s, int argc, char **argv);

#endif
