#define _DEFAULT_SOURCE
#include "tests/lib/fakedom0.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/mem.h"
#include "tests/lib/fixture.h"

enum { PATIENCE_S = 20 };

/* One test at a time, and a transport has no room for a pointer of ours. */
static struct fakedom0 *present;

static int64_t
real_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* --- The directory -------------------------------------------------------- */

static void
path_of(const struct fakedom0 *d, const char *name, char out[PATH_MAX])
{
	snprintf(out, PATH_MAX, "%s/%s", d->dir, name);
}

static void
put(struct fakedom0 *d, const char *name, const char *p, size_t n)
{
	char path[PATH_MAX], new[PATH_MAX + 8];
	FILE *f;

	path_of(d, name, path);
	snprintf(new, sizeof new, "%s.new", path);
	f = fopen(new, "wb");
	if (f == NULL || fwrite(p, 1, n, f) != n || fclose(f) != 0 ||
	    rename(new, path) != 0) {
		perror(path);
		abort();
	}
}

void
fakedom0_file(struct fakedom0 *d, const char *name, const char *text)
{
	put(d, name, text, strlen(text));
}

void
fakedom0_copy(struct fakedom0 *d, const char *name, const char *fixture)
{
	char path[256];
	struct buf b;

	snprintf(path, sizeof path, "xl/%s", fixture);
	b = fixture_load(path);
	put(d, name, b.p, b.len);
	buf_free(&b);
}

void
fakedom0_remove(struct fakedom0 *d, const char *name)
{
	char path[PATH_MAX];

	path_of(d, name, path);
	unlink(path);
}

bool
fakedom0_has(const struct fakedom0 *d, const char *name)
{
	char path[PATH_MAX];

	path_of(d, name, path);
	return access(path, F_OK) == 0;
}

int
fakedom0_calls(const struct fakedom0 *d, const char *part)
{
	char path[PATH_MAX], line[1024];
	int n = 0;
	FILE *f;

	path_of(d, "calls", path);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		n += strstr(line, part) != NULL;
	if (f != NULL)
		fclose(f);
	return n;
}

int
fakedom0_pid(const struct fakedom0 *d, const char *name)
{
	char path[PATH_MAX];
	int pid = 0;
	FILE *f;

	path_of(d, name, path);
	f = fopen(path, "r");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%d", &pid) != 1)
		pid = 0;
	fclose(f);
	return pid > 0 && kill(pid, 0) == 0 ? pid : 0;
}

void
fakedom0_tool(struct fakedom0 *d, const char *tool)
{
	char name[64], to[PATH_MAX], from[PATH_MAX], cwd[PATH_MAX - 64];

	if (getcwd(cwd, sizeof cwd) == NULL)
		abort();
	snprintf(name, sizeof name, "bin/%s", tool);
	path_of(d, name, to);
	snprintf(from, sizeof from, "%s/tests/fixtures/bin/fake", cwd);
	if (symlink(from, to) != 0 && errno != EEXIST)
		abort();
}

/* Both stay until they are told to go, like the real ones. */
static const char watch_sh[] =
    "echo $$ >\"$FAKE/watch.pid\"\n"
    "echo @introduceDomain; echo @releaseDomain\n"
    "while :; do\n"
    "	if [ -e \"$FAKE/event\" ]; then\n"
    "		rm \"$FAKE/event\"; echo @introduceDomain\n"
    "	fi\n"
    "	sleep 0.05\n"
    "done\n";
static const char top_sh[] =
    "echo $$ >\"$FAKE/top.pid\"\n"
    "while :; do tail -n 7 \"$FAKE/top\"; sleep 0.3; done\n";

static const char read_sh[] =
    "shift\n"
    "for k; do\n"
    "	v=$(sed -n \"s|^$k = \\\"\\(.*\\)\\\"\\$|\\1|p\" \"$FAKE/store\")\n"
    "	[ -n \"$v\" ] || { echo \"couldn't read path $k\" >&2; exit 1; }\n"
    "	echo \"$k: $v\"\n"
    "done\n"
    "exit 0\n";
static const char ls_sh[] = "grep \"^$2/\" \"$FAKE/store\"\nexit 0\n";

/* tools/xl/xl_cpupool.c */
static const char pools[] =
    "Name               CPUs   Sched     Active   Domain count\n"
    "Pool-0               3  credit2       y          5\n"
    "my real time         1      rtds       y          1\n";
static const char pool_cpus[] =
    "Name               CPU list\n"
    "Pool-0             0,1,3\n"
    "my real time       2\n";

