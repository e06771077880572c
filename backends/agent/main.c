/* xendeck-agent: says on its standard output, as JSON Lines, what happens on
 * the dom0 that it runs on, until nobody listens any more. It only observes: no
 * function that changes anything is called here or below, nothing is executed.
 * Of its standard input it takes words that ask for a text (ask.c).
 *
 * Everything that asks Xen may block for ever when xenstored hangs. A watchdog
 * ends the process then: its handler writes a line that was made beforehand,
 * which is safe because a question is asked only while no other line is half
 * written. Signals that ask to end do so at once, also in mid-question; there is
 * nothing to tidy up. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/agent/ask.h"
#include "backends/agent/clock.h"
#include "backends/agent/collect.h"
#include "backends/agent/deffiles.h"
#include "backends/agent/dom0.h"
#include "backends/agent/out.h"
#include "backends/agent/watch.h"
#include "backends/agent/xl.h"
#include "backends/wire.h"
#include "core/answer.h"
#include "core/mem.h"

enum {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2,
	STATUS_DENIED = 3,   /* no dom0, or no right to ask it */
	STATUS_MISMATCH = 4, /* built for another Xen */
};

enum {
	INTERVAL_MS = 1000, INTERVAL_MIN = 200, INTERVAL_MAX = 3600000,
	BURST_MS = 100,     /* what happens within is told in one frame */
	HUNG_S = 10,        /* Xen gets so long for an answer */
	LAST_WORDS_MS = 1000,
	DIRS_MAX = 4096,
};

static const char help[] =
    "usage: xendeck-agent [--once] [--interval MS] [--definitions DIR]...\n"
    "                     [--no-passwords]\n"
    "Writes what happens on this Xen host to standard output, as JSON Lines.\n"
    "  --once         one observation, then end\n"
    "  --interval MS  how often figures are written (default 1000, at least\n"
    "                 200); domains that come or go are told at once\n"
    "  --definitions DIR  where the VMs' files are, *.cfg; may be given again\n"
    "                 (default /etc/xen)\n"
    "  --no-passwords blank out VNC's and SPICE's in them\n"
    "  --version      of the agent, and of the Xen it was built for\n"
    "Exit status: 0 nobody listens any more, 1 Xen fails, 2 usage, 3 not root\n"
    "or not dom0, 4 built for another Xen.\n";

struct agent {
	bool once;
	int interval_ms;
	struct out out;
	struct wire_encoder *encoder;
	struct collect *collect; /* NULL until first needed */
	struct watch *watch;
	struct buf dirs;         /* of definitions, blanks between them */
	bool no_passwords;
	struct deffiles *defs;
	bool stdin_counts;       /* its end is ours */
	struct ask ask;
	unsigned news;           /* enum watch_news, since the last frame */
	struct mono due;         /* the next regular frame */
	struct mono event_due;   /* the next extra one, or never */
};

/* --- Signals -------------------------------------------------------------- */

/* For the watchdog's handler, which can make nothing itself. */
static struct {
	char line[512];
	size_t len;
} hung;

static void
on_hung(int sig)
{
	ssize_t n = write(STDOUT_FILENO, hung.line, hung.len);

	(void)sig, (void)n;
	_exit(STATUS_FAILED);
}

static void
on_end(int sig)
{
	(void)sig;
	_exit(STATUS_OK);
}

static void
catch(int sig, void (*handler)(int))
{
	struct sigaction sa = { .sa_handler = handler };

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
}

static void
set_signals(void)
{
	struct buf line;

	buf_init(&line, sizeof hung.line);
	wire_put_bye(&line, "Xen did not answer within 10 s: is xenstored "
	    "stuck? Try `xenstore-ls /tool` and `xl list` on that host");
	memcpy(hung.line, line.p, line.len);
	hung.len = line.len;
	buf_free(&line);
	catch(SIGALRM, on_hung);
	catch(SIGTERM, on_end);
	catch(SIGINT, on_end);
	catch(SIGHUP, on_end);
	catch(SIGPIPE, SIG_IGN);
}

/* --- Beginning ------------------------------------------------------------ */

static int
last_words(struct agent *a, int status, const char *why)
{
	wire_put_bye(&a->out.buf, why);
	out_drain(&a->out, LAST_WORDS_MS);
	return status;
}

static void
say_hello(struct agent *a, const char *found)
{
	struct wire_hello h = {
		.version = WIRE_VERSION,
		.interval_ms = a->interval_ms,
	};

	snprintf(h.agent, sizeof h.agent, "%s", XENDECK_VERSION);
	snprintf(h.xen_built, sizeof h.xen_built, "%s", xl_built_for());
	snprintf(h.xen_found, sizeof h.xen_found, "%s", found);
	wire_put_hello(&a->out.buf, &h);
}

