/* The table of verbs, and what they share. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/action.h"
#include "core/safety.h"
#include "core/suggest.h"
#include "core/vmcommand.h"
#include "tui/colset.h"
#include "tui/keymap.h"
#include "tui/console.h"
#include "tui/session.h"
#include "tui/style.h"
#include "tui/verb.h"
#include "tui/wiring.h"

const struct verb *const verbs[] = {
	&verb_console,
	&verb_watch,
	&verb_list,
	&verb_top,
	&verb_alarms,
	&verb_info,
	&verb_def,
	&verb_edit,
	&verb_dmesg,
	&verb_acts[ACTION_START],
	&verb_acts[ACTION_SHUTDOWN],
	&verb_acts[ACTION_REBOOT],
	&verb_acts[ACTION_KILL],
	&verb_acts[ACTION_PAUSE],
	&verb_acts[ACTION_UNPAUSE],
	&verb_acts[ACTION_SAVE],
	&verb_acts[ACTION_RESTORE],
	&verb_acts[ACTION_RENAME],
	&verb_acts[ACTION_MEMORY],
	&verb_acts[ACTION_VCPUS],
	&verb_acts[ACTION_PIN],
	&verb_acts[ACTION_SCHED],
	&verb_acts[ACTION_DISK_ATTACH],
	&verb_acts[ACTION_DISK_DETACH],
	&verb_acts[ACTION_NIC_ATTACH],
	&verb_acts[ACTION_NIC_DETACH],
	&verb_acts[ACTION_CD_INSERT],
	&verb_acts[ACTION_CD_EJECT],
	&verb_acts[ACTION_TRIGGER],
	&verb_acts[ACTION_SYSRQ],
	&verb_acts[ACTION_DUMP_CORE],
	&verb_acts[ACTION_MIGRATE],
	&verb_acts[ACTION_MOVE],
	&verb_acts[ACTION_REPAIR],
	&verb_preflight,
	&verb_history,
	&verb_record,
	&verb_replay,
	&verb_check_config,
	&verb_run,
	&verb_trust,
	&verb_complete,
	&verb_carry_on,
	NULL,
};

const struct verb *
verb_find(const char *name)
{
	for (size_t i = 0; verbs[i] != NULL; i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

int
verb_usage(const struct verb *v, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "xendeck: %s: ", v->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "; usage: xendeck %s %s\n", v->name, v->args);
	return ERR_USAGE;
}

int
verb_fail(const struct err *e)
{
	fprintf(stderr, "xendeck: %s\n", e->msg);
	return (int)e->kind;
}

/* core knows of no keys and no columns. */
/* Here and not with the rest of the checks: the wall screen reads the same
 * configuration, and has nothing that makes commands. */
static void
check_commands(const struct conf *conf, struct conf_errors *errs)
{
	for (size_t i = 0; i < conf->ncommands; i++) {
		const struct conf_command *c = &conf->commands[i];
		struct vmcommand words;
		struct err err = { 0 };

		if (c->command != NULL && *c->command != '\0' &&
		    vmcommand_make(&words, c->command, NULL, &err) != 0)
			conf_errors_add(errs, c->file, c->line,
			    "command \"%s\": %s", c->name, err.msg);
	}
}

static void
check(const struct conf *conf, struct conf_errors *errs)
{
	struct colset cs;
	char why[256];

	keymap_check(conf, errs);
	check_commands(conf, errs);
	if (conf->columns != NULL &&
	    colset_parse(&cs, conf->columns, why, sizeof why) != 0)
		conf_errors_add(errs, conf->columns_file, conf->columns_line,
		    "\"columns\": %s", why);
}

static int
read_conf(const struct verb_ctx *ctx, struct conf *conf, bool optional)
{
	const struct conf_source from = {
		.path = ctx->conf_path,
		.demo = ctx->demo,
		.optional = optional,
		.check = check,
	};
	int rc = wiring_load_conf(&from, conf);

	if (rc == 0 && ctx->read_only)
		conf->read_only = true;
	return rc;
}

int
verb_conf(const struct verb_ctx *ctx, struct conf *conf)
{
	return read_conf(ctx, conf, false);
}

int
verb_conf_console(const struct verb_ctx *ctx, struct conf *conf)
{
	struct conf own;
	int rc;

	conf_init(&own);
	rc = ctx->demo ? 0 : read_conf(ctx, &own, true);
	if (rc == 0)
		conf_swap_console(conf, &own);
	conf_free(&own);
	return rc;
}

static int
no_such_theme(const struct conf *conf, const char *name)
{
	struct suggest s;
	char text[128];

	suggest_start(&s, name);
	for (size_t i = 0; i < CONF_THEMES; i++)
		suggest_offer(&s, conf_theme_names[i]);
	for (size_t i = 0; i < conf->nthemes; i++)
		suggest_offer(&s, conf->themes[i].name);
	fprintf(stderr, "xendeck: there is no theme '%s'%s\n", name,
	    suggest_text(&s, text, sizeof text));
	return ERR_USAGE;
}

int
verb_looks(const struct verb_ctx *ctx, const struct conf *conf,
    struct console_opts *o)
{
	struct theme t;

	o->conf = conf;
	o->ascii = ctx->ascii || conf->ascii;
	o->reader = ctx->reader || conf->reader;
	o->reader_refresh_ms = conf->reader_refresh_ms;
	o->theme = style_choose(ctx->theme, conf);
	return style_theme(&t, conf, o->theme, BACKGROUND_UNKNOWN, 0) == 0 ?
	    0 : no_such_theme(conf, o->theme);
}

/* Words that the shell took apart are one query. */
int
verb_query_word(const struct verb *v, char text[QUERY_TEXT_MAX + 1],
    const char *word)
{
	size_t n = strlen(text), room = QUERY_TEXT_MAX + 1 - n;

	if ((size_t)snprintf(text + n, room, "%s%s", n > 0 ? " " : "",
	    word) >= room)
		return verb_usage(v, "the filter is longer than %d bytes",
		    QUERY_TEXT_MAX);
	return 0;
}

int
verb_query(const struct verb *v, const char *text, const struct conf *conf,
    struct query **q)
{
	struct err err;
	const char *problem;

	*q = query_new(text, conf);
	problem = query_problem(*q);
	if (problem == NULL)
		problem = query_unfinished(*q);
	if (problem == NULL)
		return 0;
	err_set(&err, ERR_USAGE, "%s: the filter \"%s\": %s", v->name, text,
	    problem);
	return verb_fail(&err);
}

int
verb_session(const struct verb_ctx *ctx, struct session *s, bool acts)
{
	enum { REFRESH_MS = 500 };
	struct err err = { 0 };
	struct conf conf;
	int rc;

	conf_init(&conf);
	rc = verb_conf(ctx, &conf);
	if (rc == 0 && acts && conf.read_only &&
	    safety_writable(&conf, 0, &err) != 0)
		rc = verb_fail(&err);
	if (rc != 0) {
		conf_free(&conf);
		return rc;
	}
	if (conf.refresh_ms > REFRESH_MS)
		conf.refresh_ms = REFRESH_MS;
	session_open(s, &conf);
	return 0;
}

int
session_verb(const struct verb_ctx *ctx, int argc, char **argv,
    int (*body)(struct session *s, int argc, char **argv))
{
	struct session s;
	int rc = verb_session(ctx, &s, false);

	if (rc != 0)
		return rc;
	rc = body(&s, argc, argv);
	session_close(&s);
	return rc;
}
