/* A plan as an operator reads it before it is carried out: numbered where steps
 * wait for each other, each line the command that would run and where. */
#include "core/command.h"
#include "core/plan.h"

static const char *
host_name(const struct conf *conf, uint32_t host)
{
	return host < conf->nhosts ? conf->hosts[host].name : "?";
}

static int
put_command(struct buf *out, const struct conf *conf, const struct request *r)
{
	struct command c = { .argv = NULL };
	struct err err;
	int rc;

	if (command_build(&c, conf, r, &err) != 0)
		return buf_printf(out, "(%s)", err.msg);
	rc = command_text(out, &c);
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