/* Refuses a machine where the Xen libraries cannot work. */
static int
check_machine(struct agent *a, const char *found)
{
	char why[256];

	switch (dom0_kind("")) {
	case DOM0_YES:
		break;
	case DOM0_NO_XEN:
		return last_words(a, STATUS_DENIED,
		    "this machine does not run under Xen");
	case DOM0_GUEST:
		return last_words(a, STATUS_DENIED,
		    "this is a guest: the agent belongs into dom0");
	case DOM0_NO_RIGHTS:
		return last_words(a, STATUS_DENIED, "only root may ask Xen: "
		    "run the agent as root or through sudo");
	case DOM0_NO_DEVICE:
		return last_words(a, STATUS_DENIED, "there is no "
		    "/dev/xen/privcmd: is the module xen-privcmd loaded?");
	}
	if (found[0] == '\0' || strcmp(found, xl_built_for()) == 0)
		return STATUS_OK;
	snprintf(why, sizeof why, "the agent was built for Xen %s, this host "
	    "runs Xen %s: install the agent built for it", xl_built_for(),
	    found);
	return last_words(a, STATUS_MISMATCH, why);
}

static void
close_inherited(void)
{
	long max = sysconf(_SC_OPEN_MAX);

	if (max < 0 || max > 4096)
		max = 4096;
	for (int fd = STDERR_FILENO + 1; fd < max; fd++)
		close(fd);
}

/* Standard input says when the SSH channel or the console is gone. What comes
 * from /dev/null or a terminal says nothing of that kind. */
