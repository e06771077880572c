/* xendeck-watch, the wall screen: a program of its own, linked without anything
 * that could act on a host or that takes keys, so that a terminal on a wall can
 * be left alone. It shows what it sees until a signal ends it; keys are read
 * and dropped, those of the terminal line (^C, ^Z) too. */
#define _GNU_SOURCE
#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/alarm.h"
#include "core/mem.h"
#include "tui/input.h"
#include "tui/signals.h"
#include "tui/style.h"
#include "tui/term.h"
#include "tui/wall.h"
#include "tui/wiring.h"

enum {
	FRAME_MS = 1000,     /* the screen moves with the seconds */
	NEWS_MS = 250,       /* but an alarm is shown at once */
	BUSY_MS = 30,        /* a slow terminal is looked at again */
	SECONDS_MAX = 3600,
};

struct watch {
	struct conf conf;
	struct model *model;
	struct alarms *alarms;
	struct wiring wiring;
	struct loop loop; /* the wiring's backends and the signals */
	struct backend *backends[4];
	struct signals signals;
	struct terminal *term;
	struct wall wall;
	struct canvas canvas;
	struct mono last_frame;
	int64_t shown_second;
	bool dirty;
	uint32_t quit_key; /* KEYC_NONE: none */
	int end;           /* exit code + 1 once it is known */
};

struct options {
	const char *conf_path, *theme;
	bool demo, ascii;
	int64_t page_ms;
	uint32_t quit_key;
};

/* --- Options ------------------------------------------------------------------- */

static int
usage(const char *what, const char *value)
{
	fprintf(stderr, "xendeck-watch: %s%s%s (xendeck-watch --help)\n", what,
	    value != NULL ? " " : "", value != NULL ? value : "");
	return ERR_USAGE;
}

static void
print_help(void)
{
	printf("usage: xendeck-watch [OPTIONS]\n\n"
	    "A screen for a wall: hosts and what is wrong with them. It cannot "
	    "act, and\nignores keys; a signal ends it.\n\n"
	    "  -c, --config FILE  configuration, as for xendeck\n"
	    "  --page SECONDS     how long a page is shown (10)\n"
	    "  --quit-key KEY     a character that ends it all the same\n"
	    "  --demo             a simulated cluster\n"
	    "  --ascii            draw with ASCII characters only\n"
	    "  --theme NAME       as for xendeck\n"
	    "  --mono             no colours\n"
	    "  --version, --help\n");
}

static int
parse_page(struct options *o, const char *text)
{
	char *end;
	long s = strtol(text, &end, 10);

	if (end == text || *end != '\0' || s < 1 || s > SECONDS_MAX)
		return usage("no number of seconds from 1 to 3600:", text);
	o->page_ms = s * 1000;
	return 0;
}

static int
parse_key(struct options *o, const char *text)
{
	if (strlen(text) != 1 || text[0] <= ' ' || text[0] > '~')
		return usage("no key that is one character:", text);
	o->quit_key = (uint32_t)text[0];
	return 0;
}

/* -1 to go on, else the exit code. */
static int
parse(struct options *o, int argc, char **argv)
{
	enum { PAGE = 256, KEY, DEMO, ASCII, THEME, MONO, VERSION };
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "page", required_argument, NULL, PAGE },
		{ "quit-key", required_argument, NULL, KEY },
		{ "demo", no_argument, NULL, DEMO },
		{ "ascii", no_argument, NULL, ASCII },
		{ "theme", required_argument, NULL, THEME },
		{ "mono", no_argument, NULL, MONO },
		{ "version", no_argument, NULL, VERSION },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, rc = 0;

	while (rc == 0 && (c = getopt_long(argc, argv, "c:h", longs,
	    NULL)) != -1) {
		switch (c) {
		case 'c': o->conf_path = optarg; break;
		case PAGE: rc = parse_page(o, optarg); break;
		case KEY: rc = parse_key(o, optarg); break;
		case DEMO: o->demo = true; break;
		case ASCII: o->ascii = true; break;
		case THEME: o->theme = optarg; break;
		case MONO: o->theme = "mono"; break;
		case VERSION:
			printf("xendeck-watch " XENDECK_VERSION "\n");
			return 0;
		case 'h':
			print_help();
			return 0;
		default:
			return ERR_USAGE;
		}
	}
	if (rc != 0)
		return rc;
	return optind == argc ? -1 : usage("nothing is wanted here:",
	    argv[optind]);
}

/* --- One turn ------------------------------------------------------------------- */

static void
emit(void *arg, const struct event *e)
{
	model_apply(((struct watch *)arg)->model, e);
}

static void
resize(struct watch *w)
{
	int width, height;

	term_measure(w->term, &width, &height);
	canvas_resize(&w->canvas, width, height);
	wall_resize(&w->wall, w->canvas.w, w->canvas.h);
	w->dirty = true;
}

static void
handle_signals(struct watch *w)
{
	int end = signals_took_end(&w->signals);

	if (end != 0)
		w->end = 128 + end + 1;
	if (signals_took_stop(&w->signals)) {
		term_leave(w->term);
		signals_stop();
		term_enter(w->term);
		resize(w);
	}
	if (signals_took_continue(&w->signals)) {
		term_enter(w->term);
		resize(w);
	}
	if (signals_took_resize(&w->signals))
		resize(w);
}

