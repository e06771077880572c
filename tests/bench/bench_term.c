/* A terminal that measures who runs in it: how long until the screen shows what
 * was waited for, how much CPU, memory and output it takes while nobody
 * touches it, and how long each key waits for its answer on the screen. The
 * answer is what a person would wait for: the cursor's row is another one, the
 * page is another one; a repaint of figures is none.
 *
 * bench-term [--size WxH] [--rate BYTES] [--until TEXT] [--settle S] [--for S]
 *     [--keys N] [--burst N] [--each FILE] -- CMD ARGUMENT...
 * Prints lines of "name value"; in FILE, what each key waited, in ms, and its
 * name. With a rate it draws no more bytes a second than
 * that, behind a line that queues as many as come: a modem. A burst is a key
 * held down: N times down, then as often up; it is over when the cursor is
 * where it belongs. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"
#include "core/prng.h"
#include "tests/lib/vt.h"

enum {
	START_MS = 180000, ANSWER_MS = 10000, END_MS = 3000,
	BURST_MS = 40000,
	LINE_MAX_BYTES = 1 << 24,
	NAME_COLUMNS = 16, /* of a row; figures are to the right of them */
	LOOK_COLUMN = 3,
};

struct bench {
	int w, h;
	const char *until, *each;
	int settle_s, for_s, keys, burst;
	int rate;           /* bytes a second; 0: as they come */
	struct buf line;    /* bytes on their way, with a rate */
	double line_at;     /* when it was looked at, ms */
	double pause_ms;    /* between keys, at least */
	int fd;
	pid_t pid;
	bool gone;
	uint64_t bytes;
	struct prng random;
	struct vt vt, before;
};

static double
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void
die(const char *what)
{
	fprintf(stderr, "bench-term: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* --- The program and its terminal --------------------------------------------- */

static void
launch(struct bench *b, char **argv)
{
	struct winsize ws = { .ws_col = (unsigned short)b->w,
	    .ws_row = (unsigned short)b->h };
	int slave;

	b->fd = posix_openpt(O_RDWR | O_NOCTTY);
	if (b->fd < 0 || grantpt(b->fd) != 0 || unlockpt(b->fd) != 0)
		die("pty");
	slave = open(ptsname(b->fd), O_RDWR | O_NOCTTY);
	if (slave < 0 || ioctl(slave, TIOCSWINSZ, &ws) != 0)
		die("pty");
	b->pid = fork();
	if (b->pid < 0)
		die("fork");
	if (b->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setsid();
		ioctl(slave, TIOCSCTTY, 0);
		for (int i = 0; i < 3; i++)
			dup2(slave, i);
		close(slave);
		close(b->fd);
		setenv("TERM", "xterm-256color", 1);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(slave);
	fcntl(b->fd, F_SETFL, O_NONBLOCK);
}

static void
put(struct bench *b, const char *bytes)
{
	if (write(b->fd, bytes, strlen(bytes)) < 0 && errno != EAGAIN)
		b->gone = true;
}

static void
draw(struct bench *b, const char *bytes, size_t n)
{
	b->bytes += n;
	vt_feed(&b->vt, bytes, n);
	for (; b->vt.reports > 0; b->vt.reports--)
		put(b, "\033[0n");
}

/* What the line has carried by now. */
static void
deliver(struct bench *b)
{
	double now = now_ms();
	size_t n = (size_t)((now - b->line_at) * b->rate / 1e3);

	if (b->line.len == 0)
		b->line_at = now;
	if (n == 0 || b->line.len == 0)
		return;
	n = n < b->line.len ? n : b->line.len;
	b->line_at += (double)n * 1e3 / b->rate;
	draw(b, b->line.p, n);
	buf_drop(&b->line, n);
}

/* Reads what is there, waiting at most that long for it. */
static void
pump(struct bench *b, double ms)
{
	struct pollfd p = { .fd = b->fd, .events = POLLIN };
	char bytes[65536];
	ssize_t n;

	if (b->rate > 0) {
		deliver(b);
		if (b->line.len > 0 && ms > 2)
			ms = 2;
	}
	if (poll(&p, 1, ms <= 0 ? 0 : (int)(ms + 0.999)) <= 0)
		return;
	n = read(b->fd, bytes, sizeof bytes);
	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		b->gone = true;
		return;
	}
	if (b->rate == 0)
		draw(b, bytes, (size_t)n);
	else
		buf_add(&b->line, bytes, (size_t)n);
}

static void
pump_for(struct bench *b, double ms)
{
	double end = now_ms() + ms;

	while (!b->gone && now_ms() < end)
		pump(b, end - now_ms());
}

/* --- What the system knows of it ---------------------------------------------- */

static double
cpu_ms(const struct bench *b)
{
	char path[64];
	double ns = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/schedstat", (int)b->pid);
	f = fopen(path, "r");
	if (f == NULL || fscanf(f, "%lf", &ns) != 1)
		ns = 0;
	if (f != NULL)
		fclose(f);
	return ns / 1e6;
}

static long
memory_kb(const struct bench *b, const char *key)
{
	char path[64], line[256];
	long kb = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)b->pid);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, key, strlen(key)) == 0)
			kb = atol(line + strlen(key));
	if (f != NULL)
		fclose(f);
	return kb;
}

