/* replay: a recording on the same screens as the hosts themselves, or in place
 * of them for list and info. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "tui/console.h"
#include "tui/session.h"
#include "tui/statefile.h"
#include "tui/verb.h"
#include "tui/when.h"

struct args {
	const char *speed, *from, *to, *at; /* NULL: not given */
	bool paused;
	const char *file;
	int rest; /* index of what follows the file */
};

/* --- The full screen ---------------------------------------------------------------- */

/* The end is not known yet, and cannot be meant here. */
static int
moment(const struct session *s, const char *text, struct mono *at)
{
	struct when_span span = { s->reel->wall_ms,
		s->reel->wall_ms + INT64_C(366) * 86400000, s->reel->wall_ms };
	int64_t wall_ms;
	char why[200];

	if (when_parse(&span, text, &wall_ms, why, sizeof why) != 0)
		return verb_usage(&verb_replay, "%s", why);
	*at = mono_add_ms(MONO_ZERO, wall_ms - s->reel->wall_ms);
	return 0;
}

static int
begin_at(struct player *p, const struct session *s, const char *text)
{
	int ppm = when_parse_share(text);
	struct mono at;

	if (ppm >= 0)
		player_seek_share(p, ppm);
	else if (moment(s, text, &at) != 0)
		return ERR_USAGE;
	else
		player_seek(p, at);
	return 0;
}

static int
stop_at(struct player *p, const struct session *s, const char *text)
{
	int ppm = when_parse_share(text);
	struct mono at;

	if (ppm >= 0)
		player_stop_at_share(p, ppm);
	else if (moment(s, text, &at) != 0)
		return ERR_USAGE;
	else
		player_stop_at(p, at);
	return 0;
}

static int
set_up(struct player *p, const struct session *s, const struct args *a)
{
	int speed;

	player_pause(p, a->paused);
	if (a->speed != NULL) {
		speed = when_parse_speed(a->speed);
		if (speed < 0)
			return verb_usage(&verb_replay,
			    "'%s' is no speed such as 2x", a->speed);
		player_set_speed(p, speed);
	}
	if (a->from != NULL && begin_at(p, s, a->from) != 0)
		return ERR_USAGE;
	if (a->to != NULL && stop_at(p, s, a->to) != 0)
		return ERR_USAGE;
	return 0;
}

static int
watch(struct session *s, const struct verb_ctx *ctx, const struct args *a)
{
	struct console_opts opts = {
		.loop = &s->wiring.loop,
		.title = "replay",
		.read_only = true,
		.no_mouse = ctx->no_mouse,
	};
	struct err err = { 0 };
	struct player *p;
	char *path;
	int rc;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return verb_usage(&verb_replay, "the full screen needs a "
		    "terminal; for scripts add list or info NAME");
	if (a->at != NULL)
		return verb_usage(&verb_replay,
		    "--at is for list and info; here it is --from");
	rc = verb_looks(ctx, &s->conf, &opts);
	if (rc != 0)
		return rc;
	path = statefile_path("console.conf");
	opts.state_path = path; /* read only */
	p = opts.player = player_new(s->reel, &s->conf, NULL);
	rc = set_up(p, s, a);
	if (rc == 0)
		rc = console_run(&opts, &err);
	player_free(p);
	x_free(path);
	return err.kind != ERR_NONE ? verb_fail(&err) : rc;
}

/* --- The command line --------------------------------------------------------------- */

static int
need_value(const char **to, const char *name, const char *value)
{
	if (value == NULL)
		return verb_usage(&verb_replay, "%s wants a value", name);
	*to = value;
	return 0;
}

static int
parse(struct args *a, int argc, char **argv)
{
	int i = 1, rc = 0;

	*a = (struct args){ .speed = NULL };
	for (; rc == 0 && i < argc && argv[i][0] == '-'; i++) {
		const char *name = argv[i];

		if (strcmp(name, "--paused") == 0)
			a->paused = true;
		else if (strcmp(name, "--speed") == 0)
			rc = need_value(&a->speed, name, argv[++i]);
		else if (strcmp(name, "--from") == 0)
			rc = need_value(&a->from, name, argv[++i]);
		else if (strcmp(name, "--to") == 0)
			rc = need_value(&a->to, name, argv[++i]);
		else if (strcmp(name, "--at") == 0)
			rc = need_value(&a->at, name, argv[++i]);
		else
			rc = verb_usage(&verb_replay, "'%s' is not understood",
			    name);
	}
	if (rc != 0)
		return rc;
	if (i >= argc)
		return verb_usage(&verb_replay, "one recording is wanted");
	a->file = argv[i];
	a->rest = i + 1;
	return 0;
}

/* Takes --at out of what the other verb is given. */
static int
take_at(struct args *a, int *argc, char **argv)
{
	int i = a->rest;

	while (i < *argc && strcmp(argv[i], "--at") != 0)
		i++;
	if (i == *argc)
		return 0;
	if (need_value(&a->at, "--at", argv[i + 1]) != 0)
		return ERR_USAGE;
	for (; i + 2 <= *argc; i++) /* with the NULL at its end */
		argv[i] = argv[i + 2];
	*argc -= 2;
	return 0;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	struct err err = { 0 };
	struct session s;
	struct args a;
	char **rest;
	int rc = parse(&a, argc, argv);

	if (rc == 0)
		rc = take_at(&a, &argc, argv);
	if (rc != 0)
		return rc;
	rest = argv + a.rest;
	if (rest[0] != NULL && strcmp(rest[0], "list") != 0 &&
	    strcmp(rest[0], "info") != 0)
		return verb_usage(&verb_replay, "'%s' is not understood",
		    rest[0]);
	if (rest[0] != NULL && (a.speed != NULL || a.from != NULL ||
	    a.to != NULL || a.paused))
		return verb_usage(&verb_replay, "list and info tell of one "
		    "moment: the end, or --at");
	if (session_open_replay(&s, a.file, &err) != 0)
		return verb_fail(&err);
	s.at = a.at;
	rc = verb_conf_console(ctx, &s.conf);
	if (rc != 0)
		;
	else if (rest[0] == NULL)
		rc = watch(&s, ctx, &a);
	else if (strcmp(rest[0], "list") == 0)
		rc = list_session(&s, argc - a.rest, rest);
	else
		rc = info_session(&s, argc - a.rest, rest);
	session_close(&s);
	return rc;
}

const struct verb verb_replay = {
	.name = "replay",
	.args = "[--speed TIMES] [--from TIME] [--to TIME] [--paused] FILE "
	    "[list ... | info NAME [--at TIME]]",
	.help = "show what was recorded, or list what was at its end or --at",
	.run = run,
};