/* Read, so that they do not pile up; and forgotten. */
static void
drop_keys(struct watch *w, struct mono now)
{
	uint32_t key;

	while ((key = term_key(w->term, now)) != KEYC_NONE)
		if (w->quit_key != KEYC_NONE && key == w->quit_key)
			w->end = 1;
}

static void
show(struct watch *w, struct mono now, int64_t wall_ms, struct mono *deadline)
{
	int64_t rest = term_rest_ms(w->term);
	struct mono from = mono_add_ms(w->last_frame,
	    rest > NEWS_MS ? rest : NEWS_MS);

	if (!w->dirty && !term_owes(w->term) &&
	    wall_ms / FRAME_MS == w->shown_second)
		return;
	if (!mono_reached(from, now)) {
		mono_lower(deadline, from);
		return;
	}
	if (term_busy(w->term, now)) {
		mono_lower(deadline, mono_add_ms(now, BUSY_MS));
		return;
	}
	wall_tick(&w->wall, now, wall_ms);
	wall_draw(&w->wall, &w->canvas);
	term_show(w->term, &w->canvas, false, now);
	w->last_frame = now;
	w->shown_second = wall_ms / FRAME_MS;
	w->dirty = false;
}

static void
turn(struct watch *w)
{
	struct mono now = loop_now(), deadline;
	int64_t wall_ms = loop_wall_ms();
	short revents;

	deadline = mono_add_ms(now, FRAME_MS - wall_ms % FRAME_MS);
	handle_signals(w);
	drop_keys(w, now);
	if (w->end != 0)
		return;
	model_tick(w->model, now, wall_ms, &deadline);
	w->dirty |= alarms_update(w->alarms, w->model, now, wall_ms,
	    &deadline);
	show(w, now, wall_ms, &deadline);
	term_deadline(w->term, &deadline);
	revents = loop_turn(&w->loop, term_fd(w->term), term_events(w->term),
	    deadline);
	if (!term_serve(w->term, revents, loop_now()))
		w->end = 128 + SIGHUP + 1;
}

/* --- All of it ------------------------------------------------------------------- */

static void
out_of_memory(void)
{
	static const char text[] = "xendeck-watch: out of memory\n";
	ssize_t ignored;

	term_rescue();
	ignored = write(STDERR_FILENO, text, sizeof text - 1);
	(void)ignored;
	_exit(1);
}

static void
open_hosts(struct watch *w)
{
	struct event_sink sink = { .emit = emit, .arg = w };
	size_t n;

	w->model = model_new(&w->conf);
	w->alarms = alarms_new(&w->conf);
	wiring_open(&w->wiring, &w->conf, &sink);
	n = w->wiring.loop.nbackends;
	for (size_t i = 0; i < n; i++)
		w->backends[i] = w->wiring.loop.backends[i];
	w->backends[n] = &w->signals.base;
	w->loop.backends = w->backends;
	w->loop.nbackends = n + 1;
}

static void
close_hosts(struct watch *w)
{
	wiring_close(&w->wiring);
	loop_free(&w->loop);
	alarms_free(w->alarms);
	model_free(w->model);
}

static int
run(struct watch *w, const struct options *o, struct err *err)
{
	struct term_opts topts = {
		.in = STDIN_FILENO,
		.out = STDOUT_FILENO,
		.conf = &w->conf,
		.theme = style_choose(o->theme, &w->conf),
	};
	struct theme t;

	if (style_theme(&t, &w->conf, topts.theme, BACKGROUND_UNKNOWN, 0) != 0)
		return usage("there is no theme", topts.theme);
	if (signals_open(&w->signals, err) != 0)
		return ERR_FAILED;
	w->term = term_open(&topts, err);
	if (w->term == NULL) {
		signals_close(&w->signals);
		return ERR_FAILED;
	}
	mem_set_oom_hook(out_of_memory);
	atexit(term_rescue);
	open_hosts(w);
	wall_init(&w->wall, w->model, w->alarms, loop_now());
	w->wall.page_ms = o->page_ms;
	w->wall.demo = o->demo;
	w->wall.ascii = o->ascii || w->conf.ascii ||
	    strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	w->quit_key = o->quit_key;
	w->last_frame = (struct mono){ INT64_MIN / 2 };
	canvas_init(&w->canvas, 0, 0);
	resize(w);
	while (w->end == 0)
		turn(w);
	term_close(w->term);
	signals_close(&w->signals);
	mem_set_oom_hook(NULL);
	canvas_free(&w->canvas);
	close_hosts(w);
	return w->end - 1;
}

int
main(int argc, char **argv)
{
	struct options o = { .page_ms = WALL_PAGE_MS, .quit_key = KEYC_NONE };
	struct watch w = { .end = 0 };
	struct err err = { 0 };
	int rc;

	if (setlocale(LC_CTYPE, "") == NULL)
		setlocale(LC_CTYPE, "C");
	signal(SIGPIPE, SIG_IGN);
	rc = parse(&o, argc, argv);
	if (rc >= 0)
		return rc;
	conf_init(&w.conf);
	rc = wiring_load_conf(&(struct conf_source){ .path = o.conf_path,
	    .demo = o.demo }, &w.conf);
	if (rc == 0)
		rc = run(&w, &o, &err);
	if (err.kind != ERR_NONE)
		fprintf(stderr, "xendeck-watch: %s\n", err.msg);
	conf_free(&w.conf);
	return rc;
}