static void
make_directory(struct fakedom0 *d)
{
	static const char *const tools[] = { "xl", "xentop", "xenstore-watch",
		"xenstore-read", "xenstore-ls", "id" };
	char path[PATH_MAX], full[PATH_MAX * 2];

	strcpy(d->dir, "/tmp/xendeck-dom0-XXXXXX");
	if (mkdtemp(d->dir) == NULL)
		abort();
	path_of(d, "bin", path);
	if (mkdir(path, 0700) != 0)
		abort();
	for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++)
		fakedom0_tool(d, tools[i]);
	if (getenv("FAKE_PATH") == NULL)
		setenv("FAKE_PATH", getenv("PATH"), 1);
	snprintf(full, sizeof full, "%s:%s", path, getenv("FAKE_PATH"));
	setenv("PATH", full, 1);
	setenv("FAKE", d->dir, 1);
	path_of(d, "etc", path);
	if (mkdir(path, 0700) != 0)
		abort();
	fakedom0_file(d, "id", "0\n"); /* whoever runs the tests */
	fakedom0_copy(d, "xl_list_-v", "xl-list-v.out");
	fakedom0_copy(d, "xl_info", "xl-info.out");
	fakedom0_copy(d, "xl_info_-n", "xl-info-n.out");
	fakedom0_file(d, "xl_cpupool-list", pools);
	fakedom0_file(d, "xl_cpupool-list_-c", pool_cpus);
	fakedom0_copy(d, "xl_list_-l", "xl-list-l.out");
	fakedom0_copy(d, "top", "xentop.out");
	fakedom0_file(d, "xentop.sh", top_sh);
	fakedom0_file(d, "xenstore-watch.sh", watch_sh);
	fakedom0_copy(d, "store", "xenstore-ls-f-with-hvm.out");
	fakedom0_file(d, "xenstore-read.sh", read_sh);
	fakedom0_file(d, "xenstore-ls.sh", ls_sh);
}

static void
remove_directory(const struct fakedom0 *d)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf '%s'", d->dir);
	if (system(command) != 0)
		fprintf(stderr, "%s: left behind\n", d->dir);
}

/* --- The transport -------------------------------------------------------- */

static struct channel *
exec_with_limits(struct transport *t, const char *const argv[],
    const struct channel_cb *cb, void *arg)
{
	static const char refuse[] = "echo 'no more sessions' >&2; exit 255";
	static const char greet[] = "printf '%s' \"$0\"; exec \"$@\"";
	/* In a session of its own no signal of the transport's reaches it. */
	static const char detach[] = "exec 3<&0; setsid \"$@\" <&3 3<&- & "
	    "exec 3<&-; exec >/dev/null; wait";
	const char *more[32] = { "sh", "-c", refuse, NULL };
	size_t n = 4;

	present->channels++;
	if (present->max_channels != 0 &&
	    present->channels > present->max_channels)
		return transport_local.exec(t, more, cb, arg);
	if (present->greeting == NULL && !present->detached)
		return transport_local.exec(t, argv, cb, arg);
	more[2] = present->detached ? detach : greet;
	more[3] = present->detached ? "" : present->greeting;
	while (*argv != NULL && n < 31)
		more[n++] = *argv++;
	more[n] = NULL;
	return transport_local.exec(t, more, cb, arg);
}

/* sysfs is the one thing that no PATH can replace. */
static int
write_with_sysfs(struct channel *c, const char *p, size_t n)
{
	static const char real[] = "/sys/bus/xen-backend";
	struct buf b;
	int rc;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; p != NULL && i < n;) {
		if (n - i >= sizeof real - 1 &&
		    memcmp(p + i, real, sizeof real - 1) == 0) {
			buf_puts(&b, present->dir);
			buf_puts(&b, "/sys");
			i += sizeof real - 1;
		} else {
			buf_add(&b, p + i++, 1);
		}
	}
	rc = transport_local.write(c, p != NULL ? b.p : NULL, b.len);
	buf_free(&b);
	return rc;
}

static void
on_up(void *arg)
{
	((struct fakedom0 *)arg)->up = true;
}

static void
on_down(void *arg, enum link_fault fault, const char *reason)
{
	(void)arg;
	fprintf(stderr, "down: %d %s\n", (int)fault, reason);
	abort();
}

/* --- The observer --------------------------------------------------------- */

static void
on_obs(void *arg, const struct obs *o)
{
	struct fakedom0 *d = arg;

	if (d->failed)
		abort();
	obs_copy(&d->obs, o);
	d->nobs++;
}

