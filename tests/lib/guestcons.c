#include "tests/lib/guestcons.h"

#include <stdlib.h>

#include "core/mem.h"

static int
write_bytes(struct vmconsole *c, const char *p, size_t n)
{
	struct guestcons *f = (struct guestcons *)(void *)c;

	return f->deaf ? -1 : buf_add(&f->typed, p, n);
}

static void
tick(struct vmconsole *c, struct mono now, struct mono *deadline)
{
	(void)c;
	(void)now;
	(void)deadline;
}

static void
close_it(struct vmconsole *c)
{
	struct guestcons *f = (struct guestcons *)(void *)c;

	if (!f->there)
		abort();
	f->there = false;
}

static const struct vmconsole_ops ops = {
	.name = "fake",
	.write = write_bytes,
	.tick = tick,
	.close = close_it,
};

static struct vmconsole *
open_it(void *arg, const struct vmconsole_want *want,
    const struct vmconsole_sink *sink)
{
	struct guestcons *f = arg;

	if (f->there)
		abort();
	f->want = *want;
	f->sink = *sink;
	f->opened++;
	if (f->absent)
		return NULL;
	f->there = true;
	return &f->base;
}

void
guestcons_join(struct guestcons *f, struct scene *s)
{
	*f = (struct guestcons){ .base.ops = &ops };
	buf_init(&f->typed, 1 << 20);
	buf_puts(&f->typed, "");
	s->app.vmcon.source = (struct vmcon_source){ open_it, f,
		"ann@desk:1" };
}

void
guestcons_free(struct guestcons *f)
{
	buf_free(&f->typed);
}

void
guestcons_open(struct guestcons *f)
{
	f->sink.news(f->sink.arg, &(struct vmconsole_news){
		.what = VMCONSOLE_OPENED });
}

void
guestcons_say(struct guestcons *f, const char *p, size_t n)
{
	f->sink.news(f->sink.arg, &(struct vmconsole_news){
		.what = VMCONSOLE_DATA, .data = p, .n = n });
}

void
guestcons_end(struct guestcons *f, enum vmconsole_end end, const char *why)
{
	f->sink.news(f->sink.arg, &(struct vmconsole_news){
		.what = VMCONSOLE_CLOSED, .end = end, .why = why });
}

void
guestcons_turn(struct scene *s)
{
	struct mono deadline = MONO_NEVER;

	vmcon_turn(&s->app.vmcon, s->model, s->now, &deadline);
	app_vmconsole_follow(&s->app);
}
