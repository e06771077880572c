/* The transport to this very machine: commands are run without a shell, and it
 * is up as soon as it is asked. */
#include <string.h>
#include <sys/wait.h>

#include "backends/proc.h"
#include "backends/transport.h"
#include "core/mem.h"

struct local {
	struct transport t;
	struct procs procs;
	struct transport_cb cb;
	void *arg;
	bool up;
};

static struct local *
local_of(struct transport *t)
{
	return (struct local *)(void *)t;
}

static int
verdict(const struct transport *t, int wstatus, const char *tail,
    struct err *why)
{
	(void)t;
	(void)tail;
	if (WIFEXITED(wstatus))
		return WEXITSTATUS(wstatus);
	return err_set(why, ERR_FAILED, "the command was ended by signal %d (%s)",
	    WTERMSIG(wstatus), strsignal(WTERMSIG(wstatus)));
}

static struct transport *
local_open(const struct conf_host *host, const struct transport_cb *cb,
    void *arg, struct mono now)
{
	struct local *l = x_calloc(1, sizeof *l);

	(void)host;
	(void)now;
	l->t.ops = &transport_local;
	l->procs = (struct procs){ .transport = &l->t,
		.verdict = verdict,
		.doubtful = -1 };
	l->cb = *cb;
	l->arg = arg;
	return &l->t;
}

static struct channel *
local_exec(struct transport *t, const char *const argv[],
    const struct channel_cb *cb, void *arg)
{
	return proc_exec(&local_of(t)->procs, argv, cb, arg);
}

static void
local_prepoll(struct transport *t, struct pollset *ps, struct mono now,
    struct mono *deadline)
{
	struct local *l = local_of(t);

	if (!l->up)
		mono_lower(deadline, now);
	procs_prepoll(&l->procs, ps, now, deadline);
}

static void
local_postpoll(struct transport *t, const struct pollset *ps, struct mono now)
{
	struct local *l = local_of(t);

	if (!l->up) {
		l->up = true;
		l->cb.up(l->arg);
	}
	procs_postpoll(&l->procs, ps, now);
}

static void
local_close(struct transport *t)
{
	struct local *l = local_of(t);

	procs_end(&l->procs);
	x_free(l);
}

const struct transport_ops transport_local = {
	.name = "local",
	.open = local_open,
	.exec = local_exec,
	.write = proc_write,
	.channel_close = proc_close,
	.prepoll = local_prepoll,
	.postpoll = local_postpoll,
	.close = local_close,
};
