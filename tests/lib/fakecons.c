/* Consoles without hosts; what they say comes in the first turn, as it must: the
 * sink is called from tick alone. */
#include "tests/lib/fakecons.h"

#include <string.h>

#include "core/mem.h"

enum { LINES = 60 };

struct cons {
	struct vmconsole base; /* first */
	struct fakecons *f;
	struct vmconsole_sink sink;
	bool told;
};

static int
cons_write(struct vmconsole *c, const char *p, size_t n)
{
	(void)p;
	((struct cons *)c)->f->written += n;
	return 0;
}

static void
cons_tick(struct vmconsole *base, struct mono now, struct mono *deadline)
{
	static const char line[] = "[    0.1] something starts\r\n";
	struct cons *c = (struct cons *)base;

	(void)now;
	(void)deadline;
	if (c->told)
		return;
	c->told = true;
	c->sink.news(c->sink.arg, &(struct vmconsole_news){
	    .what = VMCONSOLE_OPENED });
	for (int i = 0; i < LINES; i++)
		c->sink.news(c->sink.arg, &(struct vmconsole_news){
		    .what = VMCONSOLE_DATA, .data = line,
		    .n = sizeof line - 1 });
	if (c->f->locked)
		c->sink.news(c->sink.arg, &(struct vmconsole_news){
		    .what = VMCONSOLE_CLOSED, .end = VMCONSOLE_LOCKED,
		    .why = "bob@desk:1 took the console." });
}

static void
cons_close(struct vmconsole *c)
{
	x_free(c);
}

static const struct vmconsole_ops ops = {
	.name = "fake",
	.write = cons_write,
	.tick = cons_tick,
	.close = cons_close,
};

static struct vmconsole *
cons_open(void *arg, const struct vmconsole_want *want,
    const struct vmconsole_sink *sink)
{
	struct cons *c = x_calloc(1, sizeof *c);

	(void)want;
	c->base.ops = &ops;
	c->f = arg;
	c->f->opened++;
	c->sink = *sink;
	return &c->base;
}

struct vmcon_source
fakecons_source(struct fakecons *f)
{
	return (struct vmcon_source){ cons_open, f, "test" };
}
