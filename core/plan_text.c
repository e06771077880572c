/* A plan as an operator reads it before it is carried out: numbered where steps
 * wait for each other, each line the command that would run and where. */
#include "core/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/command.h"
#include "core/mem.h"
#include "core/quote.h"

static const char *
host_name(const struct conf *conf, uint32_t host)
{
	return host < conf->nhosts ? conf->hosts[host].name : "?";
}

/* Where argv has the text of a script, sh -c TEXT NAME ...; 0: nowhere. */
static size_t
script_at(char *const argv[])
{
	for (size_t i = 0; argv[i] != NULL; i++)
		if (strcmp(argv[i], "sh") == 0 && argv[i + 1] != NULL &&
		    strcmp(argv[i + 1], "-c") == 0 && argv[i + 2] != NULL &&
		    argv[i + 3] != NULL)
			return i + 2;
	return 0;
}

/* Scripts of many lines go by their names. */
static int
put_argv(struct buf *out, const struct command *c)
{
	size_t at = script_at(c->argv), n = 0;
	const char *front[8];

	if (at == 0 || at >= sizeof front / sizeof front[0])
		return command_text(out, c);
	for (; n < at; n++)
		front[n] = c->argv[n];
	front[n] = NULL;
	if (quote_argv(out, front) != 0 || buf_puts(out, " {script} ") != 0)
		return -1;
	return quote_argv(out, (const char *const *)c->argv + at + 1);
}

/* Goes for the number of a domain that earlier steps make. */
static const uint32_t stand_in = REQUEST_LATER_DOMID - 1;

static void
name_domid(struct command *c)
{
	char number[16];

	snprintf(number, sizeof number, "%" PRIu32, stand_in);
	for (size_t i = 0; c->argv[i] != NULL; i++)
		if (strcmp(c->argv[i], number) == 0)
			x_replace(&c->argv[i], "DOMID");
}

static int
put_command(struct buf *out, const struct conf *conf, const struct request *r)
{
	struct command c = { .argv = NULL };
	struct request shown = *r;
	struct err err;
	int rc;

	if (r->domid == REQUEST_LATER_DOMID)
		shown.domid = stand_in;
	if (command_build(&c, conf, &shown, &err) != 0)
		return buf_printf(out, "(%s)", err.msg);
	name_domid(&c);
	rc = put_argv(out, &c);
	command_free(&c);
	return rc;
}

int
step_text(struct buf *out, const struct step *s, const struct conf *conf)
{
	if (buf_printf(out, "%s: ", host_name(conf, s->req.host)) != 0)
		return -1;
	return put_command(out, conf, &s->req);
}

static int
put_after(struct buf *out, const struct step *s)
{
	for (size_t i = 0; i < s->nafter; i++)
		if (buf_printf(out, "%s%u", i == 0 ? "  # after " : ", ",
		    (unsigned)s->after[i] + 1) != 0)
			return -1;
	if (s->why == NULL)
		return 0;
	return buf_printf(out, "%s%s", s->nafter != 0 ? "; " : "  # ", s->why);
}

static int
put_step(struct buf *out, const struct plan *p, size_t i,
    const struct conf *conf)
{
	const struct step *s = &p->steps[i];

	if (p->n > 1 && buf_printf(out, "%zu ", i + 1) != 0)
		return -1;
	if (step_text(out, s, conf) != 0 || put_after(out, s) != 0)
		return -1;
	return buf_puts(out, "\n");
}

int
plan_text(struct buf *out, const struct plan *p, const struct conf *conf)
{
	for (size_t i = 0; i < p->n; i++)
		if (put_step(out, p, i, conf) != 0)
			return -1;
	return 0;
}

/* --- Scripts ---------------------------------------------------------------------- */

static int
put_script(struct buf *out, const struct command *c, struct buf *seen)
{
	size_t at = script_at(c->argv);
	char mark[80];

	if (at == 0)
		return 0;
	snprintf(mark, sizeof mark, "\n%.70s\n", c->argv[at + 1]);
	if (seen->p != NULL && strstr(seen->p, mark) != NULL)
		return 0;
	if (buf_puts(seen, mark) != 0)
		return -1;
	return buf_printf(out, "\nThe script of %s:\n%s\n", c->argv[at + 1],
	    c->argv[at]);
}

int
plan_scripts(struct buf *out, const struct plan *p, const struct conf *conf)
{
	struct buf seen;
	int rc = 0;

	buf_init(&seen, 1 << 16);
	for (size_t i = 0; i < p->n && rc == 0; i++) {
		struct command c = { .argv = NULL };

		if (command_build(&c, conf, &p->steps[i].req, NULL) != 0)
			continue;
		rc = put_script(out, &c, &seen);
		command_free(&c);
	}
	buf_free(&seen);
	return rc;
}