static void
on_defs(void *arg, const struct def_file *files, size_t n, const char *note)
{
	struct fakedom0 *d = arg;

	defs_unref(d->defs);
	d->defs = defs_read(NULL, files, n, note);
	d->ndefs++;
}

static void
on_note(void *arg, const char *text)
{
	struct fakedom0 *d = arg;

	snprintf(d->note, sizeof d->note, "%s", text != NULL ? text : "");
	d->nnotes++;
}

static void
on_answer(void *arg, enum backend_ask what, const char *text, size_t n,
    const char *error)
{
	struct fakedom0 *d = arg;

	if (what != ASK_DMESG || (text != NULL) == (error != NULL))
		abort();
	snprintf(d->answer, sizeof d->answer, "%.*s",
	    text != NULL ? (int)n : 4000, text != NULL ? text : error);
	d->nanswers++;
}

static void
on_failed(void *arg, enum observer_fault fault, const char *why)
{
	struct fakedom0 *d = arg;

	if (d->failed)
		abort();
	d->failed = true;
	d->fault = fault;
	snprintf(d->why, sizeof d->why, "%s", why);
}

void
fakedom0_start(struct fakedom0 *d)
{
	static const struct transport_cb cb = { .up = on_up, .down = on_down };
	static char name[] = "gamma";

	*d = (struct fakedom0){ .speed = 2, .real_ns = real_ns(),
		.now = { 1000000000 } };
	present = d;
	make_directory(d);
	d->host = (struct conf_host){ .name = name, .sudo = TRI_AUTO,
		.definitions = x_asprintf("%s/etc", d->dir) };
	obs_init(&d->obs);
	signal(SIGPIPE, SIG_IGN); /* as the console does */
	d->ops = transport_local;
	d->ops.exec = exec_with_limits;
	d->ops.write = write_with_sysfs;
	d->t = transport_local.open(&d->host, &cb, d, d->now);
	d->t->ops = &d->ops;
}

void
fakedom0_stop(struct fakedom0 *d)
{
	fakedom0_unobserve(d);
	d->ops.close(d->t);
	obs_free(&d->obs);
	defs_unref(d->defs);
	x_free(d->host.definitions);
	remove_directory(d);
}

void
fakedom0_observe(struct fakedom0 *d, int refresh_ms)
{
	static const struct observer_cb cb = { .obs = on_obs,
		.defs = on_defs, .note = on_note,
		.failed = on_failed, .answer = on_answer };

	while (!d->up)
		fakedom0_turn(d);
	d->o = observer_shell.open(d->t, &d->host, refresh_ms, &cb, d, d->now);
}

void
fakedom0_unobserve(struct fakedom0 *d)
{
	if (d->o != NULL)
		observer_shell.free(d->o);
	d->o = NULL;
}

static void
move_clock(struct fakedom0 *d)
{
	int64_t real = real_ns();

	d->now.ns += (real - d->real_ns) * d->speed;
	d->real_ns = real;
}

void
fakedom0_turn(struct fakedom0 *d)
{
	struct pollset ps = { 0 };
	struct mono deadline;
	int64_t ms;

	move_clock(d);
	deadline = mono_add_ms(d->now, 200);
	d->ops.prepoll(d->t, &ps, d->now, &deadline);
	if (d->o != NULL)
		observer_shell.deadline(d->o, &deadline);
	ms = (deadline.ns - d->now.ns) / d->speed / 1000000 + 1;
	poll(ps.v, (nfds_t)ps.n, ms < 0 ? 0 : (int)ms);
	move_clock(d);
	d->ops.postpoll(d->t, &ps, d->now);
	if (d->o != NULL)
		observer_shell.tick(d->o, d->now);
	pollset_free(&ps);
}

bool
fakedom0_until(struct fakedom0 *d, bool (*cond)(const struct fakedom0 *d))
{
	int64_t end = real_ns() + (int64_t)PATIENCE_S * 1000000000;

	while (!cond(d)) {
		if (real_ns() > end)
			return false;
		fakedom0_turn(d);
	}
	return true;
}

const struct obs_dom *
fakedom0_dom(const struct fakedom0 *d, const char *name)
{
	for (size_t i = 0; i < d->obs.ndoms; i++)
		if (d->obs.doms[i].name != NULL &&
		    strcmp(d->obs.doms[i].name, name) == 0)
			return &d->obs.doms[i];
	return NULL;
}