/* --- Keys ---------------------------------------------------------------------- */

static bool
same_name(const struct bench *b, int y)
{
	for (int x = 0; x < NAME_COLUMNS; x++)
		if (b->vt.cell[y][x].cp != b->before.cell[y][x].cp)
			return false;
	return true;
}

/* Lines at top and bottom change by themselves. */
static bool
page_changed(const struct bench *b)
{
	int looks = 0;

	for (int y = 2; y < b->h - 2; y++) {
		if (!same_name(b, y))
			return true;
		looks += b->vt.cell[y][LOOK_COLUMN].look !=
		    b->before.cell[y][LOOK_COLUMN].look;
	}
	return looks >= 2;
}

static bool
prompt_changed(const struct bench *b)
{
	return !same_name(b, b->h - 1) || !same_name(b, b->h - 2);
}

/* -1: there was no answer. */
static double
press(struct bench *b, const char *key, bool prompt)
{
	double start, t;

	b->before = b->vt;
	start = now_ms();
	put(b, key);
	do {
		pump(b, ANSWER_MS - (now_ms() - start));
		t = now_ms() - start;
		if (prompt ? prompt_changed(b) : page_changed(b))
			return t;
	} while (!b->gone && t < ANSWER_MS);
	return -1;
}

struct wait {
	double ms;
	const char *key;
};

/* A terminal sends Esc and the start of a sequence alike: whoever reads it has
 * to wait a little before it is Esc. */
static bool
is_esc(const char *key)
{
	return strcmp(key, "\033") == 0;
}

static int
compare(const void *a, const void *b)
{
	double x = ((const struct wait *)a)->ms;
	double y = ((const struct wait *)b)->ms;

	return (x > y) - (x < y);
}

/* Sorts. */
static void
print_waits(struct wait *w, size_t n, const char *name)
{
	qsort(w, n, sizeof *w, compare);
	if (n > 0)
		printf("%s_p50_ms %.1f\n%s_p99_ms %.1f\n%s_max_ms %.1f\n",
		    name, w[n / 2].ms, name, w[n * 99 / 100].ms, name,
		    w[n - 1].ms);
}

static void
list_waits(const struct wait *w, size_t n, const char *path)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		die(path);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%.2f %s%s\n", w[i].ms,
		    w[i].key[0] == 033 ? "Esc" : w[i].key,
		    w[i].key[0] == 033 ? w[i].key + 1 : "");
	fclose(f);
}

static void
press_keys(struct bench *b)
{
	/* A walk that ends where it began; "=" is for the prompt's line. */
	static const char *const walk[] = {
		"j", "j", "j", "\033OB", "\033OB", "\033OA", "j", "j",
		"\033[6~", "\033[6~", "k", "k", "j", "\033[5~", "\033[5~", "g",
		"?", "\033", "=/", "7", "\033", "j", "j", "k", "G", "k", "g",
	};
	struct wait *w = x_calloc((size_t)b->keys + 1, sizeof *w);
	size_t n = 0, lost = 0, others = 0;
	uint64_t worst = 0;

	for (int i = 0; i < b->keys && !b->gone; i++) {
		const char *key = walk[(size_t)i % (sizeof walk /
		    sizeof walk[0])];
		uint64_t bytes;
		double t;

		pump_for(b, b->pause_ms + prng_below(&b->random, 200));
		bytes = b->bytes;
		t = press(b, key + (key[0] == '='), key[0] == '=');
		if (t < 0) {
			fprintf(stderr, "bench-term: no answer to %s\n",
			    key[0] == 033 ? key + 1 : key);
			lost++;
		} else {
			w[n++] = (struct wait){ t, key + (key[0] == '=') };
			if (b->bytes - bytes > worst)
				worst = b->bytes - bytes;
		}
	}
	if (b->each != NULL)
		list_waits(w, n, b->each);
	print_waits(w, n, "key");
	for (size_t i = 0; i < n; i++)
		if (!is_esc(w[i].key))
			w[others++] = w[i];
	print_waits(w, others, "key_but_esc");
	printf("key_bytes_max %llu\n", (unsigned long long)worst);
	printf("keys %zu\nkeys_unanswered %zu\n", n, lost);
	x_free(w);
}

static uint32_t
look_of(const struct vt *v, int y)
{
	return v->cell[y][LOOK_COLUMN].look;
}

/* Against the screen before the burst, with the cursor on row `first`: now it
 * is on row y, and nowhere else. */
static bool
is_on(const struct bench *b, int first, int y)
{
	for (int i = 2; i < b->h - 2; i++)
		if ((look_of(&b->vt, i) != look_of(&b->before, i)) !=
		    (y != first && (i == y || i == first)))
			return false;
	return true;
}