static bool
is_channel(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 &&
	    (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

/* --- Frames --------------------------------------------------------------- */

static int
open_sources(struct agent *a, struct err *err)
{
	/* First: what happens from here on will be noticed. */
	if (!a->once && (a->watch = watch_open(err)) == NULL)
		return -1;
	a->collect = collect_open(err);
	return a->collect != NULL ? 0 : -1;
}

static int
add_frame(struct agent *a, struct err *err)
{
	const struct obs *o;

	if (a->collect == NULL && open_sources(a, err) != 0)
		return -1;
	o = collect_run(a->collect, a->news, err);
	if (o == NULL)
		return -1;
	a->news = 0;
	if (a->watch != NULL)
		watch_names(a->watch, o);
	if (wire_put_obs(&a->out.buf, a->encoder, o) == 0)
		return 0;
	wire_encoder_restart(a->encoder);
	wire_put_note(&a->out.buf, NOTE_WARNING,
	    "too many domains for one frame: it was left out");
	return 0;
}

static void
add_answer(struct agent *a, enum backend_ask what)
{
	struct event_answer answer = { .what = what };
	struct err err = { .msg = "" };
	struct buf raw, clean;

	buf_init(&raw, 2 * ANSWER_MAX);
	buf_init(&clean, 2 * ANSWER_MAX);
	if (collect_ask(a->collect, what, &raw, &err) == 0) {
		answer_clean(&clean, raw.p, raw.len);
		answer.text = clean.len != 0 ? clean.p : "";
	} else {
		answer.error = err.msg;
	}
	wire_put_answer(&a->out.buf, &answer);
	buf_free(&raw);
	buf_free(&clean);
}

static void
schedule(struct agent *a, struct mono now)
{
	/* Frames that were missed are not made up for, and a regular one right
	 * after an extra one would say nothing. */
	if (mono_reached(a->due, now))
		a->due = mono_add_ms(a->due, a->interval_ms);
	if (mono_diff_ms(a->due, now) < INTERVAL_MIN / 2)
		a->due = mono_add_ms(now, a->interval_ms);
	a->event_due = MONO_NEVER;
}

/* STATUS_OK, or with what to end. */
static int
tick(struct agent *a)
{
	struct mono now = clock_now();
	struct err err = { 0 };
	enum backend_ask what;
	int rc;

	if (!out_idle(&a->out))
		return STATUS_OK;
	if (a->collect != NULL && ask_next(&a->ask, now, &what)) {
		alarm(HUNG_S);
		add_answer(a, what);
		alarm(0);
		return STATUS_OK; /* the frame is for the next turn */
	}
	if (a->collect != NULL && mono_reached(deffiles_due(a->defs), now) &&
	    deffiles_look(a->defs, &a->out.buf, now))
		return STATUS_OK;
	if (!mono_reached(a->due, now) && !mono_reached(a->event_due, now))
		return STATUS_OK;
	alarm(HUNG_S);
	rc = add_frame(a, &err);
	alarm(0);
	schedule(a, now);
	if (rc == 0 && a->once)
		deffiles_look(a->defs, &a->out.buf, now);
	return rc == 0 ? STATUS_OK : last_words(a, STATUS_FAILED, err.msg);
}

/* --- Loop ----------------------------------------------------------------- */

static int
timeout_ms(const struct agent *a)
{
	struct mono next = a->due;
	int64_t ns;

	if (!out_idle(&a->out))
		return -1; /* the reader's turn */
	mono_lower(&next, a->event_due);
	mono_lower(&next, deffiles_due(a->defs));
	ask_deadline(&a->ask, &next);
	ask_listens(&a->ask, clock_now(), &next);
	ns = next.ns - clock_now().ns;
	return ns <= 0 ? 0 : (int)((ns + 999999) / 1000000);
}

/* False: whoever was at the other end is gone. */
static bool
read_input(struct agent *a)
{
	char text[512];
	ssize_t n = read(STDIN_FILENO, text, sizeof text);

	if (n > 0)
		ask_take(&a->ask, text, (size_t)n, clock_now());
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* 1 to go on, 0 the end, -1 xenstored is gone. */
static int
await(struct agent *a)
{
	struct mono never = MONO_NEVER;
	bool listens = ask_listens(&a->ask, clock_now(), &never);
	struct pollfd p[] = {
		{ .fd = STDOUT_FILENO,
		  .events = out_idle(&a->out) ? 0 : POLLOUT },
		{ .fd = a->stdin_counts ? STDIN_FILENO : -1,
		  .events = listens ? POLLIN : 0 },
		{ .fd = a->watch != NULL ? watch_fd(a->watch) : -1,
		  .events = POLLIN },
	};
	int news;

	if (poll(p, sizeof p / sizeof p[0], timeout_ms(a)) <= 0)
		return 1;
	if ((p[0].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
		return 0;
	if (p[1].revents != 0 && !read_input(a))
		return 0;
	if (p[2].revents == 0)
		return 1;
	news = watch_drain(a->watch);
	if (news < 0)
		return -1;
	if (news > 0 && a->news == 0)
		a->event_due = mono_add_ms(clock_now(), BURST_MS);
	a->news |= (unsigned)news;
	return 1;
}

static int
run(struct agent *a)
{
	int status, rc;

	a->due = clock_now();
	a->event_due = MONO_NEVER;
	if (out_drain(&a->out, -1) != 0) /* the hello */
		return STATUS_OK;
	for (;;) {
		status = tick(a);
		if (status != STATUS_OK)
			return status;
		if (a->once) {
			out_drain(&a->out, -1);
			return STATUS_OK;
		}
		if (out_flush(&a->out) != 0)
			return STATUS_OK;
		rc = await(a);
		if (rc == 0)
			return STATUS_OK;
		if (rc < 0)
			return last_words(a, STATUS_FAILED, "xenstored has "
			    "closed the connection: is it running?");
	}
}

static int
start(struct agent *a)
{
	char found[16];
	int status;

	close_inherited();
	if (chdir("/") != 0)
		return STATUS_FAILED;
	out_init(&a->out, STDOUT_FILENO, WIRE_LINE_MAX + 4096);
	set_signals();
	a->stdin_counts = !a->once && is_channel(STDIN_FILENO);
	a->encoder = wire_encoder_new();
	a->defs = deffiles_new(a->dirs.len != 0 ? a->dirs.p : "/etc/xen");
	if (a->no_passwords)
		deffiles_blank(a->defs);
	dom0_xen_release("", found, sizeof found);
	say_hello(a, found);
	status = check_machine(a, found);
	if (status == STATUS_OK)
		status = run(a);
	/* Xen's handles go with the process: closing them asks xenstored,
	 * which may be the one that hangs. */
	wire_encoder_free(a->encoder);
	deffiles_free(a->defs);
	buf_free(&a->dirs);
	out_free(&a->out);
	return status;
}

/* --- Options -------------------------------------------------------------- */

static int
parse_interval(struct agent *a, const char *s)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(s, &end, 10);
	if (errno != 0 || end == s || *end != '\0' || v < INTERVAL_MIN ||
	    v > INTERVAL_MAX) {
		fprintf(stderr, "xendeck-agent: --interval %s: must be %d to "
		    "%d milliseconds\n", s, INTERVAL_MIN, INTERVAL_MAX);
		return -1;
	}
	a->interval_ms = (int)v;
	return 0;
}

static int
add_dir(struct agent *a, const char *dir)
{
	if (dir[0] == '/' && strpbrk(dir, " \t\n") == NULL &&
	    buf_printf(&a->dirs, "%s%s", a->dirs.len != 0 ? " " : "", dir) == 0)
		return 0;
	fprintf(stderr, "xendeck-agent: --definitions %s: must be an absolute "
	    "path without blanks\n", dir);
	return -1;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "once", no_argument, NULL, 'o' },
		{ "interval", required_argument, NULL, 'i' },
		{ "definitions", required_argument, NULL, 'd' },
		{ "no-passwords", no_argument, NULL, 'p' },
		{ "version", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct agent a = { .interval_ms = INTERVAL_MS };
	int c;

	buf_init(&a.dirs, DIRS_MAX);
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'o':
			a.once = true;
			break;
		case 'i':
			if (parse_interval(&a, optarg) != 0)
				return STATUS_USAGE;
			break;
		case 'd':
			if (add_dir(&a, optarg) != 0)
				return STATUS_USAGE;
			break;
		case 'p':
			a.no_passwords = true;
			break;
		case 'v':
			printf("xendeck-agent %s, built for Xen %s\n",
			    XENDECK_VERSION, xl_built_for());
			return STATUS_OK;
		case 'h':
			fputs(help, stdout);
			return STATUS_OK;
		default:
			fputs(help, stderr);
			return STATUS_USAGE;
		}
	}
	if (optind < argc) {
		fputs(help, stderr);
		return STATUS_USAGE;
	}
	return start(&a);
}
