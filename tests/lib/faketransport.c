/* A transport whose other end is the test, for observers. */
#include "tests/lib/faketransport.h"

#include <assert.h>
#include <string.h>

static struct channel *
fake_exec(struct transport *t, const char *const argv[],
    const struct channel_cb *cb, void *arg)
{
	struct faketransport *f = (struct faketransport *)(void *)t;

	assert(!f->open);
	f->cb = *cb;
	f->arg = arg;
	f->open = true;
	f->argv[0] = '\0';
	for (size_t i = 0; argv[i] != NULL; i++) {
		if (i != 0)
			strncat(f->argv, " ",
			    sizeof f->argv - strlen(f->argv) - 1);
		strncat(f->argv, argv[i],
		    sizeof f->argv - strlen(f->argv) - 1);
	}
	return &f->channel;
}

static int
fake_write(struct channel *c, const char *p, size_t n)
{
	struct faketransport *f = (struct faketransport *)(void *)c->transport;
	size_t len = strlen(f->written);

	assert(len + n < sizeof f->written);
	memcpy(f->written + len, p, n);
	f->written[len + n] = '\0';
	return 0;
}

static void
fake_channel_close(struct channel *c)
{
	struct faketransport *f = (struct faketransport *)(void *)c->transport;

	assert(f->open);
	f->open = false;
}

static const struct transport_ops fake_ops = {
	.name = "fake",
	.exec = fake_exec,
	.write = fake_write,
	.channel_close = fake_channel_close,
};

void
faketransport_init(struct faketransport *f)
{
	*f = (struct faketransport){ .transport.ops = &fake_ops };
	f->channel.transport = &f->transport;
}

void
faketransport_out(struct faketransport *f, const char *p, size_t n)
{
	if (f->open)
		f->cb.data(f->arg, p, n);
}

void
faketransport_puts(struct faketransport *f, const char *s)
{
	faketransport_out(f, s, strlen(s));
}

void
faketransport_err(struct faketransport *f, const char *s)
{
	if (f->open)
		f->cb.err(f->arg, s, strlen(s));
}

void
faketransport_exit(struct faketransport *f, int status, const char *why)
{
	if (!f->open)
		return;
	f->open = false;
	f->cb.closed(f->arg, status, why);
}