static void
hold_down(struct bench *b, const char *key, int first, int to,
    const char *name)
{
	double start = now_ms();
	uint64_t bytes = b->bytes;

	for (int i = 0; i < b->burst; i++) {
		put(b, key);
		pump_for(b, 33); /* as keyboards repeat */
	}
	while (!is_on(b, first, to) && !b->gone && now_ms() - start < BURST_MS)
		pump(b, 20);
	printf("%s_ms %.0f\n%s_bytes %llu\n", name,
	    is_on(b, first, to) ? now_ms() - start : -1, name,
	    (unsigned long long)(b->bytes - bytes));
}

/* From the top of the list, of which the screen shows the beginning: down, and
 * back up again. */
static void
press_burst(struct bench *b)
{
	int first = -1;

	put(b, "g");
	pump_for(b, 4000);
	press(b, "j", false);
	pump_for(b, 3000);
	/* Two rows look different: that which was left and, below it, the
	 * cursor's. */
	for (int y = 2; y < b->h - 2; y++)
		if (look_of(&b->vt, y) != look_of(&b->before, y))
			first = y;
	if (first < 0 || first + b->burst >= b->h - 2) {
		printf("burst_ms -1\n");
		return;
	}
	b->before = b->vt;
	hold_down(b, "j", first, first + b->burst, "burst");
	hold_down(b, "k", first, first, "burst_back");
}

/* --- All of it ------------------------------------------------------------------ */

static void
finish(struct bench *b)
{
	double end = now_ms() + END_MS;

	put(b, "q");
	while (!b->gone && now_ms() < end)
		pump(b, end - now_ms());
	kill(b->pid, SIGKILL);
	waitpid(b->pid, NULL, 0);
}

static int
run(struct bench *b, char **argv)
{
	double start = now_ms(), cpu;

	vt_init(&b->vt, b->w, b->h);
	launch(b, argv);
	while (b->until != NULL && vt_find(&b->vt, b->until) < 0) {
		pump(b, 100);
		if (!b->gone && now_ms() - start < START_MS)
			continue;
		fprintf(stderr, "bench-term: never shown: %s\n", b->until);
		for (int y = 0; y < b->h; y++) {
			char row[3 * VT_W_MAX + 4];

			vt_row(&b->vt, y, row, sizeof row);
			fprintf(stderr, "|%s\n", row);
		}
		finish(b);
		return 1;
	}
	printf("start_ms %.0f\n", now_ms() - start);
	pump_for(b, b->settle_s * 1e3);
	start = now_ms();
	cpu = cpu_ms(b);
	b->bytes = 0;
	pump_for(b, b->for_s * 1e3);
	if (b->for_s > 0) {
		double s = (now_ms() - start) / 1e3;

		printf("cpu_percent %.2f\n", (cpu_ms(b) - cpu) / s / 10);
		printf("bytes_per_s %.0f\n", (double)b->bytes / s);
		printf("rss_kb %ld\n", memory_kb(b, "VmRSS:"));
	}
	if (b->keys > 0) {
		start = now_ms();
		cpu = cpu_ms(b);
		press_keys(b);
		printf("cpu_percent_with_keys %.2f\n", (cpu_ms(b) - cpu) /
		    (now_ms() - start) * 100);
		printf("rss_max_kb %ld\n", memory_kb(b, "VmHWM:"));
	}
	if (b->burst > 0)
		press_burst(b);
	finish(b);
	buf_free(&b->line);
	return b->gone ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct bench *b = x_calloc(1, sizeof *b);
	int i;

	b->w = 80;
	b->h = 24;
	b->pause_ms = 30;
	prng_init(&b->random, 1);
	buf_init(&b->line, LINE_MAX_BYTES);
	for (i = 1; i + 1 < argc && strcmp(argv[i], "--") != 0; i += 2) {
		if (strcmp(argv[i], "--size") == 0 &&
		    sscanf(argv[i + 1], "%dx%d", &b->w, &b->h) == 2)
			continue;
		if (strcmp(argv[i], "--until") == 0)
			b->until = argv[i + 1];
		else if (strcmp(argv[i], "--each") == 0)
			b->each = argv[i + 1];
		else if (strcmp(argv[i], "--settle") == 0)
			b->settle_s = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--for") == 0)
			b->for_s = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--keys") == 0)
			b->keys = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--burst") == 0)
			b->burst = atoi(argv[i + 1]);
		else if (strcmp(argv[i], "--rate") == 0)
			b->rate = atoi(argv[i + 1]);
		else
			break;
	}
	if (i + 1 >= argc || strcmp(argv[i], "--") != 0) {
		fprintf(stderr, "usage: bench-term [--size WxH] [--until TEXT] "
		    "[--rate N] [--settle S] [--for S] [--keys N] "
		    "[--burst N]\n    [--each FILE] -- CMD...\n");
		return 2;
	}
	return run(b, argv + i + 1);
}
