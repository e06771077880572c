#include "tests/lib/drive.h"

#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct mono
drive_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (struct mono){ (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec };
}

static void
on_up(void *arg)
{
	((struct drive *)arg)->up = true;
}

static void
on_down(void *arg, enum link_fault fault, const char *reason)
{
	struct drive *d = arg;

	d->down = true;
	d->up = false;
	d->fault = fault;
	snprintf(d->reason, sizeof d->reason, "%s", reason);
}

/* How long a call took, less the time for which it could have run but other
 * programs did (the second figure of schedstat, proc(5)). */
struct meter {
	struct mono wall;
	int64_t waited_ns;
};

static struct meter
meter(void)
{
	struct meter m = { .wall = drive_now() };
	FILE *f = fopen("/proc/thread-self/schedstat", "re");

	if (f != NULL) {
		if (fscanf(f, "%*d %" SCNd64, &m.waited_ns) != 1)
			m.waited_ns = 0;
		fclose(f);
	}
	return m;
}

static void
worst(struct drive *d, struct meter m)
{
	struct meter end = meter();
	int64_t us = (end.wall.ns - m.wall.ns -
			 (end.waited_ns - m.waited_ns)) / 1000;

	if (us > d->worst_us)
		d->worst_us = us;
}

void
drive_open(struct drive *d, const struct transport_ops *ops,
    const struct conf_host *host)
{
	static const struct transport_cb cb = { .up = on_up, .down = on_down };

	signal(SIGPIPE, SIG_IGN); /* as the console does */
	*d = (struct drive){ 0 };
	d->t = ops->open(host, &cb, d, drive_now());
}

void
drive_close(struct drive *d)
{
	struct meter m = meter();

	d->t->ops->close(d->t);
	worst(d, m);
	pollset_free(&d->ps);
	d->t = NULL;
}

void
drive_turn(struct drive *d, int ms)
{
	struct mono now = drive_now(), deadline = mono_add_ms(now, ms);
	struct meter m = meter();
	int64_t wait;

	pollset_clear(&d->ps);
	if (!d->down)
		d->t->ops->prepoll(d->t, &d->ps, now, &deadline);
	worst(d, m);
	wait = (deadline.ns - now.ns + 999999) / 1000000;
	if (wait < 0)
		wait = 0;
	if (poll(d->ps.v, (nfds_t)d->ps.n, (int)wait) < 0)
		for (size_t i = 0; i < d->ps.n; i++)
			d->ps.v[i].revents = 0;
	m = meter();
	if (!d->down)
		d->t->ops->postpoll(d->t, &d->ps,
		    mono_add_ms(m.wall, d->ahead_ms));
	worst(d, m);
	d->turns++;
}

static int
left(struct mono deadline)
{
	int64_t ns = deadline.ns - drive_now().ns;

	return ns <= 0 ? -1 : ns > 100000000 ? 100 : (int)(ns / 1000000 + 1);
}

bool
drive_connect(struct drive *d, int ms)
{
	struct mono deadline = mono_add_ms(drive_now(), ms);

	while (!d->up && !d->down && left(deadline) >= 0)
		drive_turn(d, left(deadline));
	return d->up;
}

bool
drive_until_down(struct drive *d, int ms)
{
	struct mono deadline = mono_add_ms(drive_now(), ms);

	while (!d->down && left(deadline) >= 0)
		drive_turn(d, left(deadline));
	return d->down;
}

void
drive_for(struct drive *d, int ms)
{
	struct mono deadline = mono_add_ms(drive_now(), ms);

	while (left(deadline) >= 0)
		drive_turn(d, left(deadline));
}

uint64_t
drive_fnv(uint64_t sum, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sum = (sum ^ (unsigned char)p[i]) * UINT64_C(1099511628211);
	return sum;
}

static void
on_data(void *arg, const char *p, size_t n)
{
	struct drive_cmd *cmd = arg;

	cmd->bytes += n;
	cmd->sum = drive_fnv(cmd->sum, p, n);
	if (cmd->keep)
		buf_add(&cmd->out, p, n);
}

static void
on_err(void *arg, const char *p, size_t n)
{
	buf_add(&((struct drive_cmd *)arg)->err, p, n);
}

static void
on_closed(void *arg, int status, const char *why)
{
	struct drive_cmd *cmd = arg;

	cmd->closed = true;
	cmd->status = status;
	snprintf(cmd->why, sizeof cmd->why, "%s", why != NULL ? why : "");
	cmd->c = NULL;
}

void
drive_exec(struct drive *d, struct drive_cmd *cmd, const char *const argv[])
{
	static const struct channel_cb cb = { .data = on_data,
		.err = on_err,
		.closed = on_closed };

	*cmd = (struct drive_cmd){ .d = d, .keep = true,
		.sum = DRIVE_FNV_INIT };
	buf_init(&cmd->out, 4 * 1024 * 1024);
	buf_init(&cmd->err, 64 * 1024);
	buf_puts(&cmd->out, "");
	buf_puts(&cmd->err, "");
	cmd->c = d->t->ops->exec(d->t, argv, &cb, cmd);
}

void
drive_sh(struct drive *d, struct drive_cmd *cmd, const char *script)
{
	const char *argv[] = { "sh", "-c", script, NULL };

	drive_exec(d, cmd, argv);
}

int
drive_put(struct drive_cmd *cmd, const char *text)
{
	return cmd->d->t->ops->write(cmd->c, text,
	    text != NULL ? strlen(text) : 0);
}

bool
drive_wait(struct drive_cmd *cmd, int ms)
{
	struct mono deadline = mono_add_ms(drive_now(), ms);

	while (!cmd->closed && !cmd->d->down && left(deadline) >= 0)
		drive_turn(cmd->d, left(deadline));
	return cmd->closed;
}

bool
drive_wait_bytes(struct drive_cmd *cmd, uint64_t n, int ms)
{
	struct mono deadline = mono_add_ms(drive_now(), ms);

	while (cmd->bytes < n && !cmd->closed && !cmd->d->down &&
	    left(deadline) >= 0)
		drive_turn(cmd->d, left(deadline));
	return cmd->bytes >= n;
}

void
drive_cmd_free(struct drive_cmd *cmd)
{
	buf_free(&cmd->out);
	buf_free(&cmd->err);
}

int
drive_count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir != NULL && readdir(dir) != NULL)
		n++;
	if (dir != NULL)
		closedir(dir);
	return n;
}
