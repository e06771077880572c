/* Signal handlers set a flag and write a byte into a pipe, nothing else; both
 * have to be file-scope variables since a handler has no argument. */
#define _GNU_SOURCE /* pipe2, NSIG */
#include "tui/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tui/term.h"

/* Signals that end the program, however unlikely: their default would leave
 * the terminal raw. */
static const int ends[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,
	SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU };
static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT,
	SIGSYS, SIGTRAP };
static const int others[] = { SIGWINCH, SIGTSTP, SIGCONT };
/* Writing tells: that nobody reads, that the file may not grow. */
static const int ignored[] = { SIGPIPE, SIGXFSZ };

enum { SIGNALS = 65 };

static volatile sig_atomic_t came[SIGNALS];
static volatile sig_atomic_t wake_fd = -1;
static struct sigaction before[SIGNALS];

static void
on_signal(int signo)
{
	int saved = errno;
	ssize_t n;

	came[signo] = 1;
	/* Full is fine: then poll wakes anyway. */
	n = write((int)wake_fd, "", 1);
	(void)n;
	errno = saved;
}

/* The handler from before (the default, or a sanitizer's) then does what it
 * would have done. */
static void
on_fatal(int signo)
{
	term_rescue();
	sigaction(signo, &before[signo], NULL);
	raise(signo);
}

static void
catch(int signo, void (*handler)(int), int flags)
{
	struct sigaction sa;

	memset(&sa, 0, sizeof sa);
	sa.sa_handler = handler;
	sa.sa_flags = flags;
	sigfillset(&sa.sa_mask);
	sigaction(signo, &sa, &before[signo]);
}

static void
signals_prepoll(struct backend *b, struct pollset *ps, struct mono now,
    struct mono *deadline)
{
	struct signals *s = (struct signals *)b;

	(void)now;
	(void)deadline;
	s->slot = pollset_add(ps, s->pipe[0], POLLIN);
}

static void
signals_postpoll(struct backend *b, const struct pollset *ps, struct mono now,
    int64_t wall_ms)
{
	struct signals *s = (struct signals *)b;
	char drop[64];

	(void)now;
	(void)wall_ms;
	if (pollset_revents(ps, s->slot, s->pipe[0]) != 0)
		while (read(s->pipe[0], drop, sizeof drop) > 0)
			;
}

static int
signals_control(struct backend *b, uint32_t host, enum backend_control what,
    struct mono now)
{
	(void)b;
	(void)host;
	(void)what;
	(void)now;
	return -1;
}

static int
signals_ask(struct backend *b, uint32_t host, enum backend_ask what,
    struct mono now)
{
	(void)b;
	(void)host;
	(void)what;
	(void)now;
	return -1;
}

static const struct backend_ops signals_ops = {
	.name = "signals",
	.prepoll = signals_prepoll,
	.postpoll = signals_postpoll,
	.control = signals_control,
	.ask = signals_ask,
};

int
signals_open(struct signals *s, struct err *e)
{
	memset(s, 0, sizeof *s);
	s->base.ops = &signals_ops;
	if (pipe2(s->pipe, O_CLOEXEC | O_NONBLOCK) != 0)
		return err_set(e, ERR_FAILED, "cannot make a pipe: %s",
		    strerror(errno));
	wake_fd = s->pipe[1];
	for (int i = 0; i < SIGNALS; i++)
		came[i] = 0;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		catch(ends[i], on_signal, 0);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		catch(others[i], on_signal, 0);
	for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
		catch(fatal[i], on_fatal, SA_ONSTACK);
	for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
		catch(ignored[i], SIG_IGN, 0);
	return 0;
}

static void
put_back(const int *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sigaction(v[i], &before[v[i]], NULL);
}

void
signals_close(struct signals *s)
{
	put_back(ends, sizeof ends / sizeof ends[0]);
	put_back(others, sizeof others / sizeof others[0]);
	put_back(fatal, sizeof fatal / sizeof fatal[0]);
	put_back(ignored, sizeof ignored / sizeof ignored[0]);
	wake_fd = -1;
	close(s->pipe[0]);
	close(s->pipe[1]);
}

static bool
take(int signo)
{
	bool was = came[signo] != 0;

	came[signo] = 0;
	return was;
}

bool
signals_took_resize(struct signals *s)
{
	(void)s;
	return take(SIGWINCH);
}

bool
signals_took_stop(struct signals *s)
{
	(void)s;
	return take(SIGTSTP);
}

bool
signals_took_continue(struct signals *s)
{
	(void)s;
	return take(SIGCONT);
}

int
signals_took_end(struct signals *s)
{
	(void)s;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (take(ends[i]))
			return ends[i];
	return 0;
}

void
signals_stop(void)
{
	struct sigaction dfl, ours;

	memset(&dfl, 0, sizeof dfl);
	dfl.sa_handler = SIG_DFL;
	sigemptyset(&dfl.sa_mask);
	sigaction(SIGTSTP, &dfl, &ours);
	/* All of the job, as the terminal does it: a shell that waits for
	 * make or sudo would not notice us stop alone. */
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
}
